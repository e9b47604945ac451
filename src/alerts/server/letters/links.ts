/** Where this server can be reached enters; the addresses that letters point to leave. */

export interface Links {
  /** The address works on the local network alone. */
  readonly homeOnly: boolean;
  readonly home: string;
  event(cameraId: string, eventId: string): string;
}

/** @param origin such as `https://vigie.example.org`, without a slash at its end */
export function linksOf(origin: string, homeOnly: boolean): Links {
  return {
    homeOnly,
    home: `${origin}/`,
    event: (cameraId, eventId) => `${origin}/events#${cameraId}.${eventId}`,
  };
}
