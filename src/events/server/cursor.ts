/** The place of an event in the timeline enters and leaves as the text that asks for the next page. */

/** Order of the timeline: by time of capture, then by ids, so that no two events have the same place. */
export interface TimelinePlace {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly id: string;
  readonly cameraId: string;
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const FORM = new RegExp(`^(0|[1-9]\\d{0,15})_(${UUID})_(${UUID})$`);

/** What `GET /api/events` gives as `next`. */
export function cursorOf({ startedAt, id, cameraId }: TimelinePlace): string {
  return `${startedAt}_${id}_${cameraId}`;
}

/** Reads `before`; null where it is not what {@link cursorOf} makes. */
export function parseCursor(text: string): TimelinePlace | null {
  const [, startedAt, id, cameraId] = FORM.exec(text) ?? [];
  if (startedAt === undefined || id === undefined || cameraId === undefined) return null;
  return { startedAt: Number(startedAt), id, cameraId };
}
