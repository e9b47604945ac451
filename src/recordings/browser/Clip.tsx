/** An event enters; a player of its clip leaves, which plays what has arrived, or in words why there is none. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { TimelineEvent } from '../../events/shared/schema.ts';
import { m } from '../../messages/generated/messages.js';
import { clipAddress, photoAddress } from './addresses.ts';
import { momentSeconds } from './moment.ts';

export interface ClipProps {
  readonly event: TimelineEvent;
  readonly label: string;
  /** Whether parts may still come. */
  readonly expected: boolean;
}

/** Nothing of the clip is fetched before somebody plays it. A whole one plays from the moment on; what was before can be wound back to. */
export function Clip({ event, label, expected }: ClipProps) {
  const player = useRef<HTMLVideoElement>(null);
  const near = useNear(player);
  const [failed, setFailed] = useState(false);
  const again = () => {
    setFailed(false);
    player.current?.load();
    player.current?.play().catch(() => undefined);
  };
  if (event.clipParts === 0)
    return <p class="recording-words">{expected ? m.events_clip_waiting() : m.events_clip_none()}</p>;
  return (
    <>
      <video
        ref={player}
        class="recording-picture"
        controls
        preload="none"
        playsInline
        src={clipAddress(event)}
        aria-label={label}
        {...(near && event.hasPhoto && { poster: photoAddress(event) })}
        onLoadedMetadata={({ currentTarget }) => {
          const moment = event.clipComplete ? momentSeconds(event, currentTarget.duration) : 0;
          // A busy page hears of it when the first pictures are over.
          if (currentTarget.currentTime < moment) currentTarget.currentTime = moment;
        }}
        onPlay={() => setFailed(false)}
        onError={() => setFailed(true)}
      />
      {failed && (
        <div class="recording-note" role="alert">
          <p>{m.events_clip_failed()}</p>
          <button type="button" class="button" onClick={again}>
            {m.shell_retry()}
          </button>
        </div>
      )}
      {!failed && !event.clipComplete && (
        <p class="recording-note">{expected ? m.events_clip_arriving() : m.events_clip_incomplete()}</p>
      )}
    </>
  );
}

/** True from when the element comes near the part in sight: posters, unlike images, know no lazy loading. */
function useNear(element: { readonly current: Element | null }): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (near || !element.current) return;
    const observer = new IntersectionObserver((entries) => setNear(entries.some((entry) => entry.isIntersecting)), {
      rootMargin: '400px',
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  });
  return near;
}
