/** A `Range` field and a size enter; the bytes to send leave (RFC 9110 § 14.2). */

/** Bytes `from`..`to`, both included. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Reads a range of bytes. `whole`: there is none, or one that may be ignored (other units, several ranges, not
 * well-formed). `unsatisfiable`: well-formed, with none of its bytes in the file.
 * @param size bytes of the file
 */
export function parseRange(field: string | undefined, size: number): ByteRange | 'whole' | 'unsatisfiable' {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(field?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'whole';
  if (first === '') {
    const wanted = Number(last);
    return wanted === 0 || size === 0 ? 'unsatisfiable' : { from: Math.max(0, size - wanted), to: size - 1 };
  }
  const from = Number(first);
  const to = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < from) return 'whole';
  return from < size ? { from, to } : 'unsatisfiable';
}
