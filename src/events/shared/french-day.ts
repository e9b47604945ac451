/** A French date as Intl writes it enters; it leaves with the first of a month as people write it: "1er novembre". */

const FIRST = /(?<!\d)1(?=[ \u00a0](?:janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc))/;

export function frenchDay(text: string): string {
  return text.replace(FIRST, '1er');
}
