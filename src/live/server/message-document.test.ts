/** The description of the sockets' messages, as a program reads it. */
import { expect, it } from 'vitest';
import { messageDocument } from './message-document.ts';

interface Document {
  channels: Record<
    string,
    {
      address: string;
      messages: Record<string, { payload: { oneOf?: { properties: { type: { const: string } } }[] } }>;
    }
  >;
  operations: Record<string, { channel: { $ref: string }; messages: { $ref: string }[] }>;
}

const document = JSON.parse(JSON.stringify(messageDocument())) as Document;
const types = (channel: string, message: string) =>
  document.channels[channel]?.messages[message]?.payload.oneOf?.map(({ properties }) => properties.type.const);

it('names every message of both sockets', () => {
  expect(types('camera', 'fromCamera')).toEqual(['hello', 'proof', 'beat', 'config']);
  expect(types('camera', 'toCamera')).toEqual(['challenge', 'ready', 'beat', 'watched', 'settings', 'error']);
  expect(types('watch', 'fromViewer')).toEqual(['hello', 'watch', 'leave', 'ping']);
  expect(types('watch', 'toViewer')).toEqual(['cameras', 'pong', 'config', 'event', 'error']);
});

it('refers to nothing that is not there', () => {
  const at = (reference: string) =>
    reference
      .slice(2)
      .split('/')
      .reduce<unknown>((value, name) => Reflect.get(Object(value), name), document);
  for (const { channel, messages } of Object.values(document.operations))
    for (const { $ref } of [channel, ...messages]) expect(at($ref), $ref).toBeDefined();
});
