/** The schemas of the sockets' messages enter; their description for programs leaves (AsyncAPI 3.0), at `/api/asyncapi.json`. */
import { z } from 'zod';
import type { App } from '../../server/app-type.ts';
import { CHUNK_HEADER_BYTES } from '../shared/chunk.ts';
import {
  CameraMessage,
  CLOSE,
  PROTOCOL_VERSION,
  ToCameraMessage,
  ToViewerMessage,
  ViewerMessage,
} from '../shared/protocol.ts';
import { CAMERA_SOCKET_PATH, VIEWER_SOCKET_PATH } from './paths.ts';

/** Adds the description of the WebSocket messages beside the OpenAPI document. */
export function liveRoutes(app: App): void {
  app.get(
    '/api/asyncapi.json',
    {
      schema: {
        tags: ['live'],
        description: 'The messages of the WebSockets (AsyncAPI 3.0).',
        response: { 200: z.looseObject({}) },
      },
    },
    async () => ({ ...messageDocument() }),
  );
}

/** Every message of both sockets, with its schema. */
export function messageDocument(): object {
  const { key: camera, ...cameraChannel } = channel(
    'camera',
    CAMERA_SOCKET_PATH,
    'A camera. It says hello, answers the challenge with its key (ECDSA P-256, SHA-256, r‖s) within five seconds, then beats every five seconds; chunks only while the last `watched` said 1 or more.',
    { fromCamera: text(CameraMessage), toCamera: text(ToCameraMessage), chunkUp: CHUNK },
  );
  const { key: watch, ...watchChannel } = channel(
    'watch',
    VIEWER_SOCKET_PATH,
    'A viewer with the cookie of a session, from a page of this server (Origin).',
    { fromViewer: text(ViewerMessage), toViewer: text(ToViewerMessage), chunkDown: CHUNK },
  );
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Vigie, live',
      version: String(PROTOCOL_VERSION),
      description: `Text frames are JSON with a "type"; the first message of each client names the version, ${PROTOCOL_VERSION}. Codes of the close frame: ${Object.entries(
        CLOSE,
      )
        .map(([name, code]) => `${code} ${name}`)
        .join(', ')}; 1001 where the server restarts.`,
    },
    defaultContentType: 'application/json',
    channels: { [camera]: cameraChannel, [watch]: watchChannel },
    operations: {
      hearCamera: operation('receive', camera, ['fromCamera', 'chunkUp']),
      tellCamera: operation('send', camera, ['toCamera']),
      hearViewer: operation('receive', watch, ['fromViewer']),
      tellViewer: operation('send', watch, ['toViewer', 'chunkDown']),
    },
  };
}

const CHUNK = {
  contentType: 'application/octet-stream',
  description: `A binary frame: ${CHUNK_HEADER_BYTES} bytes of header, big-endian (u8 version 1; u8 flags: bit 0 key, bit 1 JPEG, bits 2–3 temporal layer; u16 channel; u32 sequence number; f64 capture time, microseconds since 1970 by the server's clock), then the chunk as WebCodecs gave it.`,
  payload: { type: 'string', format: 'binary' },
};

function text(schema: z.ZodType) {
  return { payload: z.toJSONSchema(schema, { io: 'input' }) };
}

function channel(key: string, address: string, description: string, messages: Record<string, object>) {
  return { key, address, description, messages };
}

function operation(action: 'send' | 'receive', key: string, messages: readonly string[]) {
  return {
    action,
    channel: { $ref: `#/channels/${key}` },
    messages: messages.map((name) => ({ $ref: `#/channels/${key}/messages/${name}` })),
  };
}
