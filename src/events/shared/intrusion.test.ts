import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createIntrusionMachine, type IntrusionChange } from './intrusion.ts';

const FRAME = 100;

/** Runs a film given as [seconds, whether something moves] pieces, ten frames a second. */
function run(pieces: readonly (readonly [number, boolean])[], machine = createIntrusionMachine()): IntrusionChange[] {
  const changes: IntrusionChange[] = [];
  let at = 0;
  for (const [seconds, motion] of pieces)
    for (let frame = 0; frame < seconds * 10; frame++, at += FRAME) changes.push(...machine.next({ at, motion }));
  return changes;
}

describe('an intrusion', () => {
  test('nothing moves: nothing', () => {
    expect(run([[600, false]])).toEqual([]);
  });

  test('a single frame of movement is none', () => {
    expect(
      run([
        [1, false],
        [0.1, true],
        [1, false],
        [0.1, true],
        [10, false],
      ]),
    ).toEqual([]);
  });

  test('is confirmed by the second frame in a row and over five seconds after the last', () => {
    expect(
      run([
        [2, false],
        [3, true],
        [6, false],
      ]),
    ).toEqual([
      { type: 'confirmed', at: 2100, firstMotionAt: 2000, continues: false },
      { type: 'over', endedAt: 4900, at: 9900, cause: 'still' },
    ]);
  });

  test('movement within the five seconds is the same one', () => {
    const changes = run([
      [2, true],
      [4, false],
      [2, true],
      [6, false],
    ]);
    expect(changes.map(({ type }) => type)).toEqual(['confirmed', 'over']);
    expect(changes[1]).toMatchObject({ endedAt: 7900 });
  });

  test('two visits with a minute between are two', () => {
    const changes = run([
      [3, true],
      [60, false],
      [3, true],
      [60, false],
    ]);
    expect(changes.map(({ type }) => type)).toEqual(['confirmed', 'over', 'confirmed', 'over']);
    expect(changes.every((change) => change.type === 'over' || !change.continues)).toBe(true);
  });

  test('longer than two minutes goes on as the next, without a gap', () => {
    const changes = run([
      [250, true],
      [6, false],
    ]);
    expect(changes).toEqual([
      { type: 'confirmed', at: 100, firstMotionAt: 0, continues: false },
      { type: 'over', endedAt: 120_100, at: 120_100, cause: 'split' },
      { type: 'confirmed', at: 120_100, firstMotionAt: 120_100, continues: true },
      { type: 'over', endedAt: 240_100, at: 240_100, cause: 'split' },
      { type: 'confirmed', at: 240_100, firstMotionAt: 240_100, continues: true },
      { type: 'over', endedAt: 249_900, at: 254_900, cause: 'still' },
    ]);
  });

  test('two minutes that end in stillness are not cut', () => {
    const changes = run([
      [119, true],
      [6, false],
    ]);
    expect(changes.map(({ type }) => type)).toEqual(['confirmed', 'over']);
    expect(changes[1]).toMatchObject({ cause: 'still', endedAt: 118_900 });
  });

  test('disarmed in the middle: over, and the machine begins anew', () => {
    const machine = createIntrusionMachine();
    run([[3, true]], machine);
    expect(machine.disarm(3050)).toEqual([{ type: 'over', endedAt: 2900, at: 3050, cause: 'disarmed' }]);
    expect(machine.phase).toBe('quiet');
    expect(machine.disarm(3060)).toEqual([]);
  });

  test('a computer that slept for an hour ends it where it saw something last', () => {
    const machine = createIntrusionMachine();
    run([[3, true]], machine);
    expect(machine.next({ at: 3_600_000, motion: true })).toEqual([
      { type: 'over', endedAt: 2900, at: 2900, cause: 'blind' },
    ]);
    expect(machine.phase).toBe('confirming');
  });

  test('frames that stay away end it where it saw something last, as soon as they are missing for too long', () => {
    const machine = createIntrusionMachine();
    expect(machine.idle(0)).toEqual([]);
    run([[3, true]], machine);
    expect(machine.idle(7900)).toEqual([]);
    expect(machine.idle(8000)).toEqual([{ type: 'over', endedAt: 2900, at: 2900, cause: 'blind' }]);
    expect(machine.idle(8250)).toEqual([]);
    expect(machine.next({ at: 8300, motion: true })).toEqual([]);
    expect(machine.phase).toBe('confirming');
  });

  test('a clock that is set back by an hour ends it where it saw something last', () => {
    const machine = createIntrusionMachine();
    const set = 3_600_000;
    for (const at of [set, set + 100]) machine.next({ at, motion: true });
    expect(machine.next({ at: set - 500, motion: true })).toEqual([]);
    expect(machine.next({ at: 0, motion: true })).toEqual([
      { type: 'over', endedAt: set - 500, at: set - 500, cause: 'blind' },
    ]);
    expect(machine.next({ at: 100, motion: true })).toMatchObject([{ type: 'confirmed', at: 100, firstMotionAt: 0 }]);
  });

  test('phases are told', () => {
    const machine = createIntrusionMachine();
    expect(machine.phase).toBe('quiet');
    machine.next({ at: 0, motion: true });
    expect(machine.phase).toBe('confirming');
    machine.next({ at: 100, motion: true });
    expect(machine.phase).toBe('active');
    machine.next({ at: 200, motion: false });
    expect(machine.phase).toBe('post-capture');
  });

  test('wrong options and times are refused', () => {
    expect(() => createIntrusionMachine({ confirmFrames: 0 })).toThrow(TypeError);
    expect(() => createIntrusionMachine({ postCaptureSeconds: -1 })).toThrow(TypeError);
    expect(() => createIntrusionMachine({ splitSeconds: Number.NaN })).toThrow(TypeError);
    expect(() => createIntrusionMachine().next({ at: Number.NaN, motion: true })).toThrow(TypeError);
  });

  test('whatever the film: confirmed and over take turns, none is longer than two minutes and what comes after', () => {
    const film = fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.boolean()), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(film, (pieces) => {
        const machine = createIntrusionMachine();
        const changes = run(
          pieces.map(([seconds, motion]) => [seconds / 10, motion] as const),
          machine,
        );
        const last = pieces.reduce((sum, [frames]) => sum + frames, 0) * FRAME;
        changes.push(...machine.disarm(last));
        expect(changes.length % 2).toBe(0);
        for (let i = 0; i < changes.length; i += 2) {
          const [begin, end] = [changes[i], changes[i + 1]];
          if (begin?.type !== 'confirmed' || end?.type !== 'over') throw new Error('out of turn');
          expect(end.endedAt).toBeGreaterThanOrEqual(begin.at);
          expect(end.endedAt - begin.at).toBeLessThanOrEqual(120_000);
          expect(end.at - begin.at).toBeLessThanOrEqual(125_000);
          const next = changes[i + 2];
          if (end.cause === 'split') expect(next).toMatchObject({ type: 'confirmed', continues: true, at: end.at });
        }
      }),
      { numRuns: 200 },
    );
  });
});
