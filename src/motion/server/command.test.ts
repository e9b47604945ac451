import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const COMMAND = fileURLToPath(new URL('command.ts', import.meta.url));
const lineSchema = z.strictObject({
  t: z.number(),
  score: z.number(),
  motion: z.boolean(),
  reason: z.string().min(1),
  boxes: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
  ms: z.number().nonnegative(),
});

function run(options: string[], input: Uint8Array) {
  return spawnSync(process.execPath, [COMMAND, ...options], { input, encoding: 'utf8' });
}

/** 30 quiet frames, then 15 with a bright square that moves. */
function frames(width: number, height: number, bytes: 1 | 4): Uint8Array {
  const one = width * height * bytes;
  const all = new Uint8Array(one * 45).fill(100);
  for (let i = 30; i < 45; i++) {
    for (let y = 40; y < 80; y++) {
      const start = i * one + (y * width + 4 * (i - 30)) * bytes;
      all.fill(220, start, start + 30 * bytes);
    }
  }
  return all;
}

describe('motion command', () => {
  it('writes a line for each frame, the same for gray and for rgba', () => {
    const size = ['--width', '160', '--height', '120', '--fps', '12.5'];
    const answers = (['gray', 'rgba'] as const).map((format) => {
      const result = run([...size, '--format', format], frames(160, 120, format === 'gray' ? 1 : 4));
      expect(result.status, result.stderr).toBe(0);
      return result.stdout
        .trimEnd()
        .split('\n')
        .map((line) => ({ ...lineSchema.parse(JSON.parse(line)), ms: 0 }));
    });
    expect(answers[0]).toHaveLength(45);
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0][1].t).toBe(0.08);
    expect(answers[0].slice(0, 30).some((line) => line.motion)).toBe(false);
    const alarm = answers[0].find((line) => line.motion);
    expect(alarm?.reason).toMatch(/^object, /);
    expect(alarm?.boxes.length).toBeGreaterThan(0);
  });

  it.each([
    [[], '--width: not given'],
    [['--width', '0'], '--width: given "0"'],
    [['--width', '-1'], '--width: given "-1"'],
    [['--width=', '--height', '2'], '--width: given ""'],
    [['--height', '2', '--width'], '--width: given nothing'],
    [['--width', '2', '--height', '2', '--fps', 'fast', '--format', 'gray'], '--fps: given "fast"'],
    [['--width', '2', '--height', '2', '--fps', '1', '--format', 'jpeg'], '--format: given "jpeg"'],
    [['--nonsense'], '--nonsense: no option of this command'],
    [['--nonsense=1'], '--nonsense: no option of this command'],
    [['-w', '2'], '-w: no option of this command'],
    [['--help'], '--help: no option of this command'],
    [['film.mp4'], '"film.mp4": no option of this command'],
  ])('says in one line what is wrong with %j', (options, said) => {
    const { status, stderr } = run(options, new Uint8Array(0));
    expect(status).toBe(2);
    const [first, usage, ...more] = stderr.trimEnd().split('\n');
    expect(first).toContain(`motion: ${said}`);
    expect(usage).toMatch(/^usage: motion --width W/);
    expect(more).toEqual([]);
  });
});
