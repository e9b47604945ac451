/** The media type of a film whose last part went with its page enters; a part of nothing leaves, which closes it. */

/** `free`, ISO/IEC 14496-12 § 8.1.2. */
const MP4_FREE = Uint8Array.of(0, 0, 0, 8, 0x66, 0x72, 0x65, 0x65);
/** `Void`, RFC 8794 § 11.3.2, of six bytes: what a player skips wherever the film broke off. */
const WEBM_VOID = Uint8Array.of(0xec, 0x86, 0, 0, 0, 0, 0, 0);

/** @param mediaType that of the film's parts: `video/webm`, else MP4 */
export function emptyPart(mediaType: string): Uint8Array<ArrayBuffer> {
  return mediaType === 'video/webm' ? WEBM_VOID : MP4_FREE;
}
