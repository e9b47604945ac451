/** Words of a command line enter (`npm run account -- reset ADDRESS`); a one-time link or a list leaves on the terminal. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../ports/clock.ts';
import { type Database, openDatabase } from '../../ports/database/database.ts';
import { migrate } from '../../ports/database/migrate.ts';
import { type Config, readConfig } from '../../server/config.ts';
import { isAddress } from '../shared/address.ts';
import { canonicalAddress } from './canonical-address.ts';
import { createOneTime, type Kept } from './one-time.ts';
import { createPeople } from './people.ts';

const MINUTE_MILLIS = 60_000;
const LINK_VALID_MINUTES = 30;
const INVITE_VALID_MINUTES = 7 * 24 * 60;

const USAGE = `npm run account -- COMMAND
  reset ADDRESS     prints a link that lets one choose a new password, good for ${LINK_VALID_MINUTES} minutes, once
  sign-in ADDRESS   prints a link that signs one in, good for ${LINK_VALID_MINUTES} minutes, once
  invite ADDRESS    prints a link that lets the address make an account, good for 7 days, once
  owner ADDRESS     makes an account the owner of this server
  list              prints the addresses that have an account`;

/** What ends the command with a sentence instead of a stack. */
class Refusal extends Error {}

async function run(words: readonly string[], db: Database, config: Config): Promise<string> {
  const [command, typed, ...rest] = words;
  const people = createPeople(db, systemClock);
  if (command === 'list' && typed === undefined) return lines(await people.list());
  if (typed === undefined || rest.length > 0) throw new Refusal(USAGE);
  if (!isAddress(typed)) throw new Refusal(`${JSON.stringify(typed)} does not have the form of a mail address.`);
  const email = canonicalAddress(typed);
  const oneTime = createOneTime(db, systemClock);
  const link = async (name: string, kept: Kept, minutes: number) =>
    links(config, `/#${name}=${await oneTime.issue(db, () => kept, minutes * MINUTE_MILLIS)}`);
  const known = async () => {
    const person = await people.find(email);
    if (!person) throw new Refusal(`${email} has no account here. "npm run account -- list" shows who has.`);
    return person.id;
  };
  switch (command) {
    case 'reset':
      return link('reset', { kind: 'reset', userId: await known(), proves: false }, LINK_VALID_MINUTES);
    case 'sign-in':
      return link('link', { kind: 'sign-in', userId: await known() }, LINK_VALID_MINUTES);
    case 'invite':
      if (await people.find(email)) throw new Refusal(`${email} has an account already.`);
      return link('invite', { kind: 'invite', email }, INVITE_VALID_MINUTES);
    case 'owner':
      await people.setOwner(await known());
      return `${email} runs this server now.`;
    default:
      throw new Refusal(USAGE);
  }
}

/** The link under PUBLIC_URL, or under the names that this machine has without it. */
function links(config: Config, path: string): string {
  if (config.PUBLIC_URL !== undefined) return `${config.PUBLIC_URL}${path}`;
  const atHome = config.HTTPS_PORT === 0 ? null : `https://vigie.local:${config.HTTPS_PORT}${path}`;
  // The running server chose its port; only its own output tells it.
  if (config.PORT === 0)
    return atHome ?? `PORT=0: put the address that the server printed when it started before this:\n${path}`;
  const here = `http://localhost:${config.PORT}${path}`;
  return atHome === null ? here : `${here}\nFrom another machine at home:\n${atHome}`;
}

function lines(
  people: readonly { readonly email: string; readonly isOwner: boolean; readonly emailVerified: boolean }[],
): string {
  if (people.length === 0) return 'Nobody has an account yet.';
  return people
    .map(({ email, isOwner, emailVerified }) =>
      [email, isOwner && 'owner', emailVerified && 'verified'].filter(Boolean).join('  '),
    )
    .join('\n');
}

try {
  // As the server does: what is kept is nobody else's to read.
  process.umask(0o077);
  const { positionals } = parseArgs({ allowPositionals: true });
  if (positionals.length === 0) throw new Refusal(USAGE);
  const config = readConfig(process.env);
  const database = await openDatabase(config.DATABASE_URL ?? join(config.DATA_DIR, 'vigie.sqlite'));
  try {
    await migrate(database.db);
    process.stdout.write(`${await run(positionals, database.db, config)}\n`);
  } finally {
    await database.close();
  }
} catch (error) {
  const plain = error instanceof Refusal || (error instanceof Error && 'code' in error);
  process.stderr.write(`${plain ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
