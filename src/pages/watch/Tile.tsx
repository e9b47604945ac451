/** One camera enters; its picture, its name and the truth about its age leave. */
import { useEffect, useRef } from 'preact/hooks';
import type { Camera } from '../../cameras/shared/schema.ts';
import { liveStatus } from '../../live/shared/status.ts';
import { m } from '../../messages/generated/messages.js';
import { showToast } from '../shell/toast.tsx';
import { alarmOf } from './alarm.ts';
import { useAlarmSpoken, useFullScreen, useSpoken } from './hooks.ts';
import { saveStill } from './still.ts';
import type { Screen, Wall } from './wall.ts';
import { stateWords, statusWords } from './words.ts';

interface TileProps {
  readonly wall: Wall;
  readonly camera: Camera;
  readonly opened: boolean;
  onOpen(): void;
  onClose(): void;
}

export function Tile({ wall, camera, opened, onOpen, onClose }: TileProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const article = useRef<HTMLElement>(null);
  const screen = useRef<Screen | null>(null);
  const { streaming } = camera.settings;

  useEffect(() => {
    if (!canvas.current || !streaming) return;
    const mine = wall.show(camera.id, canvas.current);
    screen.current = mine;
    return () => {
      mine.end();
      screen.current = null;
    };
  }, [wall, camera.id, streaming]);
  useFullScreen(article, opened, onClose);

  const now = wall.now.value;
  const lastFrameAt = screen.current?.lastFrameAt ?? null;
  const status = liveStatus({ state: camera.state, streaming, lastFrameAt, lastSeenAt: camera.lastSeenAt, now });
  useSpoken(camera.name, status, now);
  const codec = wall.unsupported.value.get(camera.id);
  const heading = `tile-${camera.id}`;
  // Without the server, what it last said of the camera is history.
  const known = camera.state !== 'offline' && wall.connection.value === 'open';
  const moving = known && camera.motion;
  useAlarmSpoken(camera.name, alarmOf(camera, known));

  const still = async () => {
    const saved = canvas.current && lastFrameAt !== null && (await saveStill(canvas.current, camera.name, lastFrameAt));
    showToast(saved ? m.watch_still_saved() : m.watch_still_none());
  };
  return (
    <article
      ref={article}
      class={`tile tile-${status.kind} ${moving ? 'tile-moving' : ''} ${opened ? 'tile-opened' : ''}`}
      aria-labelledby={heading}
    >
      {/* A camera whose streaming was turned off leaves no picture behind: another canvas. */}
      <canvas
        key={String(streaming)}
        ref={canvas}
        class="tile-picture"
        width={640}
        height={480}
        role="img"
        aria-label={m.watch_picture({ name: camera.name })}
      />
      {!opened && (
        <button type="button" class="tile-open" aria-label={m.watch_open({ name: camera.name })} onClick={onOpen} />
      )}
      <div class="tile-words">
        <h2 id={heading}>{camera.name}</h2>
        <p class="tile-status" role="status" aria-live="off">
          {statusWords(status, now)}
        </p>
        {moving && <p class="tile-movement">{m.watch_movement()}</p>}
        {known && <p class={`tile-state tile-state-${camera.state}`}>{stateWords(camera.state)}</p>}
      </div>
      {codec && <p class="tile-note">{m.watch_unsupported({ codec })}</p>}
      {status.kind === 'off' && <p class="tile-note">{m.watch_off_how()}</p>}
      {opened && (
        <div class="tile-tools">
          {status.kind === 'live' && screen.current && (
            <p class="tile-lateness">
              {m.watch_lateness({ millis: Math.round(screen.current.delayMillis / 10) * 10 })}
            </p>
          )}
          <button type="button" class="button" onClick={still}>
            {m.watch_still()}
          </button>
          <button type="button" class="button" onClick={onClose} ref={focusNew}>
            {m.watch_close()}
          </button>
        </div>
      )}
    </article>
  );
}

/** Opening moves the focus with the eye. */
function focusNew(button: HTMLButtonElement | null): void {
  button?.focus();
}
