// A command enters; it runs with its words on standard error, and its end leaves.
import { spawn } from 'node:child_process';

/**
 * Runs a program to its end. Standard output may belong to the command that comes after the setup (motion prints JSON
 * there), so the program gets standard error for both.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, shell?: boolean, holds?: (pid: number) => void }} options `holds`
 *   is told the number of the process
 * @throws {Error} when the program cannot be started or ends with another status than 0
 */
export async function run(program, args, { holds, ...options }) {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 2, 2] });
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve(signal ?? status));
  });
  if (child.pid !== undefined) holds?.(child.pid);
  const status = await ended;
  if (status !== 0) throw new Error(`${[program, ...args].join(' ')} ended with ${status}; the lines above say why`);
}
