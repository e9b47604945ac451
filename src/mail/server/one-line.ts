/** Text that somebody typed enters; one harmless line leaves, fit for a header, a subject or a sentence. */

/** Longest line kept, characters. */
const LINE_MAX = 200;
/** Several spaces are one: a header that is folded between two of them would lose one. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp} ]+/gu;
/** Characters that turn the direction of what follows them (UAX #9). */
const DIRECTION = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
/** Looks like the beginning of an encoded word (RFC 2047 § 2), which a reader would decode. */
const ENCODED_WORD = /=(?=\?)/g;
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/u;

/** No line breaks, no control or direction characters, no half surrogates, no encoded words, no space at the ends. */
export function oneLine(text: string): string {
  const plain = text.toWellFormed().replace(DIRECTION, '').replace(CONTROL, ' ').replace(ENCODED_WORD, '= ').trim();
  return [...plain].slice(0, LINE_MAX).join('').trim();
}

/** A name to be put into a sentence: one line, and one that reads from right to left does not turn the rest around. */
export function nameInSentence(name: string): string {
  const line = oneLine(name);
  return RIGHT_TO_LEFT.test(line) ? `\u2068${line}\u2069` : line;
}
