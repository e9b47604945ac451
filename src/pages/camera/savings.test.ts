import { expect, test, vi } from 'vitest';
import { createSavings } from './savings.ts';
import { createCameraState } from './state.ts';

const saver = vi.hoisted(() => ({ place: 'downloads', photo: vi.fn(), filmPart: vi.fn() }));
vi.mock('../../recordings/browser/save-folder.ts', () => ({
  canChooseFolder: () => false,
  knownFolder: async () => null,
  createDownloadSaver: () => saver,
}));
test('a film keeps its name when the camera gets another in the middle of it', async () => {
  const state = createCameraState();
  state.name.value = 'Hall';
  state.settings.value = { ...state.settings.value, saveHere: true };
  const savings = createSavings(state);
  await savings.prepare(false);
  const atMillis = Date.UTC(2026, 0, 5, 12, 30, 15);
  const part = new Uint8Array();
  await savings.filmPart('e', atMillis, part, 'video/mp4', false);
  state.name.value = 'Entrance';
  await savings.filmPart('e', atMillis, part, 'video/mp4', true);
  await savings.filmPart('f', atMillis, part, 'video/mp4', true);
  const names = saver.filmPart.mock.calls.map(([name]) => String(name).split('_')[0]);
  expect(names).toEqual(['Hall', 'Hall', 'Entrance']);
});
