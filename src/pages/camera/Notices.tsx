/** What the person has to know once enters; banners with the next step leave. */
import type { ComponentChildren } from 'preact';
import { m } from '../../messages/generated/messages.js';
import { sentenceOf } from '../shell/sentences.ts';
import { signInPath } from '../shell/session.ts';
import { saidTime, stretchInSentence } from '../shell/time.ts';
import type { CameraController } from './controller.ts';
import { type CameraPageState, isRemoved, type Notice, unnote } from './state.ts';

interface NoticesProps {
  readonly state: CameraPageState;
  readonly controller: CameraController;
  /** Whether the page goes on by the camera's key alone. */
  readonly sessionEnded: boolean;
}

export function Notices({ state, controller, sessionEnded }: NoticesProps) {
  const problem = state.problem.value;
  return (
    <>
      {problem && (
        <div class="actions">
          {problem === 'insecure' ? (
            <a class="button button-primary" href="/trust">
              {m.camera_problem_insecure_link()}
            </a>
          ) : (
            problem !== 'unsupported' && (
              <button type="button" class="button button-primary" onClick={controller.retry}>
                {m.camera_retry()}
              </button>
            )
          )}
        </div>
      )}
      {sessionEnded && (
        <Banner text={isRemoved(state) ? m.camera_removed() : m.camera_session_ended()}>
          <a class="button" href={signInPath()}>
            {m.camera_sign_in()}
          </a>
        </Banner>
      )}
      {state.notices.value.map((notice) => {
        const text = textOf(notice);
        return (
          text !== null && (
            <Banner key={notice.kind} text={text} danger={isDanger(notice)}>
              <button
                type="button"
                class="button button-quiet"
                aria-label={m.shell_dismiss()}
                onClick={() => unnote(state, notice.kind)}
              >
                <span aria-hidden="true">✕</span>
              </button>
            </Banner>
          )
        );
      })}
      {state.link.value.state === 'elsewhere' && <Banner text={m.camera_link_elsewhere()} />}
      {state.link.value.state === 'replaced' && <Banner text={m.camera_live_replaced()} />}
      {state.link.value.state === 'unreachable' && state.settings.value.streaming && navigator.onLine && (
        <Banner text={m.camera_live_unreachable()} />
      )}
    </>
  );
}

function Banner({
  text,
  danger = false,
  children,
}: {
  readonly text: string;
  readonly danger?: boolean;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class={danger ? 'banner banner-danger' : 'banner'} role={danger ? 'alert' : 'note'}>
      <p>{text}</p>
      {children}
    </div>
  );
}

function isDanger(notice: Notice): boolean {
  if (notice.kind === 'missed') return notice.untilMillis === null;
  return notice.kind !== 'no-encoder' && notice.kind !== 'folder-lost' && notice.kind !== 'other-lens';
}

/** Null: it is said where it belongs. */
function textOf(notice: Notice): string | null {
  switch (notice.kind) {
    case 'missed': {
      const now = Date.now();
      const isPage = notice.cause === 'page-gone';
      if (notice.untilMillis === null)
        return isPage ? m.camera_missed_blind({ from: saidTime(notice.fromMillis, now) }) : null;
      const times = stretchInSentence(notice.fromMillis, notice.untilMillis, now);
      return isPage ? m.camera_missed(times) : m.camera_missed_worker(times);
    }
    case 'elsewhere':
      return m.camera_elsewhere();
    case 'save-failed':
      return m.camera_save_failed();
    case 'folder-lost':
      return m.camera_save_folder_lost();
    case 'other-lens':
      return m.camera_lens_missing();
    case 'disk-full':
      return m.camera_disk_full();
    case 'worker':
      return m.camera_problem_worker();
    case 'file-bad':
      return m.camera_try_file_bad();
    case 'no-encoder':
      return m.camera_no_encoder();
    case 'dropped':
      return m.camera_dropped({ code: notice.code });
    case 'failed':
      return sentenceOf(notice.error);
    case 'name-needed':
      return null;
  }
}
