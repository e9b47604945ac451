/** A scripted WebSocket: what the tested side sends is kept, what the test says arrives. */

export class FakeSocket {
  readonly OPEN = 1;
  readyState = 0;
  bufferedAmount = 0;
  binaryType = 'blob';
  readonly sent: (string | Uint8Array)[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  send(data: string | Uint8Array): void {
    this.sent.push(data);
  }
  close(): void {
    this.readyState = 3;
  }

  /** The other side accepted. */
  accept(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  /** The other side says this. */
  say(message: object | ArrayBuffer): void {
    this.onmessage?.({ data: message instanceof ArrayBuffer ? message : JSON.stringify(message) });
  }
  /** The connection ended. */
  end(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
  /** Text messages sent so far. */
  texts(): { type: string; [key: string]: unknown }[] {
    return this.sent.filter((data) => typeof data === 'string').map((data) => JSON.parse(data));
  }
  binaries(): Uint8Array[] {
    return this.sent.filter((data) => typeof data !== 'string');
  }
}

/** Makes sockets as asked and keeps them, oldest first. */
export function createFakeSockets(): {
  readonly made: FakeSocket[];
  readonly open: () => WebSocket;
  last(): FakeSocket;
} {
  const made: FakeSocket[] = [];
  return {
    made,
    open: () => {
      const socket = new FakeSocket();
      made.push(socket);
      return socket as unknown as WebSocket;
    },
    last() {
      const socket = made.at(-1);
      if (!socket) throw new Error('no socket was opened');
      return socket;
    },
  };
}
