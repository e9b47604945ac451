/** A browser and a person enter; their camera's page leaves, opened, named, armed, and what the server has of it. */
import type { BrowserContext, Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import type { Timeline, TimelineEvent } from '../../src/events/shared/schema.ts';
import type { Person } from './person.ts';

/** Opens `/camera` and waits until the webcam's picture is there. */
export async function openCamera(context: BrowserContext, origin: string, query = ''): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${origin}/camera${query}`);
  await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2);
  return page;
}

/** Gives it a name and starts the surveillance. */
export async function arm(page: Page, name = 'Living room'): Promise<void> {
  await page.getByLabel('Camera name').fill(name);
  await page.getByRole('button', { name: 'Start surveillance' }).click();
  await expectStatus(page, 'Watching');
}

/** Waits until the page's status region says so. */
export async function expectStatus(page: Page, text: string | RegExp, timeout = 20_000): Promise<void> {
  await expect
    .poll(() => page.getByRole('status').textContent(), { timeout })
    .toMatch(text instanceof RegExp ? text : new RegExp(escaped(text)));
}

/** Everything in the person's timeline, newest first. */
export async function eventsOf(origin: string, person: Person): Promise<TimelineEvent[]> {
  const answer = await fetch(`${origin}/api/events`, { headers: person.session });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as Timeline).events;
}

/** Waits for an event that is as wanted. */
export async function eventWhere(
  origin: string,
  person: Person,
  wanted: (event: TimelineEvent) => boolean,
  timeout = 60_000,
): Promise<TimelineEvent> {
  return vi.waitFor(
    async () => {
      const found = (await eventsOf(origin, person)).find(wanted);
      if (!found) throw new Error('no such event yet');
      return found;
    },
    { timeout, interval: 200 },
  );
}

export async function mediaOf(
  origin: string,
  person: Person,
  event: TimelineEvent,
  what: 'photo' | 'clip',
): Promise<Buffer> {
  const answer = await fetch(`${origin}/api/cameras/${event.cameraId}/events/${event.id}/${what}`, {
    headers: person.session,
  });
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
