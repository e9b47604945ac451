/** A click on a link enters while the camera watches; it leads on when the person has said that the surveillance may end. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { m } from '../../messages/generated/messages.js';
import type { CameraController } from './controller.ts';
import { type CameraPageState, isOnDuty } from './state.ts';

interface LeavingProps {
  readonly state: CameraPageState;
  readonly controller: CameraController;
}

/** No `beforeunload`: a reload is no end, the page resumes; and a machine that restarts shall not wait for an answer. */
export function Leaving({ state, controller }: LeavingProps) {
  const [goal, setGoal] = useState<string | null>(null);
  const asks = isOnDuty(state);
  useEffect(() => {
    if (!asks) return;
    const follow = (event: MouseEvent) => {
      const link = linkOf(event);
      if (!link || link.hash !== '') return;
      event.preventDefault();
      if (link.pathname !== location.pathname) setGoal(link.href);
    };
    document.addEventListener('click', follow);
    return () => document.removeEventListener('click', follow);
  }, [asks]);
  if (goal === null) return null;
  const leave = async () => {
    await controller.finish();
    location.assign(goal);
  };
  return <Question onLeave={leave} onStay={() => setGoal(null)} />;
}

function Question({ onLeave, onStay }: { readonly onLeave: () => Promise<void>; readonly onStay: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog class="sheet" ref={dialog} aria-labelledby="leaving-title" onClose={onStay}>
      <div class="stack">
        <h2 id="leaving-title">{m.camera_leave_title()}</h2>
        <p>{m.camera_leave_text()}</p>
        <div class="actions">
          <button type="button" class="button button-primary" onClick={() => dialog.current?.close()}>
            {m.camera_leave_stay()}
          </button>
          <button type="button" class="button button-danger" onClick={() => void onLeave()}>
            {m.camera_leave_stop()}
          </button>
        </div>
      </div>
    </dialog>
  );
}

/** The link that this click follows in this tab; null: none, or the person asked for another tab or a file. */
function linkOf(event: MouseEvent): HTMLAnchorElement | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null;
  return link && link.target !== '_blank' && !link.download ? link : null;
}
