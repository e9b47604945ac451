import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { constraintsOf, createCameraTrack } from './camera-track.ts';

test('a strong machine gets 720 lines, a weak one 480', () => {
  const any = { deviceId: null, height: null };
  expect(constraintsOf(any, 8)).toMatchObject({ width: { ideal: 1280 }, height: { ideal: 720 } });
  expect(constraintsOf(any, 2)).toMatchObject({
    width: { ideal: 640 },
    height: { ideal: 480 },
    facingMode: { ideal: 'environment' },
  });
});

test('a lens and lines that were chosen are asked for', () => {
  expect(constraintsOf({ deviceId: 'x', height: 1080 }, 2)).toMatchObject({
    deviceId: { exact: 'x' },
    width: { ideal: 1920 },
    height: { ideal: 1080 },
  });
});

describe('a camera that is opened', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('document', new EventTarget());
    vi.stubGlobal('navigator', { hardwareConcurrency: 2 });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  /** A machine with these cameras, of which the first is taken where none is asked for; `refuse`: how it says no. */
  function machine(cameras: string[], refuse: () => string | null = () => null, needed = false) {
    const opened: string[] = [];
    const said: string[] = [];
    const held: number[] = [];
    let open = 0;
    const media = Object.assign(new EventTarget(), {
      async getUserMedia({ video }: { video: { deviceId?: { exact: string } } }) {
        const refusal = refuse();
        if (refusal !== null) throw new DOMException('', refusal);
        const lens = video.deviceId?.exact ?? cameras[0] ?? '';
        if (!cameras.includes(lens)) throw new DOMException('', 'OverconstrainedError');
        opened.push(lens);
        held.push(open++);
        const track = { muted: false, stop: () => said.push(`stop ${lens}`) };
        return { getTracks: () => [track], getVideoTracks: () => [track] };
      },
      enumerateDevices: async () => cameras.map((deviceId) => ({ deviceId })),
    });
    const camera = createCameraTrack(media as unknown as MediaDevices, {
      onTrack: () => undefined,
      onOver: () => void open--,
      onProblem: (problem) => said.push(`problem ${problem}`),
      onBlind: () => undefined,
      onStandIn: (on) => said.push(`stand-in ${on}`),
      isNeeded: () => needed,
    });
    return { camera, media, opened, said, held };
  }
  const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);

  test('the chosen lens is gone: another watches, that is said, and it goes back when it returns', async () => {
    const cameras = ['front'];
    const { camera, media, opened, said } = machine(cameras);
    await camera.open({ deviceId: 'back', height: null });
    expect(opened).toEqual(['front']);
    expect(said).toContain('stand-in true');
    cameras.push('back');
    media.dispatchEvent(new Event('devicechange'));
    await seconds(0);
    expect(opened).toEqual(['front', 'back']);
    expect(said.slice(-3)).toEqual(['stop front', 'problem null', 'stand-in false']);
  });

  test('no picture for ten seconds: it is opened anew, ever more seldom, until one comes', async () => {
    const { camera, opened, held } = machine(['only']);
    await camera.open({ deviceId: null, height: null });
    camera.sees(false);
    await seconds(9.9);
    expect(opened.length).toBe(1);
    await seconds(0.2);
    expect(opened.length).toBe(2);
    await seconds(19.8);
    expect(opened.length).toBe(2);
    await seconds(0.3);
    expect(opened.length).toBe(3);
    camera.sees(true);
    await seconds(600);
    expect(opened.length).toBe(3);
    // Nobody holds the one before when it is opened anew: only then does the device start again.
    expect(held).toEqual([0, 0, 0]);
  });

  test.each([
    [true, 'it is armed', ['only']],
    [false, 'it is not', []],
  ])('needed: %s (%s): never given on this page, it is asked for again accordingly', async (needed, _, expected) => {
    let refusal: string | null = 'NotReadableError';
    const { camera, opened } = machine(['only'], () => refusal, needed);
    await camera.open({ deviceId: null, height: null });
    refusal = null;
    await seconds(1);
    expect(opened).toEqual(expected);
  });

  test('another lens is chosen while the first is being asked for: that one is opened', async () => {
    const { camera, opened, said } = machine(['front', 'back']);
    const first = camera.open({ deviceId: 'front', height: null });
    await camera.open({ deviceId: 'back', height: null });
    await first;
    expect(opened).toEqual(['front', 'back']);
    expect(said).toContain('stop front');
  });
});
