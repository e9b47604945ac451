/** An event enters; the addresses of its photo and clip on the server leave. */

export interface RecordedEvent {
  readonly cameraId: string;
  readonly id: string;
}

export function photoAddress(event: RecordedEvent): string {
  return `${eventAddress(event)}/photo`;
}

/** Complete: a file with ranges; before that it grows while it is read. */
export function clipAddress(event: RecordedEvent): string {
  return `${eventAddress(event)}/clip`;
}

/** The same as a download, with a name that says camera and time. */
export function downloadAddress(address: string): string {
  return `${address}?download=1`;
}

function eventAddress({ cameraId, id }: RecordedEvent): string {
  return `/api/cameras/${cameraId}/events/${id}`;
}
