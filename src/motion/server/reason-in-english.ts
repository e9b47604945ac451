/** Enters a reason; leaves the short English words that the command prints. */
import type { Reason } from '../shared/reason.ts';

/** As "object, 2.4 %, 0.3 s". */
export function reasonInEnglish(reason: Reason): string {
  const area = `${(reason.areaRatio * 100).toPrecision(2)} %`;
  switch (reason.code) {
    case 'quiet':
      return 'nothing moves';
    case 'learning':
      return `learning the background, ${reason.seconds.toFixed(1)} s to go`;
    case 'object':
      return `object, ${area}, ${reason.seconds.toFixed(1)} s`;
    case 'confirming':
      return `may be an object, ${area}`;
    case 'settled':
      return `object that has stopped, ${area}`;
    case 'too-small':
      return `too small, ${area} of ${(reason.thresholdRatio * 100).toPrecision(2)} %`;
    case 'light-change':
      return `global light change, rejected, ${area}`;
    case 'local-light':
      return `light or shadow, rejected, ${area}`;
    case 'weather':
      return `rain, snow or noise, rejected, ${area}`;
    case 'too-fast':
      return `too fast (insect), rejected, ${area}`;
    case 'sway':
      return `swaying in place, rejected, ${area}`;
  }
}
