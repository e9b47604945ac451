/** The first and last bytes of a file enter; what kind of file it claims to be leaves. Nothing is ever decoded here. */
import type { ClipType } from '../../events/shared/schema.ts';

/** Whether the bytes begin and end as a JPEG does (SOI and a marker, EOI; ITU-T T.81 § B.1.1.3). */
export function isJpeg(head: Buffer, tail: Buffer): boolean {
  return head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff && tail[0] === 0xff && tail[1] === 0xd9;
}

/** Boxes with which a part of a fragmented MP4 after the first one begins (ISO/IEC 14496-12). */
const MP4_PART_BOXES: readonly string[] = ['moof', 'styp', 'sidx', 'emsg', 'prft', 'mfra', 'free', 'mdat', 'moov'];

/**
 * The type of part `n` of a clip by its first bytes; null: no clip.
 *
 * Part 0 begins with `ftyp` (MP4) or the EBML magic (WebM, RFC 8794 § 11.2.1). A later part of an MP4 begins with a box;
 * of a WebM with anything, since MediaRecorder cuts its bytes anywhere: there the camera's word (`contentType`) counts.
 */
export function clipTypeOf(n: number, head: Buffer, contentType: string | undefined): ClipType | null {
  const box = head.toString('latin1', 4, 8);
  if (n === 0) {
    if (box === 'ftyp') return 'video/mp4';
    return head.readUInt32BE(0) === 0x1a45dfa3 ? 'video/webm' : null;
  }
  if (contentType?.startsWith('video/webm')) return 'video/webm';
  return MP4_PART_BOXES.includes(box) ? 'video/mp4' : null;
}
