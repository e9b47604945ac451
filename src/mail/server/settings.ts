/** Configuration and the owner's form enter; the mail server in use at this moment leaves. */
import { z } from 'zod';
import type { Database } from '../../ports/database/database.ts';
import { type OwnerSmtp, SmtpSettings } from '../shared/settings.ts';
import { createSeal } from './sealed.ts';
import { domainOf, type Sender, senderOf } from './sender.ts';
import { parseSmtpUrl } from './smtp-settings.ts';

const KEY = 'smtp';

/** The owner's settings as kept: the password sealed. */
const Stored = SmtpSettings.omit({ password: true }).extend({
  sealedPassword: z.string().nullable(),
  from: z.string().nullable(),
});
type Stored = z.infer<typeof Stored>;

/** Where the settings in use come from: SMTP_URL, the owner's page, or nowhere (mail stays in the app). */
export type SettingsSource = 'environment' | 'page' | 'none';

export interface MailSettings {
  /** Reads what the owner set. Once, at the start. */
  load(): Promise<void>;
  source(): SettingsSource;
  /** Null: no mail server; messages stay in the app. */
  smtp(): SmtpSettings | null;
  mode(): 'smtp' | 'mailbox';
  sender(): Sender;
  /** Right side of our Message-IDs. */
  messageIdDomain(): string;
  /** What the owner set, without the password; null: nothing. */
  owners(): {
    readonly settings: Omit<SmtpSettings, 'password'>;
    readonly hasPassword: boolean;
    readonly from: string | null;
  } | null;
  /** Null: forget the mail server. */
  save(settings: OwnerSmtp | null): Promise<void>;
}

/**
 * @param config SMTP_URL and MAIL_FROM win over the owner's page
 * @param secret the server's SECRET, which seals the password
 * @param host name of this server, for a sender where none is set; null: unknown
 * @throws {MailConfigError} where SMTP_URL is malformed
 */
export function createMailSettings(parts: {
  readonly db: Database;
  readonly config: { readonly SMTP_URL?: string | undefined; readonly MAIL_FROM?: string | undefined };
  readonly secret: string;
  readonly host: string | null;
}): MailSettings {
  const { db, config } = parts;
  const seal = createSeal(parts.secret, 'smtp-password');
  const fromEnvironment = config.SMTP_URL === undefined ? null : parseSmtpUrl(config.SMTP_URL);
  let stored: Stored | null = null;

  const ownersSmtp = (): SmtpSettings | null => {
    if (stored === null) return null;
    const { from: _, sealedPassword, ...settings } = stored;
    return { ...settings, password: sealedPassword === null ? null : seal.open(sealedPassword) };
  };
  const smtp = () => fromEnvironment ?? ownersSmtp();
  const sender = () =>
    senderOf(
      config.MAIL_FROM ?? (fromEnvironment === null ? (stored?.from ?? null) : null),
      smtp()?.user ?? null,
      parts.host,
    );

  return {
    async load() {
      const row = await db.selectFrom('setting').select('value').where('key', '=', KEY).executeTakeFirst();
      stored = row === undefined ? null : Stored.parse(JSON.parse(row.value));
    },
    source: () => (fromEnvironment !== null ? 'environment' : stored !== null ? 'page' : 'none'),
    smtp,
    mode: () => (fromEnvironment !== null || stored !== null ? 'smtp' : 'mailbox'),
    sender,
    messageIdDomain: () => domainOf(sender()),
    owners() {
      if (stored === null) return null;
      const { from, sealedPassword, ...settings } = stored;
      return { settings, hasPassword: sealedPassword !== null, from };
    },
    async save(settings) {
      if (settings === null) {
        await db.deleteFrom('setting').where('key', '=', KEY).execute();
        stored = null;
        return;
      }
      const { password, ...rest } = settings;
      // A kept password goes only to whom it was given for.
      const same = stored !== null && stored.host === settings.host && stored.user === settings.user;
      const kept = same ? (stored?.sealedPassword ?? null) : null;
      const sealedPassword = password === undefined ? kept : password === null ? null : seal.seal(password);
      const next: Stored = { ...rest, sealedPassword };
      const value = JSON.stringify(next);
      await db
        .insertInto('setting')
        .values({ key: KEY, value })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
        .execute();
      stored = next;
    },
  };
}
