/** The wish for darkness enters; the screen is black but for a small mark that moves, until it is touched. */
import { useEffect, useRef } from 'preact/hooks';
import { m } from '../../messages/generated/messages.js';
import type { CameraPageState } from './state.ts';

export function Dimmed({ state }: { readonly state: CameraPageState }) {
  const button = useRef<HTMLButtonElement>(null);
  const dimmed = state.dimmed.value;
  useEffect(() => {
    if (dimmed) button.current?.focus();
  }, [dimmed]);
  if (!dimmed) return null;
  return (
    <button
      ref={button}
      type="button"
      class="camera-dimmed"
      aria-label={m.camera_dim_back()}
      onClick={() => {
        state.dimmed.value = false;
      }}
    >
      <span class="camera-dimmed-mark" aria-hidden="true" />
    </button>
  );
}
