import { expect, test } from 'vitest';
import { chooseEncoding, h264Codec, vp9Codec } from './codec.ts';

test('the level is the lowest that carries size and rate', () => {
  expect(h264Codec(320, 240, 30)).toBe('avc1.42E00D');
  expect(h264Codec(640, 480, 30)).toBe('avc1.42E01E');
  expect(h264Codec(1280, 720, 30)).toBe('avc1.42E01F');
  expect(h264Codec(1920, 1080, 30)).toBe('avc1.42E028');
  expect(vp9Codec(640, 480, 30)).toBe('vp09.00.30.08');
});

test('H.264 where it is supported, VP9 where it is not or has failed, nothing where neither is', async () => {
  const all = async () => true;
  expect((await chooseEncoding(640, 480, 30, all))?.codec).toBe('avc1.42E01E');
  expect((await chooseEncoding(640, 480, 30, async (config) => config.codec.startsWith('vp09')))?.codec).toBe(
    'vp09.00.30.08',
  );
  expect((await chooseEncoding(640, 480, 30, all, new Set(['avc1'])))?.codec).toBe('vp09.00.30.08');
  expect(await chooseEncoding(640, 480, 30, async () => false)).toBeNull();
});

test('odd sizes of a turned phone are made even', async () => {
  expect(await chooseEncoding(361, 641, 30, async () => true)).toMatchObject({ width: 360, height: 640 });
});
