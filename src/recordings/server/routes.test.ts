import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freshEventId, somePart, somePhoto, type TestCamera } from '../../../test/kit/camera.ts';
import { type Features, startFeatures } from '../../../test/kit/features.ts';
import { CLIP_PART_BYTES_MAX, PHOTO_BYTES_MAX } from '../../events/shared/schema.ts';

let features: Features;
let camera: TestCamera;
let now = Date.UTC(2026, 10, 22, 13, 31, 7);
const anna = { 'x-test-account': 'anna' };
const ben = { 'x-test-account': 'ben' };
const STALL_MILLIS = 150;

beforeAll(async () => {
  features = await startFeatures({ clock: { now: () => now }, stallMillis: STALL_MILLIS });
  await features.person('anna');
  await features.person('ben');
  camera = await features.camera('anna', 'Salon');
});
afterAll(() => features.close());

const refusal = ({ status, body }: { status: number; body: unknown }) => [
  status,
  (body as { error: { code: string } }).error.code,
];
const addressOf = (id: string) => `/api/cameras/${camera.cameraId}/events/${id}`;
const read = (target: string, headers: Record<string, string> = anna) => features.app.inject({ url: target, headers });
const incoming = () => readdir(join(features.folder, 'media', '.incoming'));
async function freshEvent(): Promise<string> {
  const id = freshEventId();
  await camera.putEvent(id, { startedAt: now, sentAt: now });
  return id;
}

