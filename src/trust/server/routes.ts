/** The local authority enters; routes leave that hand its certificate to devices and show the addresses as QR codes. */
import { z } from 'zod';
import { ApiError } from '../../ports/errors.ts';
import type { App } from '../../server/app-type.ts';
import { type OpenAddresses, qrSvg } from './addresses.ts';
import { mobileconfig } from './mobileconfig.ts';
import type { Trust } from './trust.ts';

export interface TrustServices {
  /** Null: HTTPS is off here (a proxy in front has the certificate). */
  readonly trust: Pick<Trust, 'caPem' | 'caFingerprint'> | null;
  addresses(): OpenAddresses;
  /** `PUBLIC_URL`, where the owner set it. */
  readonly publicUrl?: string | undefined;
}

/** Pages that a QR code may lead to. */
const QrPage = z.enum(['/', '/trust', '/camera', '/watch']);

const TrustAnswer = z.object({
  /** Whether this server made a certificate authority of its own. */
  authority: z.boolean(),
  /** SHA-256 of its certificate; null: none. */
  fingerprint: z.string().nullable(),
  /** Origins on the local network, best first; the public address alone where one is set. */
  addresses: z.array(z.string()),
});

export function trustRoutes(app: App, services: TrustServices): void {
  const { trust, publicUrl } = services;
  const addresses = () => (publicUrl === undefined ? services.addresses().network : [publicUrl]);

  app.get(
    '/api/trust',
    { schema: { summary: 'Addresses of this server, and its certificate authority.', response: { 200: TrustAnswer } } },
    async () => ({
      authority: trust !== null,
      fingerprint: trust?.caFingerprint ?? null,
      addresses: [...addresses()],
    }),
  );

  app.get('/trust/ca.crt', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .type('application/x-x509-ca-cert')
      .header('cache-control', 'no-cache')
      .header('content-disposition', 'attachment; filename="vigie.crt"')
      .send(authorityOf(trust).caPem),
  );

  app.get('/trust/ca.mobileconfig', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .type('application/x-apple-aspen-config')
      .header('cache-control', 'no-cache')
      .header('content-disposition', 'attachment; filename="vigie.mobileconfig"')
      .send(mobileconfig(authorityOf(trust).caPem)),
  );

  app.get(
    '/trust/qr.svg',
    {
      schema: {
        summary: 'QR code of a page at one of this server’s own addresses.',
        querystring: z.object({ address: z.string().max(200).optional(), page: QrPage.default('/trust') }).strict(),
      },
    },
    async (request, reply) => {
      const own = addresses();
      const address = request.query.address ?? own[0];
      if (address === undefined || !own.includes(address))
        throw new ApiError(404, 'address-unknown', 'This server has no such address on the network.');
      return reply
        .type('image/svg+xml')
        .header('cache-control', 'no-store')
        .send(await qrSvg(address + request.query.page));
    },
  );
}

function authorityOf(trust: TrustServices['trust']): Pick<Trust, 'caPem' | 'caFingerprint'> {
  if (trust === null) throw new ApiError(404, 'authority-none', 'This server has no certificate authority of its own.');
  return trust;
}
