/** A live status or a camera's state enters; its words in the person's language leave. */
import type { CameraState } from '../../cameras/shared/schema.ts';
import type { LiveStatus } from '../../live/shared/status.ts';
import { m } from '../../messages/generated/messages.js';
import { timeInSentence } from '../shell/time.ts';

/** "Live", "Late by 4 s", "Offline since 14:02", "Streaming off". @param now ms since 1970 */
export function statusWords(status: LiveStatus, now: number): string {
  switch (status.kind) {
    case 'live':
      return m.watch_live();
    case 'late':
      return m.watch_late({ seconds: status.seconds });
    case 'off':
      return m.watch_off();
    case 'waiting':
      return m.watch_waiting();
    case 'offline':
      if (status.since === null) return m.watch_offline();
      // Programs look for these words with plain spaces; the sheet keeps them on one line.
      return m.watch_offline_since({ time: timeInSentence(status.since, now).replaceAll('\u00a0', ' ') });
  }
}

/** What the camera does; empty where its status says it already. */
export function stateWords(state: CameraState): string {
  switch (state) {
    case 'idle':
      return m.watch_state_idle();
    case 'starting':
      return m.watch_state_starting();
    case 'watching':
      return m.watch_state_watching();
    case 'blind':
      return m.watch_state_blind();
    case 'offline':
      return '';
  }
}
