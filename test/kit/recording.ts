/** Seconds and a size enter; a real photo (JPEG) and a real clip (fragmented MP4, in parts) leave, made by ffmpeg. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Film {
  readonly photo: Uint8Array;
  /** Part 0 begins with the header; each holds one group of pictures of a second. */
  readonly parts: readonly Uint8Array[];
  /** What ffprobe says of the parts put together, seconds. */
  readonly seconds: number;
}

/** A test picture that moves: `hue` tells films apart, degrees. */
export function makeFilm({
  seconds = 4,
  hue = 0,
  size = '320x240',
}: {
  seconds?: number;
  hue?: number;
  size?: string;
} = {}): Film {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-film-'));
  try {
    const source = [
      '-f',
      'lavfi',
      '-i',
      `testsrc=size=${size}:rate=30:duration=${seconds}`,
      '-vf',
      `hue=h=${hue},format=yuv420p`,
    ];
    const fragments = ['-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-g', '30', '-bf', '0'];
    ffmpeg([
      ...source,
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-profile:v',
      'baseline',
      ...fragments,
      join(folder, 'clip.mp4'),
    ]);
    ffmpeg([...source, '-frames:v', '1', join(folder, 'photo.jpg')]);
    const clip = readFileSync(join(folder, 'clip.mp4'));
    const probe = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', join(folder, 'clip.mp4')];
    return {
      photo: readFileSync(join(folder, 'photo.jpg')),
      parts: fragmentsOf(clip),
      seconds: Number(execFileSync('ffprobe', probe, { encoding: 'utf8' })),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ffmpeg(args: readonly string[]): void {
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...args]);
}

/** Cuts before every `moof` but the first (ISO/IEC 14496-12 § 8.8.4); the index at the end is left out. */
function fragmentsOf(clip: Buffer): Buffer[] {
  const starts: number[] = [];
  let end = clip.length;
  for (let at = 0; at < clip.length; at += clip.readUInt32BE(at)) {
    const type = clip.toString('latin1', at + 4, at + 8);
    if (type === 'moof') starts.push(at);
    if (type === 'mfra') end = Math.min(end, at);
  }
  return starts.map((start, index) => clip.subarray(index === 0 ? 0 : start, starts[index + 1] ?? end));
}
