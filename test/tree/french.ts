// A French sentence enters; what is wrong with the spaces about its punctuation leaves.

const noBreak = '\u00A0\u202F';

/**
 * French puts a no-break space (U+00A0 or U+202F) before : ; ! ? » and after «. A colon inside an address or a time
 * (https://, 14:02) is none of these.
 * @returns the piece that is wrong, or undefined
 */
export function wrongSpacing(sentence: string): string | undefined {
  const signs = new RegExp(`.{0,12}(?<![${noBreak};!?:])(?:[;!?»]|:(?=$|[\\s${noBreak}]))`, 'u');
  const opening = new RegExp(`«(?![${noBreak}]).{0,12}`, 'u');
  return (signs.exec(sentence) ?? opening.exec(sentence))?.[0];
}
