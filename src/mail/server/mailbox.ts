/** Parcels enter where no mail server is set; the account's own mails leave, to be read in the app. */
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/database/database.ts';
import { MailboxMessage } from '../shared/mailbox.ts';
import type { MailTransport } from './transport.ts';

/** Mails kept for one account; older ones go. */
export const MAILS_PER_ACCOUNT = 200;

const Page = MailboxMessage.pick({ text: true, link: true, photoUrl: true });

export interface Mailbox {
  /** The way of mail into this mailbox. */
  readonly transport: MailTransport;
  /** Newest first. */
  list(accountId: string): Promise<MailboxMessage[]>;
  /** Null: no such mail of this account. */
  get(accountId: string, id: string): Promise<MailboxMessage | null>;
  /** The message itself, RFC 5322, with its photo. Null: no such mail of this account. */
  source(accountId: string, id: string): Promise<string | null>;
}

/** @param whole composes the message with this id together with its photo; null, or left out: it is whole as it is kept */
export function createMailbox(
  db: Database,
  clock: Clock,
  whole: (id: string) => Promise<Buffer | null> = async () => null,
): Mailbox {
  const columns = ['id', 'subject', 'receivedAt', 'payload'] as const;
  const shown = ({
    payload,
    ...row
  }: {
    id: string;
    subject: string;
    receivedAt: number;
    payload: string;
  }): MailboxMessage => ({
    ...row,
    ...Page.parse(JSON.parse(payload)),
  });

  /** Mails of an account, but for those about a deleted event: they are back with the event, or go with it. */
  const mailsOf = (accountId: string) =>
    db
      .selectFrom('mailbox')
      .where('mailbox.accountId', '=', accountId)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('delivery')
              .innerJoin('event', (join) =>
                join.onRef('event.cameraId', '=', 'delivery.cameraId').onRef('event.id', '=', 'delivery.eventId'),
              )
              .select('event.id')
              .whereRef('delivery.id', '=', 'mailbox.id')
              .where('event.deletedAt', 'is not', null),
          ),
        ),
      );

  const transport: MailTransport = {
    channel: 'mailbox',
    async send(parcel, atDot) {
      const { accountId } = parcel;
      // A code shown to whoever is signed in already would prove nothing about the address.
      if (accountId === null || parcel.secret) return { kind: 'refused', code: 'no-mail-server', said: null };
      if (!(await atDot())) return { kind: 'withdrawn' };
      await db.transaction().execute(async (trx) => {
        await trx
          .insertInto('mailbox')
          .values({
            id: parcel.id,
            accountId,
            subject: parcel.subject,
            receivedAt: clock.now(),
            source: parcel.source.toString('utf8'),
            payload: JSON.stringify(parcel.page),
          })
          // Said again after a crash: it is here already.
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute();
        const oldest = await trx
          .selectFrom('mailbox')
          .select('receivedAt')
          .where('accountId', '=', accountId)
          .orderBy('receivedAt', 'desc')
          .offset(MAILS_PER_ACCOUNT - 1)
          .limit(1)
          .executeTakeFirst();
        if (oldest)
          await trx
            .deleteFrom('mailbox')
            .where('accountId', '=', accountId)
            .where('receivedAt', '<', oldest.receivedAt)
            .execute();
      });
      return { kind: 'sent', said: null };
    },
    warm: () => undefined,
  };

  return {
    transport,
    async list(accountId) {
      const rows = await mailsOf(accountId)
        .select(columns)
        .orderBy('receivedAt', 'desc')
        .orderBy('id', 'desc')
        .execute();
      return rows.map(shown);
    },
    async get(accountId, id) {
      const row = await mailsOf(accountId).select(columns).where('mailbox.id', '=', id).executeTakeFirst();
      return row === undefined ? null : shown(row);
    },
    async source(accountId, id) {
      const row = await mailsOf(accountId).select('source').where('mailbox.id', '=', id).executeTakeFirst();
      return row === undefined ? null : ((await whole(id))?.toString('utf8') ?? row.source);
    },
  };
}
