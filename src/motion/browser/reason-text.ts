/** Enters the detector's reason; leaves a sentence in the person's language. */
import { m } from '../../messages/generated/messages.js';
import { getLocale } from '../../messages/generated/runtime.js';
import type { Reason } from '../shared/reason.ts';

/** Whole seconds and tenths say enough; a small share needs two digits. */
const SECONDS = { style: 'unit', unit: 'second', maximumFractionDigits: 1 } as const;
const PERCENT = { style: 'percent', maximumSignificantDigits: 2 } as const;

/** As "Somebody is there: 12 % of the picture, for 0.4 s." `locale` is the page's when not given. */
export function reasonText(reason: Reason, locale: 'en' | 'fr' = getLocale()): string {
  const percent = (ratio: number) => new Intl.NumberFormat(locale, PERCENT).format(ratio);
  const seconds = new Intl.NumberFormat(locale, SECONDS).format(reason.seconds);
  const area = percent(reason.areaRatio);
  const inLocale = { locale };
  switch (reason.code) {
    case 'quiet':
      return m.motion_reason_quiet({}, inLocale);
    case 'learning':
      return m.motion_reason_learning({ seconds }, inLocale);
    case 'object':
      return m.motion_reason_object({ area, seconds }, inLocale);
    case 'confirming':
      return m.motion_reason_confirming({ area }, inLocale);
    case 'settled':
      return m.motion_reason_settled({ area }, inLocale);
    case 'too-small':
      return m.motion_reason_too_small({ area, threshold: percent(reason.thresholdRatio) }, inLocale);
    case 'light-change':
      return m.motion_reason_light_change({ area }, inLocale);
    case 'local-light':
      return m.motion_reason_local_light({ area }, inLocale);
    case 'weather':
      return m.motion_reason_weather({ area }, inLocale);
    case 'too-fast':
      return m.motion_reason_too_fast({ area }, inLocale);
    case 'sway':
      return m.motion_reason_sway({ area }, inLocale);
  }
}
