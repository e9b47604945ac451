/** A database's address enters; another that leads to it leaves, which falls silent and speaks again when told to. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';

export interface HeldDatabase {
  /** `postgres://…` over TCP on the loopback. */
  readonly url: string;
  /** From now on nothing passes, in either direction, and no connection ends: a machine that hangs. */
  hold(): void;
  release(): void;
  close(): Promise<void>;
}

/** @param url as `startPostgres` gives it, behind a UNIX socket */
export async function holdable(url: string): Promise<HeldDatabase> {
  const path = join(new URL(url).searchParams.get('host') ?? '', '.s.PGSQL.5432');
  const sockets = new Set<Socket>();
  let held = false;
  const server = createServer((near) => {
    const far = connect(path);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => to.write(data));
      from.on('error', () => undefined);
      from.once('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      if (held) from.pause();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgres://vigie@127.0.0.1:${port}${new URL(url).pathname}`,
    hold() {
      held = true;
      for (const socket of sockets) socket.pause();
    },
    release() {
      held = false;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
