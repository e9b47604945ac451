/** Requests enter as messages; replies leave in the same order. The thread around a {@link SqliteConnection}. */
import { parentPort, workerData } from 'node:worker_threads';
import { failureOf, SqliteConnection } from './sqlite-connection.ts';
import type { SqliteReply, SqliteRequest, SqliteWorkerData } from './sqlite-protocol.ts';

if (!parentPort) throw new Error('This file is the entry of a worker thread.');
const port = parentPort;
const connection = new SqliteConnection(workerData as SqliteWorkerData);

port.on('message', ({ id, request }: { id: number; request: SqliteRequest }) => {
  let reply: SqliteReply;
  try {
    reply = { id, result: connection.answer(request), failure: null };
  } catch (error) {
    reply = { id, result: null, failure: failureOf(error) };
  }
  port.postMessage(reply);
  if (request.op === 'close') port.close();
});
