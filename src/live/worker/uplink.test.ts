/** A socket that fills and drains: what is sent, and when a key chunk is asked for. */
import { expect, it } from 'vitest';
import { createUplink, UPLINK_HIGH_BYTES, UPLINK_LOW_BYTES } from './uplink.ts';

it('begins with a key chunk', () => {
  const uplink = createUplink();
  expect([uplink.offer(false, 0), uplink.offer(true, 0), uplink.offer(false, 0)]).toEqual(['drop', 'send', 'send']);
});

it('drops when the socket fills, asks once for a key chunk when it has drained, goes on with that', () => {
  const uplink = createUplink();
  uplink.offer(true, 0);
  expect(uplink.offer(false, UPLINK_HIGH_BYTES)).toBe('send');
  expect(uplink.offer(false, UPLINK_HIGH_BYTES + 1)).toBe('drop');
  expect(uplink.offer(true, UPLINK_LOW_BYTES + 1)).toBe('drop');
  expect(uplink.offer(false, UPLINK_LOW_BYTES)).toBe('drained');
  expect(uplink.offer(false, 0)).toBe('drop');
  expect(uplink.offer(true, 0)).toBe('send');
  expect(uplink.offer(false, 0)).toBe('send');
});

it('waits for a key chunk after a restart', () => {
  const uplink = createUplink();
  uplink.offer(true, 0);
  uplink.restart();
  expect([uplink.offer(false, 0), uplink.offer(true, 0)]).toEqual(['drop', 'send']);
});
