/** What a browser says of itself enters; its system leaves, and for each system the steps to trust the certificate. */
import { m } from '../../messages/generated/messages.js';

export type System = 'android' | 'ios' | 'windows' | 'macos' | 'linux';

/** What of `navigator` tells systems apart. */
export interface Agent {
  readonly userAgent: string;
  readonly maxTouchPoints: number;
}

/** Null where it cannot be told. An iPad says that it is a Macintosh, but no Macintosh has a touch screen. */
export function systemOf({ userAgent, maxTouchPoints }: Agent): System | null {
  if (/Android/.test(userAgent)) return 'android';
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'ios';
  if (/Macintosh/.test(userAgent)) return maxTouchPoints > 1 ? 'ios' : 'macos';
  if (/Windows/.test(userAgent)) return 'windows';
  return /Linux|X11|CrOS/.test(userAgent) ? 'linux' : null;
}

export interface Guide {
  readonly system: System;
  readonly name: () => string;
  readonly steps: readonly (() => string)[];
  /** What to download, and the words for it. */
  readonly file: { readonly path: string; readonly label: () => string };
}

const certificate = { path: '/trust/ca.crt', label: () => m.trust_download() };
const profile = { path: '/trust/ca.mobileconfig', label: () => m.trust_download_profile() };

/** Phones first: they are what this page is for. */
export const GUIDES: readonly Guide[] = [
  {
    system: 'android',
    name: () => m.trust_android(),
    file: certificate,
    steps: [() => m.trust_android_1(), () => m.trust_android_2(), () => m.trust_android_3(), () => m.trust_android_4()],
  },
  {
    system: 'ios',
    name: () => m.trust_ios(),
    file: profile,
    steps: [() => m.trust_ios_1(), () => m.trust_ios_2(), () => m.trust_ios_3(), () => m.trust_ios_4()],
  },
  {
    system: 'windows',
    name: () => m.trust_windows(),
    file: certificate,
    steps: [() => m.trust_windows_1(), () => m.trust_windows_2(), () => m.trust_windows_3()],
  },
  {
    system: 'macos',
    name: () => m.trust_macos(),
    file: certificate,
    steps: [() => m.trust_macos_1(), () => m.trust_macos_2(), () => m.trust_macos_3()],
  },
  {
    system: 'linux',
    name: () => m.trust_linux(),
    file: certificate,
    steps: [() => m.trust_linux_1(), () => m.trust_linux_2(), () => m.trust_linux_3(), () => m.trust_linux_4()],
  },
];
