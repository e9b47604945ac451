import { expect, test, vi } from 'vitest';
import type { FromWorker } from '../../capture/shared/messages.ts';
import { createReceiver, type ReceiverDoors } from './from-worker.ts';
import { createCameraState } from './state.ts';

function setup() {
  const state = createCameraState();
  const doors = { savings: { photo: async () => undefined } } as unknown as ReceiverDoors;
  return { state, receive: createReceiver(state, doors) };
}
const photo = (eventId: string): FromWorker => ({ type: 'photo', eventId, atMillis: 1, jpeg: new Uint8Array() });

test('a photo that the server refused is not on its way any more; another’s is', () => {
  const revoke = vi.spyOn(URL, 'revokeObjectURL');
  const { state, receive } = setup();
  receive(photo('e'));
  receive({ type: 'dropped', kind: 'part', eventId: 'e', code: 'clip-conflict' });
  receive({ type: 'dropped', kind: 'photo', eventId: 'd', code: 'photo-conflict' });
  expect(state.photo.value?.eventId).toBe('e');
  receive({ type: 'dropped', kind: 'photo', eventId: 'e', code: 'photo-conflict' });
  expect(state.photo.value).toBeNull();
  expect(revoke).toHaveBeenCalledOnce();
  expect(state.notices.value).toEqual([{ kind: 'dropped', code: 'photo-conflict' }]);
});
