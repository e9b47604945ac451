/** An event enters; its photo with the boxes of what moved leaves, or in words why there is none. */
import { useEffect, useState } from 'preact/hooks';
import type { TimelineEvent } from '../../events/shared/schema.ts';
import { m } from '../../messages/generated/messages.js';
import { photoAddress } from './addresses.ts';

export interface PhotoProps {
  readonly event: TimelineEvent;
  readonly alt: string;
  /** Whether a photo may still come. */
  readonly expected: boolean;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The picture keeps its place from the start: its frame has a fixed shape, and the picture fits into it. */
export function Photo({ event, alt, expected }: PhotoProps) {
  const [size, setSize] = useState<Size | null>(null);
  // An image that failed is never shown again: the next attempt is a new one, also where news came with the failure.
  const [{ failures, failed }, setLoading] = useState({ failures: 0, failed: false });
  useEffect(() => {
    const again = () => setLoading((loading) => (loading.failed ? { ...loading, failed: false } : loading));
    // News of the event, or of the network, is a reason to try again.
    again();
    window.addEventListener('online', again);
    return () => window.removeEventListener('online', again);
  }, [event]);
  if (!event.hasPhoto)
    return <span class="recording-words">{expected ? m.events_photo_waiting() : m.events_photo_none()}</span>;
  if (failed) return <span class="recording-words">{m.events_photo_failed()}</span>;
  return (
    <>
      <img
        key={failures}
        class="recording-picture"
        src={photoAddress(event)}
        alt={alt}
        loading="lazy"
        decoding="async"
        onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
          setSize({ width: naturalWidth, height: naturalHeight })
        }
        onError={() => setLoading((loading) => ({ failures: loading.failures + 1, failed: true }))}
      />
      {size && <Boxes boxes={event.boxes} size={size} />}
    </>
  );
}

/** Laid over the picture with the same fit, so that fractions of the picture fall where they belong. */
function Boxes({ boxes, size: { width, height } }: { readonly boxes: TimelineEvent['boxes']; readonly size: Size }) {
  return (
    <svg
      class="recording-boxes"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="xMidYMid meet"
      aria-hidden="true"
    >
      {boxes.map(([x, y, w, h]) => (
        <rect key={`${x} ${y} ${w} ${h}`} x={x * width} y={y * height} width={w * width} height={h * height} />
      ))}
    </svg>
  );
}
