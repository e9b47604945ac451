/** What one message says, whatever it is about: nothing enters, the shape that `message.ts` puts on paper leaves. */

export interface Letter {
  readonly locale: 'en' | 'fr';
  readonly subject: string;
  /** Heading of the text. */
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** Shown large, to be typed elsewhere. */
  readonly code?: string;
  /** The one thing to do, an absolute http(s) address. */
  readonly action?: { readonly label: string; readonly url: string };
  /** Small print. */
  readonly notes: readonly string[];
  readonly photo?: Photo;
}

export interface Photo {
  /** JPEG. */
  readonly bytes: Buffer;
  readonly fileName: string;
  /** For who does not see it. */
  readonly description: string;
}
