/** What the person wants of the camera enters; it is kept and applied at once. */
import { useState } from 'preact/hooks';
import type { CameraSettings } from '../../cameras/shared/schema.ts';
import { m } from '../../messages/generated/messages.js';
import { canChooseFolder } from '../../recordings/browser/save-folder.ts';
import type { CameraController } from './controller.ts';
import { type CameraPageState, isOnDuty } from './state.ts';

const DELAY_MAX_SECONDS = 3600;

interface SettingsProps {
  readonly state: CameraPageState;
  readonly controller: CameraController;
  readonly trying: boolean;
}

/** All of them in sight, so that nothing has to be found before starting. */
export function Settings({ state, controller, trying }: SettingsProps) {
  const settings = state.settings.value;
  /** Of the delay, before it is a number within its limits; what else happens on the page does not replace it. */
  const [typed, setTyped] = useState<string | null>(null);
  // Another tab that is the camera has settings of its own, and tells them to the server.
  const elsewhere = state.link.value.state === 'elsewhere';
  const fixed = elsewhere || isOnDuty(state);
  const missing = state.notices.value.some(({ kind }) => kind === 'name-needed');
  return (
    <div class="card camera-settings">
      {!trying && (
        <div class="field">
          <label for="camera-name">{m.camera_name()}</label>
          <input
            id="camera-name"
            type="text"
            maxLength={60}
            required
            autocomplete="off"
            placeholder={m.camera_name_hint()}
            value={state.name.value}
            disabled={fixed}
            aria-invalid={missing}
            {...(missing && { 'aria-describedby': 'camera-name-needed' })}
            onInput={(event) => {
              state.name.value = event.currentTarget.value;
            }}
            onChange={(event) => controller.rename(event.currentTarget.value)}
          />
          {missing && (
            <p class="field-error" id="camera-name-needed" role="alert">
              {m.camera_name_needed()}
            </p>
          )}
        </div>
      )}
      <div class="field">
        <label for="camera-delay">{m.camera_delay()}</label>
        <input
          id="camera-delay"
          type="number"
          inputMode="numeric"
          min={0}
          max={DELAY_MAX_SECONDS}
          step={1}
          value={typed ?? settings.startDelaySeconds}
          disabled={fixed}
          onInput={(event) => {
            const seconds = event.currentTarget.valueAsNumber;
            setTyped(event.currentTarget.value);
            if (seconds === delayOf(seconds)) controller.change({ startDelaySeconds: seconds });
          }}
          onChange={(event) => {
            const seconds = delayOf(event.currentTarget.valueAsNumber);
            // What stands there is what runs.
            event.currentTarget.value = String(seconds);
            setTyped(null);
            if (seconds !== settings.startDelaySeconds) controller.change({ startDelaySeconds: seconds });
          }}
        />
      </div>
      <div class="field">
        <label for="camera-sensitivity">{m.camera_sensitivity()}</label>
        <select
          id="camera-sensitivity"
          value={settings.sensitivity}
          aria-describedby="camera-sensitivity-hint"
          disabled={elsewhere}
          onChange={(event) =>
            controller.change({ sensitivity: sensitivityOf(event.currentTarget.value), thresholdPercent: null })
          }
        >
          <option value="cat">{m.camera_sensitivity_cat()}</option>
          <option value="person">{m.camera_sensitivity_person()}</option>
          <option value="near">{m.camera_sensitivity_near()}</option>
        </select>
        <p class="field-hint" id="camera-sensitivity-hint">
          {m.camera_sensitivity_hint()}
        </p>
      </div>
      <div class="camera-checks">
        {!trying && (
          <Check
            name="streaming"
            label={m.camera_streaming()}
            hint={m.camera_streaming_hint()}
            settings={settings}
            disabled={elsewhere}
            controller={controller}
          />
        )}
        <Check
          name="saveHere"
          label={m.camera_save_here()}
          hint={canChooseFolder() ? m.camera_save_folder() : m.camera_save_downloads()}
          settings={settings}
          disabled={fixed}
          controller={controller}
        />
        {settings.saveHere && !trying && (
          <Check
            name="omitAddressInFileNames"
            label={m.camera_save_omit()}
            settings={settings}
            disabled={fixed}
            controller={controller}
          />
        )}
        {state.firstSaved.value && <p class="field-hint">{m.camera_saved_first({ file: state.firstSaved.value })}</p>}
      </div>
    </div>
  );
}

interface CheckProps {
  readonly name: 'streaming' | 'saveHere' | 'omitAddressInFileNames';
  readonly label: string;
  readonly hint?: string;
  readonly settings: CameraSettings;
  readonly disabled: boolean;
  readonly controller: CameraController;
}

function Check({ name, label, hint, settings, disabled, controller }: CheckProps) {
  return (
    <div>
      <label class="check">
        <input
          type="checkbox"
          checked={settings[name]}
          disabled={disabled}
          {...(hint && { 'aria-describedby': `camera-${name}-hint` })}
          onChange={(event) => controller.change({ [name]: event.currentTarget.checked })}
        />
        <span>{label}</span>
      </label>
      {hint && settings[name] && (
        <p class="field-hint camera-check-hint" id={`camera-${name}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** What is nearest to what was typed; nothing is no delay. */
function delayOf(seconds: number): number {
  return Math.min(DELAY_MAX_SECONDS, Math.max(0, Math.round(seconds) || 0));
}

function sensitivityOf(value: string): CameraSettings['sensitivity'] {
  return value === 'cat' || value === 'near' ? value : 'person';
}
