/** A choice of language enters; pages and mails follow it. */
import { m } from '../../messages/generated/messages.js';
import { chooseLanguage, type Locale, locale } from '../shell/locale.ts';
import { keepLocale, session } from '../shell/session.ts';
import { Section } from './Section.tsx';

const LANGUAGES: readonly { readonly code: Locale; readonly name: () => string }[] = [
  { code: 'en', name: () => m.account_language_en() },
  { code: 'fr', name: () => m.account_language_fr() },
];

/** The account's, which its mails have; this browser may show another. */
function accountLanguage(): Locale {
  const known = session.value;
  return (known.state === 'known' && known.session.account?.locale) || locale.value;
}

export function Language() {
  return (
    <Section id="language" title={m.account_language()}>
      <p class="muted" id="language-what">
        {m.account_language_what()}
      </p>
      <div role="radiogroup" aria-labelledby="language-title" aria-describedby="language-what" class="actions">
        {LANGUAGES.map(({ code, name }) => (
          <label class="check" key={code} lang={code}>
            <input
              type="radio"
              name="language"
              value={code}
              checked={accountLanguage() === code}
              onChange={() => {
                chooseLanguage(code);
                keepLocale(code);
              }}
            />
            {name()}
          </label>
        ))}
      </div>
    </Section>
  );
}
