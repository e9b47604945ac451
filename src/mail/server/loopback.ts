/** A host name enters; whether it is this machine leaves. */

/** Whether mail does not leave this machine: nobody is in between who could read it. */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '::1' || /^127\.\d+\.\d+\.\d+$/.test(name);
}
