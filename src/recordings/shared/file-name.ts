/** What a photo or clip shows enters; the name that its file has on a person's machine leaves. */

export interface RecordingName {
  /** Address of the account; left out where the person wants it so. */
  readonly address?: string;
  /** The camera's name as the person gave it. */
  readonly cameraName: string;
  /** Capture time, milliseconds since 1970. */
  readonly startedAt: number;
  /** IANA zone of the camera: `Europe/Paris`; an unknown one counts as UTC. */
  readonly timeZone: string;
  readonly extension: 'jpg' | 'mp4' | 'webm';
}

const NAME_LENGTH_MAX = 60;

/** `address_camera_2026-11-22_14-31-07.jpg`, in characters that every file system takes. */
export function recordingFileName({ address, cameraName, startedAt, timeZone, extension }: RecordingName): string {
  const parts = [plain(cameraName) || 'camera', localTime(startedAt, timeZone)];
  if (address !== undefined) parts.unshift(plain(address) || 'address');
  return `${parts.join('_')}.${extension}`;
}

/** Letters without their accents, digits and `@.+-`; everything else becomes a hyphen. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9@.+]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, NAME_LENGTH_MAX);
}

/** `2026-11-22_14-31-07` in that zone. */
function localTime(at: number, timeZone: string): string {
  const iso = formatter(timeZone).format(at);
  return iso.replace(', ', '_').replace(' ', '_').replaceAll(':', '-');
}

function formatter(timeZone: string): Intl.DateTimeFormat {
  // Swedish dates are ISO 8601.
  const form = { dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' } as const;
  try {
    return new Intl.DateTimeFormat('sv-SE', { ...form, timeZone });
  } catch {
    return new Intl.DateTimeFormat('sv-SE', { ...form, timeZone: 'UTC' });
  }
}
