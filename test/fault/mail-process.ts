/** A process to be killed: database path and SMTP address enter as arguments; it queues alarms, says which, and sends them. */
import { createAlerts } from '../../src/alerts/server/alerts.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { openDatabase } from '../../src/ports/database/database.ts';
import { ACCOUNT, CAMERA, insertIntrusion } from '../kit/alerts.ts';

const [path = '', smtpUrl = '', count = '0'] = process.argv.slice(2);
const { db } = await openDatabase(path);
const photo = Buffer.alloc(30_000, 1);
const alerts = createAlerts({
  db,
  config: { SMTP_URL: smtpUrl, PUBLIC_URL: 'https://vigie.example.org' },
  secret: 'a secret of a test, thirty-two characters long',
  clock: systemClock,
  localOrigin: () => '',
  photoOf: async () => photo,
  onError: (error) => console.error(error),
});
await alerts.settings.load();
await alerts.outbox.start();
for (let n = 0; n < Number(count); n += 1) {
  const eventId = await insertIntrusion(db, alerts, ACCOUNT);
  // On disk: what a server would answer 2xx for.
  process.send?.(eventId);
  await db.updateTable('event').set({ photoBytes: photo.length }).where('id', '=', eventId).execute();
  await alerts.outbox.photoArrived(CAMERA.id, eventId);
}
process.on('disconnect', () => process.exit(0));
