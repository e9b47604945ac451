/** What is known of a camera enters; whether it is an alarm, and one that was not said yet, leaves. */
import type { Camera } from '../../cameras/shared/schema.ts';

/** `blind`: an armed camera that cannot see. */
export type Alarm = 'movement' | 'blind';

/** Null: all is well. Undefined: without a connection nobody knows. */
export function alarmOf({ state, motion }: Pick<Camera, 'state' | 'motion'>, known: boolean): Alarm | null | undefined {
  if (!known) return undefined;
  if (state === 'blind') return 'blind';
  return motion ? 'movement' : null;
}

/** Remembers what was said, so that a connection that comes back does not say it again. */
export function createAlarmMemory(): { isNews(alarm: Alarm | null | undefined): alarm is Alarm } {
  let said: Alarm | null = null;
  return {
    isNews(alarm): alarm is Alarm {
      if (alarm === undefined) return false;
      const news = alarm !== null && alarm !== said;
      said = alarm;
      return news;
    },
  };
}
