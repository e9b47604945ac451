/** Requests enter; one line in the log leaves where a proxy in front speaks for others and is not trusted to. */
import { BlockList, isIPv4 } from 'node:net';
import type { App } from './app-type.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** @param address an IP address; undefined where the connection is gone */
export function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && loopback.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** Without TRUSTED_PROXIES all visitors of a proxy count as one: whoever guesses passwords locks out everybody. */
export function warnOfUntrustedProxy(app: App): void {
  let warned = false;
  app.addHook('onRequest', async ({ headers, ip, socket, log }) => {
    if (warned || headers['x-forwarded-for'] === undefined) return;
    // A trusted proxy's visitor has an address of its own.
    if (ip !== socket.remoteAddress || !isLoopbackAddress(ip)) return;
    warned = true;
    log.warn(
      'a proxy on this machine sends X-Forwarded-For and is not trusted, so all its visitors count as one: set TRUSTED_PROXIES=127.0.0.1,::1',
    );
  });
}
