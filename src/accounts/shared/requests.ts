/** What the accounts' API takes and gives: unknown enters, checked values leave. */
import { z } from 'zod';
import { AccountLocale } from './account.ts';
import { ADDRESS_LENGTH_MAX, isAddress } from './address.ts';
import { isPassword, PASSWORD_LENGTH_MAX } from './password.ts';

/** An address as typed; the server keeps it in one form. */
const Address = z
  .string()
  .max(ADDRESS_LENGTH_MAX + 20)
  .refine(isAddress, 'not the form of an address');
/** A new password. */
const NewPassword = z
  .string()
  .max(PASSWORD_LENGTH_MAX * 2)
  .refine(isPassword, 'ten characters or more');
/** A password to check: anything, since rules change. */
const GivenPassword = z.string().max(PASSWORD_LENGTH_MAX * 2);
/** What a link or an answer of ours carried: 32 bytes, base64url. */
const Token = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const SignUp = z
  .object({ email: Address, password: NewPassword, locale: AccountLocale, invite: Token.optional() })
  .strict();
export type SignUp = z.infer<typeof SignUp>;

export const StartWithAddress = z.object({ email: Address, locale: AccountLocale, invite: Token.optional() }).strict();
export type StartWithAddress = z.infer<typeof StartWithAddress>;

export const VerifyCode = z.object({ flow: Token, code: z.string().regex(/^\d{6}$/) }).strict();
export const SignIn = z.object({ email: z.string().max(400), password: GivenPassword }).strict();
export const Forgot = z.object({ email: Address }).strict();
export const Reset = z.object({ token: Token, password: NewPassword }).strict();
export const Link = z.object({ token: Token }).strict();
export const ChangeLocale = z.object({ locale: AccountLocale }).strict();
export const ChangePassword = z.object({ current: GivenPassword.optional(), password: NewPassword }).strict();
export const Erase = z.object({ password: GivenPassword.optional(), email: z.string().max(400).optional() }).strict();

/** What comes next: one is in, or a code is on its way to the address. */
export const Entered = z.discriminatedUnion('next', [
  z.object({
    next: z.literal('in'),
    /** True: an old password was dropped, because nobody had ever proved to own the address. */
    passwordDropped: z.boolean(),
  }),
  z.object({ next: z.literal('code'), /** Goes back with the code. */ flow: z.string() }),
]);
export type Entered = z.infer<typeof Entered>;

/** A browser that is signed in. Times are milliseconds since 1970, UTC. */
export const OpenSession = z.object({
  id: z.string(),
  createdAt: z.number().int(),
  lastUsedAt: z.number().int(),
  /** As the browser says; empty where it says nothing. */
  userAgent: z.string(),
  isThisOne: z.boolean(),
});
export type OpenSession = z.infer<typeof OpenSession>;

/** What is kept of an account, and where. */
export const Storage = z.object({
  events: z.number().int(),
  bytes: z.number().int(),
  retentionDays: z.number().int(),
  /** Folder on the server; null for whoever does not run it. */
  folder: z.string().nullable(),
});
export type Storage = z.infer<typeof Storage>;
