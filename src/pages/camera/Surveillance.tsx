/** The camera's state enters; the page of a camera leaves: picture, one main button, settings, what the detector sees. */
import { m } from '../../messages/generated/messages.js';
import { clockTime } from '../shell/time.ts';
import type { CameraController } from './controller.ts';
import { Detector } from './Detector.tsx';
import { Dimmed } from './Dimmed.tsx';
import { Leaving } from './Leaving.tsx';
import { Lens } from './Lens.tsx';
import { Notices } from './Notices.tsx';
import { Settings } from './Settings.tsx';
import { Stage } from './Stage.tsx';
import type { CameraPageState } from './state.ts';
import './camera.css';

interface SurveillanceProps {
  readonly state: CameraPageState;
  readonly controller: CameraController;
  /** Without an account: nothing leaves the device. */
  readonly trying: boolean;
  readonly sessionEnded: boolean;
  /** Shown where the bar of the page has no such button. */
  readonly onSignOut?: () => void;
}

export function Surveillance({ state, controller, trying, sessionEnded, onSignOut }: SurveillanceProps) {
  const phase = state.phase.value;
  return (
    <div class="camera-page">
      <h1 class="visually-hidden">{trying ? m.camera_try_title() : m.camera_title()}</h1>
      <div class="stack">
        <Stage state={state} trying={trying} />
        <MainButton state={state} controller={controller} />
        <Notices state={state} controller={controller} sessionEnded={sessionEnded} />
        {trying && <TryFile controller={controller} />}
        {phase === 'armed' && <LastPhoto state={state} />}
      </div>
      <div class="stack">
        <Settings state={state} controller={controller} trying={trying} />
        <Detector state={state} controller={controller} />
        <Lens state={state} controller={controller} />
        {phase === 'armed' && (
          <button
            type="button"
            class="button"
            onClick={() => {
              state.dimmed.value = true;
            }}
          >
            {m.camera_dim()}
          </button>
        )}
        {!trying && phase === 'ready' && <p class="muted small">{m.camera_place_hint()}</p>}
        {onSignOut && (
          <button type="button" class="button" onClick={onSignOut}>
            {m.camera_sign_out()}
          </button>
        )}
      </div>
      <Dimmed state={state} />
      {!trying && <Leaving state={state} controller={controller} />}
    </div>
  );
}

function MainButton({ state, controller }: { readonly state: CameraPageState; readonly controller: CameraController }) {
  const phase = state.phase.value;
  if (phase === 'armed')
    return (
      <button type="button" class="button button-danger camera-main" onClick={controller.stop}>
        {m.camera_stop()}
      </button>
    );
  if (phase === 'starting')
    return (
      <button type="button" class="button camera-main" onClick={controller.stop}>
        {m.camera_cancel()}
      </button>
    );
  return (
    <button
      type="button"
      class="button button-primary camera-main"
      disabled={phase === 'opening'}
      onClick={() => void controller.start()}
    >
      {m.camera_start()}
    </button>
  );
}

function TryFile({ controller }: { readonly controller: CameraController }) {
  return (
    <div class="field">
      <label for="camera-file">{m.camera_try_file()}</label>
      <input
        id="camera-file"
        type="file"
        accept="video/*"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) void controller.openFile(file);
        }}
      />
    </div>
  );
}

function LastPhoto({ state }: { readonly state: CameraPageState }) {
  const photo = state.photo.value;
  if (!photo?.url) return null;
  return (
    <figure class="camera-photo">
      <img src={photo.url} alt={m.camera_state_motion()} />
      <figcaption>{m.camera_photo_last({ time: clockTime(photo.atMillis, { seconds: true }) })}</figcaption>
    </figure>
  );
}
