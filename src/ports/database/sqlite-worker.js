// @ts-check
// Requests enter as messages; replies leave in the same order. The thread around a SqliteConnection, which says why this is JavaScript.
import { parentPort, workerData } from 'node:worker_threads';
import { failureOf, SqliteConnection } from './sqlite-connection.js';

/** @import { SqliteQuestion, SqliteReply, SqliteRequest, SqliteWorkerData } from './sqlite-protocol.ts' */

if (!parentPort) throw new Error('This file is the entry of a worker thread.');
const port = parentPort;
const connection = new SqliteConnection(/** @type {SqliteWorkerData} */ (workerData));

port.on('message', (/** @type {readonly SqliteQuestion[]} */ questions) => {
  /** @type {SqliteReply[]} */
  let replies = [];
  const flush = () => {
    if (replies.length > 0) port.postMessage(replies);
    replies = [];
  };
  for (const { id, request } of questions) {
    // What was answered does not wait for the disk.
    if (request.op === 'commit') flush();
    replies.push(answer(id, request));
    if (request.op !== 'close') continue;
    flush();
    port.close();
  }
  flush();
});

/**
 * @param {number} id
 * @param {SqliteRequest} request
 * @returns {SqliteReply}
 */
function answer(id, request) {
  try {
    return { id, result: connection.answer(request), failure: null };
  } catch (error) {
    return { id, result: null, failure: failureOf(error) };
  }
}