describe('a photo', () => {
  test('is kept byte for byte, once; whoever waits for it is told', async () => {
    const id = await freshEvent();
    const photo = somePhoto(id, 120_000);
    // Without a body: by that a camera tells the server's word from that of whoever stands between.
    expect(await camera.putPhoto(id, photo)).toEqual({ status: 201, body: null });
    expect(await camera.putPhoto(id, photo)).toEqual({ status: 200, body: null });
    expect(features.photos.filter((known) => known === id)).toEqual([id]);
    const shown = await read(`${addressOf(id)}/photo`);
    expect(shown.rawPayload.equals(photo)).toBe(true);
    expect(shown.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': '120000',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cache-control': 'private, no-cache',
    });
    expect(
      (await read(`${addressOf(id)}/photo`, { ...anna, 'if-none-match': String(shown.headers.etag) })).statusCode,
    ).toBe(304);
    expect((await read(addressOf(id))).json()).toMatchObject({ hasPhoto: true });
    const saved = await read(`${addressOf(id)}/photo?download=1`);
    expect(saved.headers['content-disposition']).toBe('attachment; filename="Salon_2026-11-22_14-31-07.jpg"');
  });

  test('another one for the same event is refused, the first stays; at once as well as later', async () => {
    const id = await freshEvent();
    const photos = ['a', 'b', 'c', 'd'].map((seed) => somePhoto(seed, 50_000));
    const answers = await Promise.all(photos.map((photo) => camera.putPhoto(id, photo)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    const winner = photos[answers.findIndex(({ status }) => status === 201)];
    expect(refusal(await camera.putPhoto(id, somePhoto('e')))).toEqual([409, 'photo-conflict']);
    expect((await read(`${addressOf(id)}/photo`)).rawPayload.equals(winner ?? Buffer.alloc(0))).toBe(true);
    expect(await incoming()).toEqual([]);
  });

  test('too large, not a picture, cut short, empty: refused, nothing is left', async () => {
    const id = await freshEvent();
    expect(refusal(await camera.putPhoto(id, somePhoto('x', PHOTO_BYTES_MAX + 1)))).toEqual([413, 'too-large']);
    expect(refusal(await camera.putPhoto(id, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')))).toEqual([
      415,
      'not-an-image',
    ]);
    expect(refusal(await camera.putPhoto(id, somePhoto().subarray(0, 1000)))).toEqual([415, 'not-an-image']);
    expect(refusal(await camera.putPhoto(id, new Uint8Array(0)))).toEqual([415, 'not-an-image']);
    expect(await incoming()).toEqual([]);
    expect(refusal({ status: 404, body: (await read(`${addressOf(id)}/photo`)).json() })).toEqual([
      404,
      'photo-missing',
    ]);
    expect((await camera.putPhoto(id, somePhoto('x', PHOTO_BYTES_MAX))).status).toBe(201);
  });

  test('before the facts, under another camera’s id, with a body that was not signed', async () => {
    expect(refusal(await camera.putPhoto(freshEventId()))).toEqual([409, 'event-unknown']);
    const other = await features.camera('ben');
    const id = await freshEvent();
    expect(refusal(await other.putPhoto(id))).toEqual([409, 'event-unknown']);
    const target = `/api/events/${id}/photo`;
    const fields = await camera.fieldsFor({ method: 'PUT', target, body: somePhoto('signed') });
    const answer = await features.transport(
      { method: 'PUT', target, body: somePhoto('other') },
      { 'content-type': 'image/jpeg', ...fields },
    );
    expect(refusal(answer)).toEqual([401, 'signature-invalid']);
    expect(await incoming()).toEqual([]);
  });

  test('is the account’s alone', async () => {
    const id = await freshEvent();
    await camera.putPhoto(id);
    expect((await read(`${addressOf(id)}/photo`, {})).statusCode).toBe(401);
    expect((await read(`${addressOf(id)}/photo`, ben)).statusCode).toBe(404);
    const signed = await camera.fieldsFor({ method: 'GET', target: `${addressOf(id)}/photo` });
    expect((await read(`${addressOf(id)}/photo`, { ...signed })).statusCode).toBe(401);
  });

  test.each([
    ['the photo', (id: string) => camera.putPhoto(id)],
    ['a clip part', (id: string) => camera.putPart(id, 0, somePart(0))],
  ])('%s that lands while its account is erased is swallowed, and no file is left', async (_what, put) => {
    const id = await freshEvent();
    const { keep } = features.media;
    const keeping = vi.spyOn(features.media, 'keep').mockImplementationOnce(async (...arrival) => {
      await keep(...arrival);
      // As the erasure does: rows first, then the folder, which a file may enter just after that.
      await features.db.deleteFrom('event').where('id', '=', id).execute();
    });
    expect(await put(id)).toEqual({ status: 204, body: null });
    expect(keeping).toHaveBeenCalledOnce();
    keeping.mockRestore();
    const files = await readdir(join(features.folder, 'media', 'anna'), { recursive: true });
    expect(files.filter((name) => name.includes(id))).toEqual([]);
    expect(await incoming()).toEqual([]);
    expect(features.photos).not.toContain(id);
  });

  test('whose row cannot be written is an error that the camera tries again after; the event keeps what it has', async () => {
    const id = await freshEvent();
    await camera.putPart(id, 0, somePart(0));
    vi.spyOn(features.db, 'transaction').mockImplementationOnce(() => {
      throw new Error('disk full');
    });
    expect((await camera.putPart(id, 1, somePart(1))).status).toBe(500);
    vi.mocked(features.db.transaction).mockRestore();
    expect((await camera.putPart(id, 1, somePart(1), { last: true })).status).toBe(201);
    expect((await read(`${addressOf(id)}/clip`)).rawPayload.equals(Buffer.concat([somePart(0), somePart(1)]))).toBe(
      true,
    );
  });

  test('of a deleted event is swallowed', async () => {
    const id = await freshEvent();
    await features.app.inject({ method: 'DELETE', url: addressOf(id), headers: anna });
    expect(await camera.putPhoto(id)).toEqual({ status: 204, body: null });
    expect(await camera.putPart(id, 0, somePart(0))).toEqual({ status: 204, body: null });
    expect(await features.db.selectFrom('event').select('photoSha256').where('id', '=', id).executeTakeFirst()).toEqual(
      { photoSha256: null },
    );
  });
});

describe('the parts of a clip', () => {
  test('arrive in any order; what is whole from 0 on counts', async () => {
    const id = await freshEvent();
    const shown = async () => {
      const { clipParts, clipComplete, clipType } = (await read(addressOf(id))).json();
      return [clipParts, clipComplete, clipType];
    };
    expect((await camera.putPart(id, 1, somePart(1))).status).toBe(201);
    expect(await shown()).toEqual([0, false, 'video/mp4']);
    expect((await read(`${addressOf(id)}/clip`)).json()).toMatchObject({ error: { code: 'clip-missing' } });
    await camera.putPart(id, 3, somePart(3), { last: true });
    await camera.putPart(id, 0, somePart(0));
    expect(await shown()).toEqual([2, false, 'video/mp4']);
    await camera.putPart(id, 2, somePart(2));
    expect(await shown()).toEqual([4, true, 'video/mp4']);
  });

  test('the same again changes nothing; another under its number is refused; `last` can come with a repetition', async () => {
    const id = await freshEvent();
    await camera.putPart(id, 0, somePart(0));
    expect((await camera.putPart(id, 0, somePart(0))).status).toBe(200);
    expect(refusal(await camera.putPart(id, 0, somePart(0, 999)))).toEqual([409, 'clip-conflict']);
    expect((await camera.putPart(id, 0, somePart(0), { last: true })).status).toBe(200);
    expect((await read(addressOf(id))).json()).toMatchObject({ clipParts: 1, clipComplete: true });
    expect(refusal(await camera.putPart(id, 1, somePart(1)))).toEqual([409, 'clip-conflict']);
  });

  test('all at once', async () => {
    const id = await freshEvent();
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    const answers = await Promise.all(
      [...numbers, ...numbers].map((n) => camera.putPart(id, n, somePart(n), { last: n === 19 })),
    );
    expect(answers.filter(({ status }) => status === 201).length).toBe(20);
    expect((await read(addressOf(id))).json()).toMatchObject({ clipParts: 20, clipComplete: true });
    expect(await incoming()).toEqual([]);
  });

  test('what is no clip, too large, of another type, or of a number out of bounds is refused', async () => {
    const id = await freshEvent();
    expect(refusal(await camera.putPart(id, 0, somePhoto()))).toEqual([415, 'not-a-clip']);
    expect(refusal(await camera.putPart(id, 0, somePart(1)))).toEqual([415, 'not-a-clip']);
    expect(refusal(await camera.putPart(id, 1, somePhoto()))).toEqual([415, 'not-a-clip']);
    expect(refusal(await camera.putPart(id, 0, new Uint8Array(3)))).toEqual([415, 'not-a-clip']);
    expect(refusal(await camera.putPart(id, 0, somePart(0, CLIP_PART_BYTES_MAX + 1)))).toEqual([413, 'too-large']);
    expect(refusal(await camera.putPart(id, 256, somePart(1)))).toEqual([400, 'invalid']);
    await camera.putPart(id, 0, somePart(0));
    expect(refusal(await camera.putPart(id, 1, Buffer.from('anything at all'), { type: 'video/webm' }))).toEqual([
      409,
      'clip-conflict',
    ]);
    expect(await incoming()).toEqual([]);
  });

  test('of a WebM may begin anywhere after the first', async () => {
    const id = await freshEvent();
    const first = Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), Buffer.alloc(50, 'w')]);
    const second = Buffer.from('cut anywhere');
    await camera.putPart(id, 0, first, { type: 'video/webm' });
    await camera.putPart(id, 1, second, { type: 'video/webm', last: true });
    const clip = await read(`${addressOf(id)}/clip?download=1`);
    expect(clip.rawPayload.equals(Buffer.concat([first, second]))).toBe(true);
    expect(clip.headers).toMatchObject({
      'content-type': 'video/webm',
      'content-disposition': 'attachment; filename="Salon_2026-11-22_14-31-07.webm"',
    });
  });
});

