/** A picture's description for ffmpeg enters; a film leaves that Chromium takes for a webcam. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Makes an MJPEG file as Chromium's fake webcam wants it: 30 frames/s, `yuvj420p`.
 *
 * @param source a filter that makes pictures by itself: `testsrc2=size=640x480:rate=30` (ffmpeg-filters(1), video sources)
 * @param seconds length of the loop
 */
export async function makeWebcam(file: string, source: string, seconds: number): Promise<void> {
  const input = ['-f', 'lavfi', '-i', source, '-t', String(seconds)];
  await promisify(execFile)('ffmpeg', [
    '-v',
    'error',
    '-y',
    ...input,
    '-pix_fmt',
    'yuvj420p',
    '-r',
    '30',
    '-c:v',
    'mjpeg',
    '-q:v',
    '4',
    file,
  ]);
}
