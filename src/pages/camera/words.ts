/** The camera's state enters; the word and the sentence for it leave, in the person's language. */
import type { CameraProblem } from '../../capture/browser/problem.ts';
import type { BlindCause } from '../../capture/shared/messages.ts';
import { m } from '../../messages/generated/messages.js';
import { online } from '../shell/network.ts';
import { session } from '../shell/session.ts';
import { clockTime, timeInSentence } from '../shell/time.ts';
import { type CameraPageState, isBlind, isRemoved } from './state.ts';

const PROBLEMS: Readonly<Record<CameraProblem, () => string>> = {
  refused: () => m.camera_problem_refused(),
  absent: () => m.camera_problem_absent(),
  'in-use': () => m.camera_problem_in_use(),
  insecure: () => m.camera_problem_insecure(),
  unsupported: () => m.camera_problem_unsupported(),
  unplugged: () => m.camera_problem_unplugged(),
  revoked: () => m.camera_problem_revoked(),
  failed: () => m.camera_problem_failed(),
};

const BLIND: Readonly<Record<BlindCause, () => string>> = {
  'track-ended': () => m.camera_blind_track_ended(),
  'track-muted': () => m.camera_blind_track_muted(),
  'no-frames': () => m.camera_blind_no_frames(),
  'no-wake-lock': () => m.camera_blind_no_wake_lock(),
  'page-gone': () => m.camera_blind_no_frames(),
};

/** One sentence with the next step. */
export function problemText(problem: CameraProblem): string {
  return PROBLEMS[problem]();
}

/** The one large word. */
export function wordOf(state: CameraPageState): string {
  const phase = state.phase.value;
  if (phase === 'armed') return m.camera_state_watching();
  if (phase === 'starting') return m.camera_state_starting({ seconds: Math.ceil(state.leftMillis.value / 1000) });
  if (state.problem.value) return m.camera_state_no_camera();
  return phase === 'opening' ? m.camera_state_opening() : m.camera_state_ready();
}

/** Colour and shape of the state. */
export function toneOf(state: CameraPageState): 'idle' | 'starting' | 'watching' | 'motion' | 'blind' {
  const phase = state.phase.value;
  if (state.problem.value && phase !== 'opening') return 'blind';
  if (phase === 'starting') return 'starting';
  if (phase !== 'armed') return 'idle';
  if (isBlind(state) || isRemoved(state)) return 'blind';
  return state.intrusion.value || state.report.value?.motion ? 'motion' : 'watching';
}

/** The one sentence under it: what matters most now. */
export function secondLine(state: CameraPageState, trying: boolean): string {
  const phase = state.phase.value;
  const queue = state.queue.value;
  const [blind] = state.blind.value;
  if (state.problem.value) return problemText(state.problem.value);
  if (isRemoved(state)) return m.camera_removed();
  if (phase === 'armed' && state.worker.value === 'lost') return m.camera_blind_worker();
  if (isBlind(state) && (state.worker.value === 'loading' || !state.stream.value)) return m.camera_blind_opening();
  if (phase === 'armed' && blind) return BLIND[blind]();
  if (queue.state === 'waiting') return waitingLine(queue.events);
  if (phase === 'armed') return armedLine(state, trying);
  if (phase === 'starting') return m.camera_starting_hint();
  if (trying) return m.camera_try_intro();
  return state.settings.value.streaming && state.identity.value?.cameraId
    ? m.camera_ready_streaming()
    : m.camera_ready_hint();
}

/** The browser knows of a network or not; that the server does not answer is another matter. */
function waitingLine(count: number): string {
  if (!online.value) return count === 1 ? m.camera_waiting_one() : m.camera_waiting({ count });
  return count === 1 ? m.camera_waiting_server_one() : m.camera_waiting_server({ count });
}

function armedLine(state: CameraPageState, trying: boolean): string {
  const photo = state.photo.value;
  if (!photo) return m.camera_quiet_since({ time: timeInSentence(state.quietSinceMillis.value, Date.now()) });
  if (trying) return m.camera_try_would({ time: clockTime(photo.atMillis, { seconds: true }) });
  if (photo.sentAtMillis === null) return m.camera_photo_sending();
  const time = clockTime(photo.sentAtMillis, { seconds: true });
  const address = state.identity.value?.address;
  const mailed = session.value.state === 'known' && session.value.session.mail === 'smtp';
  return address && mailed ? m.camera_photo_sent({ time, address }) : m.camera_photo_sent_only({ time });
}
