import { describe, expect, it } from 'vitest';
import { pauseMillis } from './retry.ts';
import { createServerGate } from './server-gate.ts';

describe('pauses', () => {
  it('double from two seconds up to the longest, less up to a quarter', () => {
    expect([1, 2, 3, 4].map((failures) => pauseMillis(failures, 1))).toEqual([2_000, 4_000, 8_000, 16_000]);
    expect(pauseMillis(1, 0)).toBe(1_500);
    expect(pauseMillis(60, 1)).toBe(3_600_000);
    expect(pauseMillis(1_000_000, 0)).toBe(2_700_000);
  });
});

describe('the gate', () => {
  const gateAt = () => {
    let now = 0;
    const gate = createServerGate({ now: () => now }, () => 1);
    return { gate, turn: (millis: number) => (now += millis), allows: (running: number) => gate.allows(running, now) };
  };

  it('lets everything through until the server fails, then one at a time after a pause', () => {
    const { gate, turn, allows } = gateAt();
    expect(allows(3)).toBe(true);
    expect(gate.opensAt()).toBeNull();
    gate.failed();
    expect(allows(0)).toBe(false);
    turn(2_000);
    expect(allows(0)).toBe(true);
    expect(allows(1)).toBe(false);
    gate.worked();
    expect(allows(3)).toBe(true);
  });

  it('counts what several heard at once as one failure', () => {
    const { gate } = gateAt();
    for (let n = 0; n < 4; n += 1) gate.failed();
    expect(gate.opensAt()).toBe(2_000);
  });

  it('waits no longer than ten minutes, and no less than five seconds for what is urgent', () => {
    const { gate, turn } = gateAt();
    for (let n = 0; n < 20; n += 1) {
      turn((gate.opensAt() ?? 0) - turn(0));
      gate.failed();
    }
    const failedAt = turn(0);
    expect(gate.opensAt()).toBe(failedAt + 600_000);
    gate.hurry();
    gate.hurry();
    expect(gate.opensAt()).toBe(failedAt + 5_000);
  });
});
