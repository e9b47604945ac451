/** The person's changes and the server's word enter; name and settings follow, and no change is lost on the way. */
import type { CameraIdentity, UnconfirmedChange } from '../../cameras/browser/key.ts';
import type { CameraSettings } from '../../cameras/shared/schema.ts';
import { createBackOff } from '../../live/shared/back-off.ts';
import type { CameraPageState } from './state.ts';

/** What could not be told is told again after this, ms, and twice as late each time up to the most. */
const RETRY_FIRST_MILLIS = 2000;
const RETRY_MAX_MILLIS = 60_000;

export interface SettingsSync {
  /** Applied at once, kept on the disk, and told to the server until it has confirmed it. */
  change(change: UnconfirmedChange): void;
  /** Name and settings as the server has them. */
  adopt(name: string, settings: CameraSettings): void;
  /** Tells the server what it has not confirmed: it is there again. */
  tell(): void;
  /** Its answer to what was told. */
  patched(ok: boolean): void;
  /** Answers that were awaited will not come: the worker has died. */
  forgetAnswers(): void;
}

export interface SettingsDoors {
  /** To the server, signed by the camera. */
  send(change: UnconfirmedChange): void;
  /** The worker follows `state.settings`. */
  configure(): void;
  store(identity: CameraIdentity): void;
}

export function createSettingsSync(state: CameraPageState, doors: SettingsDoors): SettingsSync {
  /** What was told and not answered yet. */
  let underway = 0;
  let failed = false;
  const backOff = createBackOff(RETRY_FIRST_MILLIS, RETRY_MAX_MILLIS);
  let retry: ReturnType<typeof setTimeout> | undefined;

  /** @param name as it was given; what stands in the field may still be typed on */
  function keep(unconfirmed: UnconfirmedChange | null, name?: string): void {
    const identity = state.identity.value;
    if (!identity) return;
    const kept = { ...identity, name: name?.trim() ?? identity.name, settings: state.settings.value, unconfirmed };
    state.identity.value = kept;
    doors.store(kept);
  }

  function tell(): void {
    const identity = state.identity.value;
    clearTimeout(retry);
    if (!identity?.cameraId || !identity.unconfirmed) return;
    underway++;
    doors.send(identity.unconfirmed);
  }

  function change(made: UnconfirmedChange): void {
    if (made.name !== undefined) state.name.value = made.name;
    if (made.settings) {
      state.settings.value = { ...state.settings.value, ...made.settings };
      doors.configure();
    }
    const identity = state.identity.value;
    if (!identity?.cameraId) return keep(null, made.name);
    const before = identity.unconfirmed;
    keep(
      { ...before, ...made, ...(made.settings && { settings: { ...before?.settings, ...made.settings } }) },
      made.name,
    );
    tell();
  }

  return {
    change,
    tell,
    adopt(name, settings) {
      const identity = state.identity.value;
      if (identity?.unconfirmed) return;
      // Only here is it turned on: what the server says may turn it off, never on.
      const streaming = settings.streaming && state.settings.value.streaming;
      if (!identity || state.name.value.trim() === identity.name) state.name.value = name;
      state.settings.value = { ...settings, streaming };
      doors.configure();
      keep(null, name);
      if (settings.streaming !== streaming) change({ settings: { streaming } });
    },
    patched(ok) {
      underway = Math.max(0, underway - 1);
      failed ||= !ok;
      if (underway > 0) return;
      if (failed) retry = setTimeout(tell, backOff.next());
      else {
        backOff.reset();
        keep(null);
      }
      failed = false;
    },
    forgetAnswers() {
      clearTimeout(retry);
      underway = 0;
      failed = false;
    },
  };
}
