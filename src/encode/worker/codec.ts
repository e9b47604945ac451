/** The size of a picture enters; the encoder configuration that this machine supports leaves. */

/** Bits per pixel and second that a room at rest and a person in it look good with. */
const BITS_PER_PIXEL = 0.08;
const BITRATE_MIN = 200_000;
const BITRATE_MAX = 3_000_000;
const MACROBLOCK_PIXELS = 16;

/** ITU-T H.264 table A-1: level_idc, macroblocks a frame, macroblocks a second. */
const H264_LEVELS: readonly (readonly [number, number, number])[] = [
  [0x0d, 396, 11_880],
  [0x15, 792, 19_800],
  [0x1e, 1620, 40_500],
  [0x1f, 3600, 108_000],
  [0x28, 8192, 245_760],
  [0x32, 22_080, 589_824],
  [0x33, 36_864, 983_040],
];

/** VP9 levels: number in the codec string, luma samples a picture, luma samples a second. */
const VP9_LEVELS: readonly (readonly [string, number, number])[] = [
  ['20', 122_880, 3_686_400],
  ['21', 245_760, 7_372_800],
  ['30', 552_960, 20_736_000],
  ['31', 983_040, 41_472_000],
  ['40', 2_228_224, 83_558_400],
  ['50', 8_912_896, 311_951_360],
];

/** Constrained baseline of the lowest level that carries this picture: `avc1.42E01E`. */
export function h264Codec(width: number, height: number, framesPerSecond: number): string {
  const macroblocks = Math.ceil(width / MACROBLOCK_PIXELS) * Math.ceil(height / MACROBLOCK_PIXELS);
  const level = H264_LEVELS.find(
    ([, frame, second]) => macroblocks <= frame && macroblocks * framesPerSecond <= second,
  );
  return `avc1.42E0${(level?.[0] ?? 0x34).toString(16).padStart(2, '0').toUpperCase()}`;
}

/** Profile 0, 8 bits, of the lowest level that carries this picture: `vp09.00.30.08`. */
export function vp9Codec(width: number, height: number, framesPerSecond: number): string {
  const samples = width * height;
  const level = VP9_LEVELS.find(([, picture, second]) => samples <= picture && samples * framesPerSecond <= second);
  return `vp09.00.${level?.[0] ?? '60'}.08`;
}

/**
 * H.264 first (a third of VP9's work where it was measured), VP9 second; sizes are made even, as 4:2:0 wants.
 *
 * @param supports WebCodecs' `VideoEncoder.isConfigSupported`, reduced to its answer
 * @param skip codecs that have already failed here: `avc1`, `vp09`
 * @returns null where the machine encodes neither.
 */
export async function chooseEncoding(
  width: number,
  height: number,
  framesPerSecond: number,
  supports: (config: VideoEncoderConfig) => Promise<boolean>,
  skip: ReadonlySet<string> = new Set(),
): Promise<VideoEncoderConfig | null> {
  const even = { width: width & ~1, height: height & ~1 };
  const bitrate = Math.round(even.width * even.height * framesPerSecond * BITS_PER_PIXEL);
  const shared = {
    ...even,
    framerate: framesPerSecond,
    bitrate: Math.min(BITRATE_MAX, Math.max(BITRATE_MIN, bitrate)),
    latencyMode: 'realtime',
  } as const;
  const candidates: VideoEncoderConfig[] = [
    { ...shared, codec: h264Codec(even.width, even.height, framesPerSecond), avc: { format: 'annexb' } },
    { ...shared, codec: vp9Codec(even.width, even.height, framesPerSecond) },
  ];
  for (const candidate of candidates) {
    if (!skip.has(candidate.codec.slice(0, 4)) && (await supports(candidate))) return candidate;
  }
  return null;
}
