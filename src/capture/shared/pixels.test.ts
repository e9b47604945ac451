import { expect, test } from 'vitest';
import { isReadAsIs, planesOf } from './pixels.ts';

test('luma is read where it is, converted where it is not', () => {
  expect(isReadAsIs('I420', false)).toBe(true);
  expect(isReadAsIs('NV12', true)).toBe(true);
  expect(isReadAsIs('I444', true)).toBe(false);
  expect(isReadAsIs('BGRX', false)).toBe(false);
  expect(isReadAsIs(null, false)).toBe(false);
});

test('planes follow the layout that copyTo gave', () => {
  const layout = [
    { offset: 0, stride: 640 },
    { offset: 307200, stride: 320 },
    { offset: 384000, stride: 320 },
  ];
  expect(planesOf('I420', layout).map((plane) => [plane.offset, plane.stride, plane.subsampling])).toEqual([
    [0, 640, 1],
    [307200, 320, 2],
    [384000, 320, 2],
  ]);
  expect(planesOf('NV12', layout)).toHaveLength(2);
  expect(() => planesOf('I444', layout)).toThrow('I444');
  expect(() => planesOf('I420', layout.slice(0, 1))).toThrow('plane 1');
});
