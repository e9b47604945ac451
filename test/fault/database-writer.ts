// A path enters as argument; rows are written as fast as they go, and each one's number is printed once it is acknowledged.
import { openDatabase } from '../../src/ports/database/database.ts';
import { migrate } from '../../src/ports/database/migrate.ts';

const [path = ''] = process.argv.slice(2);
const { db } = await openDatabase(path);
await migrate(db);
const first = (
  await db
    .selectFrom('setting')
    .select((of) => of.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow()
).rows;

/** Eight writers side by side, so that groups have several members. */
let next = first * 10;
async function write(): Promise<never> {
  for (;;) {
    const n = next++;
    await db.transaction().execute(async (trx) => {
      await trx
        .insertInto('setting')
        .values({ key: `${process.pid} ${n} a`, value: String(n) })
        .execute();
      await trx
        .insertInto('setting')
        .values({ key: `${process.pid} ${n} b`, value: String(n) })
        .execute();
    });
    process.stdout.write(`${process.pid} ${n}\n`);
  }
}
await Promise.all(Array.from({ length: 8 }, write));
