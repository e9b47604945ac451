/** Enters a clip; leaves its frames as luma, with a quiet pre-roll before them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Clip } from './corpus.ts';

/** Unscored seconds before the clip, so that a slow learner starts settled. */
export const PRE_ROLL_SECONDS = 12;

/**
 * Decodes with ffmpeg. Answers all frames back to back: frame i is
 * `subarray(i * width * height, (i + 1) * width * height)`, row-major full-range luma.
 * Throws when ffmpeg is missing or fails.
 */
export async function decodeLuma(clip: Clip): Promise<Uint8Array> {
  const scale = `scale=${clip.width}:${clip.height}`;
  const input = ['-v', 'error', '-threads', '1', '-i', clip.path];
  const output = ['-vf', scale, '-f', 'rawvideo', '-pix_fmt', 'gray', '-'];
  const ffmpeg = spawn('ffmpeg', [...input, ...output], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(ffmpeg, 'close');
  const chunks: Buffer[] = [];
  for await (const chunk of ffmpeg.stdout) chunks.push(chunk);
  const [status] = await closed;
  if (status !== 0) throw new Error(`ffmpeg ended with ${status} on ${clip.path}`);
  return Buffer.concat(chunks);
}

/** Which frames make the pre-roll: the clip's quiet beginning, back and forth, without a seam inside. */
export function preRollOrder(clip: Clip, frameCount: number): number[] {
  const wanted = Math.floor(PRE_ROLL_SECONDS * clip.fps);
  const head = Math.min(frameCount, Math.max(2, Math.floor(clip.warmup * clip.fps) - 1));
  const order: number[] = [];
  while (order.length < wanted) {
    for (let i = head - 1; i > 0; i--) order.push(i);
    for (let i = 0; i < head - 1; i++) order.push(i);
  }
  return order.slice(order.length - wanted);
}
