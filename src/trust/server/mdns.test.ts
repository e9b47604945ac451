import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import createMulticastDns, { type MulticastDNS, type ResponsePacket } from 'multicast-dns';
import { afterEach, describe, expect, it } from 'vitest';
import { answerLocalName, answerTo } from './mdns.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});
const silent = { info() {}, warn() {} };

describe('vigie.local', () => {
  const ask = (name: string, type: 'A' | 'AAAA' | 'PTR', port = 5353) =>
    answerTo({ id: 7, questions: [{ name, type }] }, { port }, ['192.168.1.20']);

  it('is answered with the addresses, whatever the letters', () => {
    expect(ask('VIGIE.local', 'A')?.answers).toEqual([
      { name: 'vigie.local', type: 'A', ttl: 120, flush: true, data: '192.168.1.20' },
    ]);
  });

  it('says that there is no IPv6 address, so that nobody waits for one', () => {
    expect(ask('vigie.local', 'AAAA')?.additionals).toEqual([
      { name: 'vigie.local', type: 'NSEC', ttl: 120, flush: true, data: { nextDomain: 'vigie.local', rrtypes: ['A'] } },
    ]);
  });

  it('answers nothing else', () => {
    expect(ask('printer.local', 'A')).toBeNull();
    expect(ask('vigie.local', 'PTR')).toBeNull();
    expect(answerTo({ id: 1, questions: [{ name: 'vigie.local', type: 'A' }] }, { port: 5353 }, [])).toBeNull();
  });

  it('gives a plain DNS client its question back, for a short time', () => {
    expect(ask('vigie.local', 'A', 40000)).toEqual({
      id: 7,
      questions: [{ name: 'vigie.local', type: 'A' }],
      answers: [{ name: 'vigie.local', type: 'A', ttl: 10, flush: false, data: '192.168.1.20' }],
    });
  });

  it('answers over a real socket', async () => {
    const port = await freeUdpPort();
    const server = await bound({ port });
    const name = answerLocalName({ log: silent, addresses: () => ['10.1.2.3'], network: server });
    closing.push(name.close);
    const client = await bound({ port: 0, bind: '127.0.0.1' });
    closing.push(() => client.destroy());
    const answered = new Promise<ResponsePacket>((resolve) => client.once('response', resolve));
    client.query({ questions: [{ name: 'vigie.local', type: 'A' }] }, { port, address: '127.0.0.1' }, () => {});
    const packet = await answered;
    expect(packet.answers[0]).toMatchObject({ type: 'A', data: '10.1.2.3' });
    expect(name.holds()).toBe(true);
  });

  it('leads nowhere without an address to answer with', async () => {
    const network = await bound({ port: await freeUdpPort() });
    const name = answerLocalName({ log: silent, addresses: () => [], network });
    closing.push(name.close);
    expect(name.holds()).toBe(false);
  });

  it.each([
    ['a port that no answer can be sent to', { address: '192.168.1.9', port: 0 }],
    ['an address of the internet', { address: '203.0.113.9', port: 5353 }],
  ])('leaves a question from %s unanswered, and goes on', (_from, remote) => {
    const network = createMulticastDns({ bind: false, multicast: false });
    const answers: unknown[] = [];
    network.respond = (answer: unknown) => answers.push(answer);
    closing.push(answerLocalName({ log: silent, addresses: () => ['10.1.2.3'], network }).close);
    const query = { id: 1, questions: [{ name: 'vigie.local', type: 'A' }] };
    network.emit('query', query, remote);
    network.emit('query', query, { address: '192.168.1.9', port: 5353 });
    expect(answers).toHaveLength(1);
  });

  it('outlives a socket that refuses to send', () => {
    const network = createMulticastDns({ bind: false, multicast: false });
    network.respond = () => {
      throw new RangeError('Port should be > 0 and < 65536');
    };
    const said: string[] = [];
    const log = { info() {}, warn: (_: object, text: string) => said.push(text) };
    closing.push(answerLocalName({ log, addresses: () => ['10.1.2.3'], network }).close);
    network.emit(
      'query',
      { id: 1, questions: [{ name: 'vigie.local', type: 'A' }] },
      { address: '10.1.2.4', port: 5353 },
    );
    expect(said).toEqual(['a question for vigie.local could not be answered']);
  });

  it('says in the log that another machine has the name, once', () => {
    const said: string[] = [];
    const network = createMulticastDns({ bind: false, multicast: false });
    const answerer = answerLocalName({
      log: { info() {}, warn: (_: object, text: string) => said.push(text) },
      addresses: () => ['10.1.2.3'],
      network,
    });
    closing.push(answerer.close);
    for (const data of ['10.1.2.3', '10.9.9.9', '10.9.9.9'])
      network.emit('response', { answers: [{ name: 'vigie.local', type: 'A', data }] });
    expect(said).toEqual(['another machine answers to vigie.local: use this one by its address']);
    expect(answerer.holds()).toBe(false);
  });

  it('goes on without the name where the port cannot be had', () => {
    const said: string[] = [];
    const network = createMulticastDns({ bind: false, multicast: false });
    const name = answerLocalName({ log: { info() {}, warn: (_: object, text: string) => said.push(text) }, network });
    closing.push(name.close);
    network.emit('error', Object.assign(new Error('bind'), { code: 'EACCES' }));
    expect(said).toHaveLength(1);
    expect(name.holds()).toBe(false);
  });
});

async function bound(options: { port: number; bind?: string }): Promise<MulticastDNS> {
  const network = createMulticastDns({ multicast: false, ip: '127.0.0.1', bind: '127.0.0.1', ...options });
  await once(network, 'ready');
  return network;
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}
