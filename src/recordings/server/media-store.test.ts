import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { createFolderSync } from './folder-sync.ts';
import { BodyTooLarge, openMediaStore } from './media-store.ts';
import { createTurns } from './turns.ts';

const folder = mkdtempSync(join(tmpdir(), 'vigie-media-'));
const media = await openMediaStore(folder);
const place = { accountId: 'anna', cameraId: 'camera', eventId: 'event' };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the media store', () => {
  test('keeps what arrives, private to this user, and gives it back in pieces', async () => {
    const arrival = await media.receive(
      Readable.from([Buffer.from('hel'), Buffer.from('lo, '), Buffer.from('world')]),
      100,
    );
    expect([
      arrival.bytes,
      arrival.head.toString(),
      arrival.tail.toString(),
      arrival.sha256.toString('hex').slice(0, 8),
    ]).toEqual([12, 'hello, world', 'ld', '09ca7e4e']);
    await media.keep(arrival, place, 'photo.jpg');
    await arrival.discard();
    expect((await buffer(media.read(place, 'photo.jpg'))).toString()).toBe('hello, world');
    expect((await buffer(media.read(place, 'photo.jpg', 3, 5))).toString()).toBe('lo,');
    expect(statSync(join(folder, 'anna/camera/event/photo.jpg')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'anna')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(folder, '.incoming'))).toEqual([]);
  });

  test('leaves nothing of a body that is too long, or breaks off', async () => {
    await expect(media.receive(Readable.from([Buffer.alloc(60), Buffer.alloc(60)]), 100)).rejects.toThrow(BodyTooLarge);
    const broken = Readable.from(
      (async function* () {
        yield Buffer.alloc(10);
        throw new Error('cut off');
      })(),
    );
    await expect(media.receive(broken, 100)).rejects.toThrow('cut off');
    expect(readdirSync(join(folder, '.incoming'))).toEqual([]);
  });

  test('writes all of a body to a disk that takes a few bytes at a time', async () => {
    const probe = await open(join(folder, 'probe'), 'w');
    const handle = Object.getPrototypeOf(probe) as FileHandle;
    await probe.close();
    const { writev } = handle;
    const write = handle.write as (piece: Uint8Array, at: number, length: number) => Promise<unknown>;
    vi.spyOn(handle, 'write').mockImplementation(function (this: FileHandle, piece: Uint8Array, at = 0) {
      return write.call(this, piece, at, Math.min(3, piece.length - at));
    } as never);
    vi.spyOn(handle, 'writev').mockImplementation(function (this: FileHandle, [piece]: Uint8Array[]) {
      return writev.call(this, [piece?.subarray(0, 3) ?? new Uint8Array()]);
    } as never);
    const whole = Buffer.from('hello, world');
    const arrival = await media.receive(Readable.from([whole.subarray(0, 7), whole.subarray(7)]), 100);
    vi.restoreAllMocks();
    expect(readFileSync(arrival.path).toString()).toBe('hello, world');
    await arrival.discard();
  });

  test('never leaves its folder, whatever it is asked', async () => {
    for (const part of ['..', '.', '', 'a/b', '../../etc', 'a\0', '.incoming']) {
      expect(() => media.read({ ...place, eventId: part }, 'photo.jpg')).toThrow(TypeError);
      expect(() => media.read(place, part)).toThrow(TypeError);
      await expect(media.removeEvent({ ...place, accountId: part })).rejects.toThrow(TypeError);
    }
  });

  test('removes an event, once or twice', async () => {
    const gone = { ...place, eventId: 'gone' };
    const arrival = await media.receive(Readable.from([Buffer.from('x')]), 1);
    await media.keep(arrival, gone, 'photo.jpg');
    await media.removeEvent(gone);
    await media.removeEvent(gone);
    await media.removeEvent({ ...gone, cameraId: 'never-was' });
    expect(readdirSync(join(folder, 'anna/camera'))).toEqual(['event']);
  });

  test('sweeps what a crash left, and nothing that is young', async () => {
    const old = join(folder, '.incoming', 'old');
    writeFileSync(old, 'half');
    utimesSync(old, new Date(1000), new Date(1000));
    writeFileSync(join(folder, '.incoming', 'young'), 'half');
    expect(await media.sweepIncoming(Date.now() - 60_000)).toBe(1);
    expect(readdirSync(join(folder, '.incoming'))).toEqual(['young']);
    expect(readFileSync(join(folder, '.incoming', 'young'), 'utf8')).toBe('half');
  });
});

describe('syncing folders', () => {
  test('one sync serves all who came before it began; who came during it gets another', async () => {
    const ends: (() => void)[] = [];
    let begun = 0;
    const sync = createFolderSync(() => {
      begun++;
      return new Promise((resolve) => ends.push(resolve));
    });
    const first = sync('a');
    const during = [sync('a'), sync('a'), sync('a')];
    const other = sync('b');
    expect(begun).toBe(2);
    ends[0]?.();
    await first;
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toBe(3);
    ends[1]?.();
    ends[2]?.();
    await Promise.all([...during, other]);
    expect(begun).toBe(3);
  });

  test('one that fails is told to its own, not to those after', async () => {
    const outcomes = [Promise.reject(new Error('disk')), Promise.resolve()];
    const sync = createFolderSync(() => outcomes.shift() ?? Promise.resolve());
    const first = sync('a');
    const second = sync('a');
    await expect(first).rejects.toThrow('disk');
    await second;
  });
});

test('turns: the same name one after another, though one fails; other names at once', async () => {
  const turns = createTurns();
  const order: string[] = [];
  const work =
    (name: string, fails = false) =>
    async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} ends`);
      if (fails) throw new Error(name);
    };
  const outcomes = await Promise.allSettled([
    turns('x', work('one', true)),
    turns('x', work('two')),
    turns('y', work('other')),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(order.indexOf('two begins')).toBeGreaterThan(order.indexOf('one ends'));
  expect(order.indexOf('other begins')).toBeLessThan(order.indexOf('one ends'));
});
