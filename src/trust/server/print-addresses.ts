/** Addresses enter; what the terminal shows at the start leaves: where to open Vigie, and the QR code for a phone. */
import { type OpenAddresses, qrTerminal } from './addresses.ts';

/** Where to write; `isTTY` decides on the QR code. */
export interface Terminal {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

export interface PrintOptions {
  readonly addresses: OpenAddresses;
  /** SHA-256 of the authority; null: no local authority. */
  readonly caFingerprint: string | null;
  /** The address that the owner configured, `PUBLIC_URL`. */
  readonly publicUrl?: string | undefined;
}

/** Prints the addresses, one a line, and on a terminal the QR code of the first that a phone can open. */
export async function printAddresses(options: PrintOptions, terminal: Terminal = process.stdout): Promise<void> {
  const { addresses, caFingerprint, publicUrl } = options;
  const phone = publicUrl ?? addresses.network[0];
  const lines = ['', 'Vigie is ready.', '', `  On this machine:  ${addresses.here[0]}`];
  if (publicUrl !== undefined) lines.push(`  From anywhere:    ${publicUrl}`);
  if (addresses.network.length > 0) {
    lines.push(`  On your network:  ${addresses.network.join('\n                    ')}`, '');
    lines.push(`  A phone as a camera: open ${phone}/trust on it${terminal.isTTY ? ', or scan this:' : '.'}`);
  }
  lines.push('');
  terminal.write(lines.join('\n'));
  if (terminal.isTTY && phone !== undefined) terminal.write(`\n${await qrTerminal(`${phone}/trust`)}\n`);
  if (caFingerprint !== null)
    terminal.write(`  Certificate authority of this machine, SHA-256:\n  ${caFingerprint}\n\n`);
}
