/** Which lens and how fine a picture enters; the camera is opened anew with it, in the next visit as well. */
import type { CameraChoice } from '../../capture/browser/camera-track.ts';
import { m } from '../../messages/generated/messages.js';
import type { CameraController } from './controller.ts';
import { type CameraPageState, isOnDuty } from './state.ts';

const LINES = [480, 720, 1080];

export function Lens({
  state,
  controller,
}: {
  readonly state: CameraPageState;
  readonly controller: CameraController;
}) {
  const choice = state.lens.value;
  const fixed = isOnDuty(state);
  const choose = (part: Partial<CameraChoice>) => controller.choose({ ...choice, ...part });
  return (
    <details class="card">
      <summary>{m.camera_more()}</summary>
      <div class="field">
        <label for="camera-lens">{m.camera_lens()}</label>
        <select
          id="camera-lens"
          disabled={fixed}
          value={choice.deviceId ?? ''}
          onChange={(event) => choose({ deviceId: event.currentTarget.value || null })}
        >
          <option value="">{m.camera_lens_auto()}</option>
          {state.lenses.value.map(({ deviceId, label }, at) => (
            <option key={deviceId} value={deviceId}>
              {label || m.camera_lens_number({ number: at + 1 })}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="camera-resolution">{m.camera_resolution()}</label>
        <select
          id="camera-resolution"
          disabled={fixed}
          value={choice.height ?? ''}
          onChange={(event) => choose({ height: Number(event.currentTarget.value) || null })}
        >
          <option value="">{m.camera_resolution_auto()}</option>
          {LINES.map((lines) => (
            <option key={lines} value={lines}>
              {m.camera_resolution_lines({ lines })}
            </option>
          ))}
        </select>
      </div>
    </details>
  );
}
