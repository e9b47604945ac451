/** The camera's state enters; its picture with one large word over it and one sentence under it leaves. */
import { useEffect, useRef } from 'preact/hooks';
import type { Mask } from '../../capture/shared/mask.ts';
import { m } from '../../messages/generated/messages.js';
import { type CameraPageState, isBlind } from './state.ts';
import { secondLine, toneOf, wordOf } from './words.ts';

export function Stage({ state, trying }: { readonly state: CameraPageState; readonly trying: boolean }) {
  const phase = state.phase.value;
  const armed = phase === 'armed';
  const blind = isBlind(state);
  const tone = toneOf(state);
  return (
    <section class={`camera-stage camera-tone-${tone}`} aria-label={m.camera_picture()}>
      <Picture state={state} />
      <div class="camera-status" role="status" aria-live={phase === 'starting' ? 'off' : 'polite'}>
        <p class="camera-word">
          <span class="camera-mark" aria-hidden="true" />
          {wordOf(state)}
          {blind && <strong class="camera-chip camera-chip-blind">{m.camera_state_blind()}</strong>}
          {armed && !blind && (state.intrusion.value || state.report.value?.motion) && (
            <strong class="camera-chip camera-chip-motion">{m.camera_state_motion()}</strong>
          )}
        </p>
        <p class="camera-line">{secondLine(state, trying)}</p>
      </div>
    </section>
  );
}

function Picture({ state }: { readonly state: CameraPageState }) {
  const video = useRef<HTMLVideoElement>(null);
  const stream = state.stream.value;
  useEffect(() => {
    if (!video.current) return;
    video.current.srcObject = stream;
    // Ended or replaced meanwhile: the next one plays.
    if (stream) video.current.play().catch(() => undefined);
  }, [stream]);
  const report = state.report.value;
  const width = report?.width ?? 4;
  const height = report?.height ?? 3;
  return (
    <div class="camera-picture">
      <video ref={video} muted playsInline />
      <svg
        class="camera-overlay"
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="xMidYMid meet"
        aria-hidden="true"
      >
        {state.settings.value.masks.map((mask, at) => (
          // The masks have no names, and their order is that of the settings.
          <polygon key={at} class="camera-mask" points={pointsOf(mask, width, height)} />
        ))}
        {report?.boxes.map(([x, y, w, h], at) => (
          <rect
            key={at}
            class="camera-box"
            x={x * width}
            y={y * height}
            width={w * width}
            height={h * height}
            rx={height / 60}
          />
        ))}
      </svg>
    </div>
  );
}

function pointsOf(mask: Mask, width: number, height: number): string {
  return mask.map(({ x, y }) => `${x * width},${y * height}`).join(' ');
}
