/** A masked picture enters; what the detector makes of it leaves, in fractions of the picture. */
import { createDetector, type Detector } from '../../motion/shared/detector.ts';
import type { DetectorPictures, MotionReport, WatchSettings } from '../shared/messages.ts';
import type { Picture } from './picture.ts';

export interface Eye {
  configure(settings: WatchSettings): void;
  /** @param timestampSeconds growing; a step back, or another size, starts it anew */
  look(picture: Picture, timestampSeconds: number): MotionReport;
  /** The three pictures of the last frame; null before the first. */
  pictures(): DetectorPictures | null;
}

export function createEye(): Eye {
  let detector: Detector = createDetector();
  let lastSeconds = Number.NEGATIVE_INFINITY;
  return {
    configure({ sensitivity, thresholdPercent }) {
      detector = createDetector({ sensitivity, ...(thresholdPercent !== null && { thresholdPercent }) });
    },
    look(picture, timestampSeconds) {
      if (timestampSeconds < lastSeconds) detector.reset();
      lastSeconds = timestampSeconds;
      const { width, height } = picture;
      const state = detector.analyse(picture.luma, width, height, picture.stride, timestampSeconds);
      const { motion, score, changedRatio, reason } = state;
      const boxes = state.boxes.map(([x, y, w, h]) => [clip(x / width), clip(y / height), clip(w / width), clip(h / height)] as const);
      return { motion, score, changedRatio, thresholdRatio: 0.004, legacyValue: 0, reason, boxes, width, height };
    },
    pictures: () => null,
  };
}

function clip(fraction: number): number {
  return Math.min(1, Math.max(0, fraction));
}