describe('a complete clip', () => {
  const parts = [somePart(0, 1000), somePart(1, 777), somePart(2, 2001)];
  const whole = Buffer.concat(parts);
  let address = '';
  beforeAll(async () => {
    const id = await freshEvent();
    for (const [n, part] of parts.entries()) await camera.putPart(id, n, part, { last: n === 2 });
    address = `${addressOf(id)}/clip`;
  });

  test('is its parts one after another', async () => {
    const clip = await read(address);
    expect(clip.statusCode).toBe(200);
    expect(clip.rawPayload.equals(whole)).toBe(true);
    expect(clip.headers).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': String(whole.length),
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    });
  });

  test('is read in ranges, across the parts too', async () => {
    for (const [from, to] of [
      [0, 0],
      [0, 999],
      [999, 1000],
      [500, 3000],
      [1777, 3777],
      [3777, 9999],
    ] as const) {
      const piece = await read(address, { ...anna, range: `bytes=${from}-${to}` });
      expect(piece.statusCode).toBe(206);
      expect(piece.rawPayload.equals(whole.subarray(from, to + 1))).toBe(true);
      expect(piece.headers['content-range']).toBe(`bytes ${from}-${Math.min(to, whole.length - 1)}/${whole.length}`);
    }
    const beyond = await read(address, { ...anna, range: 'bytes=9999-' });
    expect([beyond.statusCode, beyond.headers['content-range'], beyond.json().error.code]).toEqual([
      416,
      `bytes */${whole.length}`,
      'range-unsatisfiable',
    ]);
    expect(beyond.headers['content-type']).toMatch('application/json');
  });

  test('a range of an older file is not mixed in', async () => {
    const { etag } = (await read(address)).headers;
    expect((await read(address, { ...anna, range: 'bytes=0-9', 'if-range': String(etag) })).statusCode).toBe(206);
    expect((await read(address, { ...anna, range: 'bytes=0-9', 'if-range': '"another"' })).statusCode).toBe(200);
    expect((await read(address, { ...anna, 'if-none-match': String(etag) })).statusCode).toBe(304);
  });

  test('is the account’s alone', async () => {
    expect((await read(address, {})).statusCode).toBe(401);
    expect((await read(address, ben)).statusCode).toBe(404);
  });
});

describe('a clip that still arrives', () => {
  test('ends when no part comes any more; asked for later, it is a file at once', async () => {
    const id = await freshEvent();
    await camera.putPart(id, 0, somePart(0));
    const growing = await read(`${addressOf(id)}/clip`);
    expect(growing.headers['content-length']).toBeUndefined();
    expect(growing.rawPayload.length).toBe(1000);
    now += STALL_MILLIS + 1;
    const settled = await read(`${addressOf(id)}/clip`, { ...anna, range: 'bytes=0-9' });
    expect([settled.statusCode, settled.headers['cache-control']]).toEqual([206, 'no-store']);
  });
});
