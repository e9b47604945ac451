/** An event and the length of its whole clip enter; where in the clip the event begins leaves. */
import type { TimelineEvent } from '../../events/shared/schema.ts';

/** A clip goes on for this long after the last movement, s. */
const POST_CAPTURE_SECONDS = 5;
/** A clip shows five seconds before its event, and begins at a key chunk: at most a group of pictures more, s. */
const PRE_CAPTURE_SECONDS_MAX = 8;
/** Earlier by this, s: clip and facts do not agree to the frame, and nobody is to miss the moment. */
const MARGIN_SECONDS = 1;

/**
 * Seconds from the clip's beginning to just before its event's; 0 where that is not known: the clip goes on from another
 * event, or is shorter than what it tells of.
 *
 * @param durationSeconds of the clip; not finite where the player does not know
 */
export function momentSeconds(
  { startedAt, endedAt, continues }: Pick<TimelineEvent, 'startedAt' | 'endedAt' | 'continues'>,
  durationSeconds: number,
): number {
  if (endedAt === null || continues !== null || !Number.isFinite(durationSeconds)) return 0;
  const before = durationSeconds - POST_CAPTURE_SECONDS - (endedAt - startedAt) / 1000;
  return before > PRE_CAPTURE_SECONDS_MAX ? 0 : Math.max(0, before - MARGIN_SECONDS);
}
