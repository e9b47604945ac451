/** The database and the mail settings enter; everything that tells people something leaves, put together. */
import type { FastifyRequest } from 'fastify';
import { readDkimKey } from '../../mail/server/dkim.ts';
import { createMailbox, type Mailbox } from '../../mail/server/mailbox.ts';
import { mailboxRoutes } from '../../mail/server/mailbox-routes.ts';
import { createMailer, type Mailer } from '../../mail/server/mailer.ts';
import { createMailSettings, type MailSettings } from '../../mail/server/settings.ts';
import { mailSettingsRoutes } from '../../mail/server/settings-routes.ts';
import { sendTestMail } from '../../mail/server/test-mail.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/database/database.ts';
import type { App } from '../../server/app-type.ts';
import { createCompose, type PhotoOf } from './compose.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { createDeliveryStore, type DeliveryStore } from './delivery-store.ts';
import { testLetter } from './letters/account.ts';
import { linksOf } from './letters/links.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { systemTimers, type Timers } from './timers.ts';

/** How long mails on their way may take at the end of the server, milliseconds; what is left goes after the next start. */
const CLOSE_MILLIS = 3_000;

export interface AlertsConfig {
  readonly SMTP_URL?: string | undefined;
  readonly MAIL_FROM?: string | undefined;
  readonly DKIM_DOMAIN?: string | undefined;
  readonly DKIM_SELECTOR?: string | undefined;
  readonly DKIM_PRIVATE_KEY?: string | undefined;
  readonly PUBLIC_URL?: string | undefined;
}

/** Who is signed in; a part of the accounts feature. */
export interface AccountGate {
  /** @throws {ApiError} 401 `not-signed-in` */
  requireAccount(
    request: FastifyRequest,
  ): Promise<{ readonly id: string; readonly email: string; readonly locale: 'en' | 'fr'; readonly isOwner: boolean }>;
}

export interface Alerts {
  readonly deliveries: Deliveries;
  readonly outbox: Outbox;
  readonly store: DeliveryStore;
  readonly mailbox: Mailbox;
  readonly mailer: Mailer;
  readonly settings: MailSettings;
  /** Adds `/api/mailbox`, `/api/mail/settings` and `/api/mail/test`. */
  routes(app: App, accounts: AccountGate): void;
  /** Ends in seconds; nothing is lost. */
  close(): Promise<void>;
}

/**
 * Call `settings.load()`, then `outbox.start()`.
 *
 * @param localOrigin address on the local network, for links where PUBLIC_URL is unset
 * @throws {MailConfigError} where SMTP_URL or a DKIM key is malformed
 */
export function createAlerts(parts: {
  readonly db: Database;
  readonly config: AlertsConfig;
  readonly secret: string;
  readonly clock: Clock;
  readonly localOrigin: () => string;
  readonly photoOf: PhotoOf;
  readonly onError: (error: unknown) => void;
  /** What became of telling about an event is on disk. */
  readonly onTold?: (told: { readonly accountId: string; readonly cameraId: string; readonly eventId: string }) => void;
  /** Left out: the machine's own. */
  readonly timers?: Timers;
}): Alerts {
  const { db, config, clock } = parts;
  const host = config.PUBLIC_URL === undefined ? null : new URL(config.PUBLIC_URL).hostname;
  const settings = createMailSettings({ db, config, secret: parts.secret, host });
  const mailer = createMailer({ clock, dkim: readDkimKey(config) });
  const store = createDeliveryStore(db);
  const compose = createCompose({
    clock,
    sender: settings.sender,
    links: () => linksOf(config.PUBLIC_URL ?? parts.localOrigin(), config.PUBLIC_URL === undefined),
    photoOf: parts.photoOf,
    onError: parts.onError,
  });
  const mailbox = createMailbox(db, clock, async (id) => {
    const row = await store.alarm(id);
    return row === null ? null : (await compose(row, 'file')).source;
  });
  const outbox = createOutbox({
    store,
    clock,
    timers: parts.timers ?? systemTimers,
    transport() {
      const smtp = settings.smtp();
      return smtp === null ? mailbox.transport : mailer.transport(smtp);
    },
    compose,
    onError: parts.onError,
    onSettled({ accountId, cameraId, eventId }) {
      if (accountId !== null && cameraId !== null && eventId !== null) parts.onTold?.({ accountId, cameraId, eventId });
    },
  });
  const deliveries = createDeliveries({
    clock,
    messageIdDomain: settings.messageIdDomain,
    channel: () => (settings.mode() === 'smtp' ? 'mail' : 'mailbox'),
    wake: outbox.wake,
  });
  return {
    deliveries,
    outbox,
    store,
    mailbox,
    mailer,
    settings,
    routes(app, accounts) {
      mailboxRoutes(app, { mailbox, accounts });
      mailSettingsRoutes(app, {
        settings,
        accounts,
        waiting: store.waiting,
        onChange: outbox.serverChanged,
        test: (owner) => sendTestMail({ settings, mailer, mailbox, clock }, testLetter(owner.locale), owner),
      });
    },
    async close() {
      const idle = outbox.close();
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([idle, new Promise((resolve) => (timer = setTimeout(resolve, CLOSE_MILLIS)))]);
      clearTimeout(timer);
      await mailer.close();
      await idle;
    },
  };
}
