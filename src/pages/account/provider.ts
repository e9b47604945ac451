/** A mail address enters; the provider that the whole world knows by its domain leaves. */
import type { Preset } from '../../mail/shared/settings.ts';

/** Domain → id of a preset. */
const PROVIDERS: Readonly<Record<string, string>> = {
  'gmail.com': 'gmail',
  'googlemail.com': 'gmail',
  'outlook.com': 'outlook',
  'outlook.fr': 'outlook',
  'hotmail.com': 'outlook',
  'hotmail.fr': 'outlook',
  'live.com': 'outlook',
  'live.fr': 'outlook',
  'msn.com': 'outlook',
  'yahoo.com': 'yahoo',
  'yahoo.fr': 'yahoo',
  'ymail.com': 'yahoo',
  'icloud.com': 'icloud',
  'me.com': 'icloud',
  'mac.com': 'icloud',
  'orange.fr': 'orange',
  'wanadoo.fr': 'orange',
  'free.fr': 'free',
  'sfr.fr': 'sfr',
  'neuf.fr': 'sfr',
  'laposte.net': 'laposte',
  'ik.me': 'infomaniak',
  'fastmail.com': 'fastmail',
  'fastmail.fm': 'fastmail',
  'proton.me': 'proton',
  'protonmail.com': 'proton',
  'pm.me': 'proton',
};

/** Undefined: a domain of one's own, or one that nobody listed. */
export function providerOf(email: string, presets: readonly Preset[]): Preset | undefined {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  const id = Object.hasOwn(PROVIDERS, domain) ? PROVIDERS[domain] : undefined;
  return presets.find((preset) => preset.id === id);
}
