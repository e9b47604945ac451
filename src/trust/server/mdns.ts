/** Questions for `vigie.local` on the local network enter; this machine's addresses leave (multicast DNS, RFC 6762). */
import type { RemoteInfo } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import createMulticastDns, { type MulticastDNS, type QueryPacket } from 'multicast-dns';
import { addressesFor, isPrivateAddress, LOCAL_NAME } from './names.ts';
import type { TrustLog } from './trust.ts';

/** Seconds that an answer is good for (RFC 6762 § 10, host names). */
const TTL_SECONDS = 120;
/** Longest life of an answer to a plain DNS client (RFC 6762 § 6.7). */
const LEGACY_TTL_SECONDS = 10;
const MDNS_PORT = 5353;

export interface MdnsOptions {
  readonly log: TrustLog;
  /** Instead of the machine's own: addresses to answer `asker` with, an address of the network; without one, all. */
  readonly addresses?: (asker?: string) => readonly string[];
  /** Instead of one on UDP port 5353 of every interface. */
  readonly network?: MulticastDNS;
}

/** The part of a packet that is answered. */
export interface Answer {
  readonly id?: number;
  readonly questions?: QueryPacket['questions'];
  readonly answers: { name: string; type: 'A'; ttl: number; flush: boolean; data: string }[];
  readonly additionals?: {
    name: string;
    type: 'NSEC';
    ttl: number;
    flush: boolean;
    data: { nextDomain: string; rrtypes: ['A'] };
  }[];
}

export interface LocalName {
  /** Whether the name leads here, as far as this machine can know. */
  holds(): boolean;
  close(): void;
}

/**
 * Answers until closed. Where the port cannot be had, or another machine already answers to the name,
 * that is logged and the server goes on: its addresses work without the name.
 */
export function answerLocalName(options: MdnsOptions): LocalName {
  const addresses = options.addresses ?? ((asker?: string) => addressesFor(asker, networkInterfaces()));
  let holds = true;
  let network: MulticastDNS;
  try {
    network = options.network ?? createMulticastDns();
  } catch (error) {
    options.log.warn({ err: error }, 'vigie.local is not answered: multicast DNS is not possible here');
    return { holds: () => false, close() {} };
  }
  network.on('error', (error) => {
    holds = false;
    options.log.warn({ err: error }, 'vigie.local is not answered: UDP port 5353 cannot be used');
  });
  network.on('warning', () => {});
  network.on('response', (packet) => {
    const own = addresses();
    const foreign = packet.answers.some(
      (answer) => answer.type === 'A' && sameName(answer.name) && !own.includes(String(answer.data)),
    );
    if (!foreign || !holds) return;
    holds = false;
    options.log.warn({}, 'another machine answers to vigie.local: use this one by its address');
  });
  // Whoever has the name already says so.
  if (options.network === undefined) network.once('ready', () => network.query(LOCAL_NAME, 'A'));
  network.on('query', (packet, remote) => {
    // Whoever is on the network writes these packets: nothing in one may end the server.
    try {
      const answer = isLocal(remote) ? answerTo(packet, remote, addresses(remote.address)) : null;
      if (answer === null) return;
      if (remote.port === MDNS_PORT) network.respond(answer);
      else network.respond(answer, remote);
    } catch (error) {
      options.log.warn({ err: error }, 'a question for vigie.local could not be answered');
    }
  });
  return { holds: () => holds && addresses().length > 0, close: () => network.destroy() };
}

/** What to answer, or null. Asked for IPv6, it says that there is only IPv4, so that nobody waits (RFC 6762 § 6.1). */
export function answerTo(
  packet: Pick<QueryPacket, 'id' | 'questions'>,
  remote: Pick<RemoteInfo, 'port'>,
  addresses: readonly string[],
): Answer | null {
  const questions = packet.questions.filter(
    (question) => sameName(question.name) && ['A', 'AAAA', 'ANY'].includes(question.type),
  );
  if (questions.length === 0 || addresses.length === 0) return null;
  const legacy = remote.port !== MDNS_PORT;
  const ttl = legacy ? LEGACY_TTL_SECONDS : TTL_SECONDS;
  const wantsAddress = questions.some((question) => question.type !== 'AAAA');
  const records = addresses.map((data) => ({ name: LOCAL_NAME, type: 'A' as const, ttl, flush: !legacy, data }));
  if (legacy) return wantsAddress ? { id: packet.id, questions, answers: records } : null;
  const onlyIpv4 = {
    name: LOCAL_NAME,
    type: 'NSEC' as const,
    ttl,
    flush: true,
    data: { nextDomain: LOCAL_NAME, rrtypes: ['A'] as ['A'] },
  };
  return { answers: records, additionals: [onlyIpv4] };
}

/** Whether a packet came from this network (RFC 6762 § 11), and from a port that an answer can be sent to. */
function isLocal({ address, port }: Pick<RemoteInfo, 'address' | 'port'>): boolean {
  return port > 0 && isPrivateAddress(address);
}

function sameName(name: string): boolean {
  return name.toLowerCase() === LOCAL_NAME;
}
