/** An account enters; who can see what it sees leaves, in words. */
import type { Account } from '../../accounts/shared/account.ts';
import { m } from '../../messages/generated/messages.js';
import { Section } from './Section.tsx';

export function People({ account }: { readonly account: Account }) {
  return (
    <Section id="people" title={m.account_people()}>
      <p>{m.account_people_alone({ email: account.email })}</p>
      {account.isOwner && <p class="muted">{m.account_people_owner()}</p>}
    </Section>
  );
}
