/** A stream enters, where the worker cannot encode; films of events leave in pieces, from some seconds before on. */

/** Pieces leave this often, ms. */
const PIECE_MILLIS = 2000;
/** A recording that nothing happens in is thrown away when two younger ones run; one begins this often, ms. */
const ROLL_MILLIS = 5000;

const TYPES = ['video/mp4;codecs=avc1', 'video/webm;codecs=vp8', 'video/webm', 'video/mp4'];

export interface WindowRecorder {
  /** The event's film begins with what the older recording holds: five to ten seconds. */
  begin(eventId: string): void;
  end(eventId: string): void;
  close(): void;
}

interface Recording {
  readonly recorder: MediaRecorder;
  readonly pieces: Blob[];
  eventId: string | null;
}

/** @param onPiece in order; `last` comes once for each film */
export function createWindowRecorder(
  stream: MediaStream,
  onPiece: (eventId: string, bytes: ArrayBuffer, mediaType: string, last: boolean) => void,
): WindowRecorder {
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? '';
  const mediaType = mimeType.split(';')[0] ?? mimeType;
  let rolling: Recording[] = [];
  let active: Recording | null = null;
  let order: Promise<void> = Promise.resolve();

  function send(recording: Recording, last: boolean): void {
    const { eventId } = recording;
    const blob = new Blob(recording.pieces.splice(0), { type: mediaType });
    if (eventId === null || blob.size === 0) return;
    order = order.then(async () => onPiece(eventId, await blob.arrayBuffer(), mediaType, last));
  }

  function start(): void {
    // One that has ended cannot be recorded; with the next track comes another recorder.
    if (!stream.getTracks().some(({ readyState }) => readyState === 'live')) return;
    const recording: Recording = {
      recorder: new MediaRecorder(stream, mimeType ? { mimeType } : {}),
      pieces: [],
      eventId: null,
    };
    recording.recorder.ondataavailable = ({ data }) => {
      if (data.size === 0) return;
      // What came before goes out when more has come, so that something is left to be called the last.
      if (recording.eventId !== null && recording.pieces.length > 0) send(recording, false);
      recording.pieces.push(data);
    };
    recording.recorder.onstop = () => send(recording, true);
    recording.recorder.start(PIECE_MILLIS);
    rolling.push(recording);
  }

  function roll(): void {
    if (active) return;
    start();
    while (rolling.length > 2) stop(rolling.shift());
  }

  function stop(recording: Recording | undefined): void {
    if (recording && recording.recorder.state !== 'inactive') recording.recorder.stop();
  }

  roll();
  const timer = setInterval(roll, ROLL_MILLIS);
  return {
    begin(eventId) {
      if (active) stop(active);
      if (rolling.length === 0) start();
      const [oldest, ...younger] = rolling;
      rolling = [];
      for (const recording of younger) stop(recording);
      if (!oldest) return;
      active = oldest;
      oldest.eventId = eventId;
      if (oldest.recorder.state === 'recording') oldest.recorder.requestData();
    },
    end(eventId) {
      if (active?.eventId !== eventId) return;
      stop(active);
      active = null;
      roll();
    },
    close() {
      clearInterval(timer);
      for (const recording of rolling) stop(recording);
      stop(active ?? undefined);
    },
  };
}
