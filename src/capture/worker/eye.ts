/** A masked picture enters; what the detector makes of it leaves, in fractions of the picture. */
import { createDetector } from '../../motion/shared/detector.ts';
import { createLegacyIndicator } from '../../motion/shared/legacy.ts';
import { sensitivityNumbers } from '../../motion/shared/sensitivity.ts';
import type { DetectorPictures, MotionReport, WatchSettings } from '../shared/messages.ts';
import type { Picture } from './picture.ts';

export interface Eye {
  configure(settings: WatchSettings): void;
  /** @param timestampSeconds growing; a step back starts it anew, as another size does */
  look(picture: Picture, timestampSeconds: number): MotionReport;
  /** Whether to keep the value of the 2013 system and its pictures up to date. */
  show(on: boolean): void;
  /** Copies of the three pictures of the last frame. */
  pictures(): DetectorPictures;
}

export function createEye(): Eye {
  const detector = createDetector();
  const legacy = createLegacyIndicator();
  let thresholdRatio = sensitivityNumbers('person').thresholdRatio;
  let lastSeconds = Number.NEGATIVE_INFINITY;
  let showing = false;
  return {
    configure({ sensitivity, thresholdPercent }) {
      const own = thresholdPercent ?? undefined;
      detector.setSensitivity(sensitivity, own);
      thresholdRatio = sensitivityNumbers(sensitivity, own).thresholdRatio;
    },
    look(picture, timestampSeconds) {
      if (timestampSeconds < lastSeconds) detector.reset();
      lastSeconds = timestampSeconds;
      const { width, height } = picture;
      const state = detector.analyse(picture.luma, width, height, picture.stride, timestampSeconds);
      // The detector fills the same objects again at the next frame.
      return {
        motion: state.motion,
        score: state.score,
        changedRatio: state.changedRatio,
        thresholdRatio,
        legacyValue: showing ? legacy.value(detector.picture().frame) : 0,
        reason: { ...state.reason },
        boxes: state.boxes.map(
          ([x, y, w, h]) => [within(x / width), within(y / height), within(w / width), within(h / height)] as const,
        ),
        width,
        height,
      };
    },
    show(on) {
      showing = on;
    },
    pictures() {
      const { width, height, frame, reference, difference } = detector.picture();
      return {
        width,
        height,
        frame: Uint8Array.from(frame),
        reference: Uint8Array.from(reference),
        difference: Uint8Array.from(difference),
      };
    },
  };
}

function within(fraction: number): number {
  return Math.min(1, Math.max(0, fraction));
}
