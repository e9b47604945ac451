import { expect, test } from 'vitest';
import type { Chunk } from './chunk.ts';
import { createRing } from './ring.ts';

const config = { codec: 'avc1.42E01E', codedWidth: 640, codedHeight: 480 };
const at = (seconds: number, type: 'key' | 'delta', own = config): Chunk => ({
  type,
  timestampMicros: seconds * 1e6,
  captureTimeMicros: seconds * 1e6,
  data: new Uint8Array(1),
  config: own,
});

test('reaches back five seconds at least and begins with a key chunk', () => {
  const ring = createRing(5);
  for (let i = 0; i <= 630; i++) {
    ring.push(at(i / 30, i % 60 === 0 ? 'key' : 'delta'));
    const [first] = ring.chunks();
    expect(first?.type).toBe('key');
    const back = i / 30 - (first?.timestampMicros ?? 0) / 1e6;
    expect(back).toBeGreaterThanOrEqual(Math.min(5, i / 30) - 1e-6);
    expect(back).toBeLessThanOrEqual(9);
  }
});

test('begins with the first key chunk it sees', () => {
  const ring = createRing(5);
  ring.push(at(0, 'delta'));
  expect(ring.chunks()).toEqual([]);
});

test('another configuration, or a track whose time begins again, empties it', () => {
  const ring = createRing(5);
  ring.push(at(1, 'key'));
  ring.push(at(2, 'key', { ...config, codedWidth: 480 }));
  expect(ring.chunks()).toHaveLength(1);
  ring.push(at(0.5, 'key', { ...config }));
  expect(ring.chunks()).toHaveLength(1);
  ring.clear();
  expect(ring.chunks()).toEqual([]);
});

test('what was seen before a pause is not in a clip of what comes after', () => {
  const ring = createRing(5);
  for (let i = 0; i <= 300; i++) ring.push(at(i / 30, i % 60 === 0 ? 'key' : 'delta'));
  for (let i = 0; i <= 30; i++) ring.push(at(1200 + i / 30, i === 0 ? 'key' : 'delta'));
  expect(ring.chunks()).toHaveLength(31);
  expect(ring.chunks()[0]?.timestampMicros).toBe(1200e6);
});
