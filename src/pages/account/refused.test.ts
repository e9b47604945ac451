import { expect, it } from 'vitest';
import type { TimelineEvent } from '../../events/shared/schema.ts';
import { lastRefused } from './refused.ts';

type State = TimelineEvent['deliveries'][number]['state'];

/** An event whose alert went to one address. */
const told = (state: State) =>
  ({
    deliveries: [{ channel: 'mail', recipient: 'ann@example.org', state, sentAt: null, error: '550 no such user' }],
  }) as unknown as TimelineEvent;
const untold = { deliveries: [] } as unknown as TimelineEvent;

it('the last alert of which the end is known counts', () => {
  const refused = told('refused');
  expect(lastRefused([untold, told('queued'), refused, told('sent')])).toEqual({
    event: refused,
    recipient: 'ann@example.org',
    error: '550 no such user',
  });
  expect(lastRefused([told('sent'), refused])).toBeNull();
  expect(lastRefused([untold])).toBeNull();
  expect(lastRefused([])).toBeNull();
});
