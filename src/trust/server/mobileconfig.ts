/** The authority's certificate enters; a configuration profile for iOS, iPadOS and macOS leaves (Apple property list, XML). */
import { createHash, X509Certificate } from 'node:crypto';

/** The same certificate gives the same profile, so that installing it again replaces it. */
export function mobileconfig(caPem: string): string {
  const { raw, subject } = new X509Certificate(caPem);
  const name = /^CN=(.+)$/m.exec(subject)?.[1] ?? 'Vigie';
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>PayloadCertificateFileName</key><string>vigie.crt</string>
      <key>PayloadContent</key><data>${raw.toString('base64')}</data>
      <key>PayloadDisplayName</key><string>${escapeXml(name)}</string>
      <key>PayloadIdentifier</key><string>vigie.trust.authority</string>
      <key>PayloadType</key><string>com.apple.security.root</string>
      <key>PayloadUUID</key><string>${stableUuid(raw, 'certificate')}</string>
      <key>PayloadVersion</key><integer>1</integer>
    </dict>
  </array>
  <key>PayloadDisplayName</key><string>${escapeXml(name)}</string>
  <key>PayloadDescription</key><string>Lets this device open the Vigie of your own network as a secure page. It can vouch for nothing else.</string>
  <key>PayloadIdentifier</key><string>vigie.trust</string>
  <key>PayloadType</key><string>Configuration</string>
  <key>PayloadUUID</key><string>${stableUuid(raw, 'profile')}</string>
  <key>PayloadVersion</key><integer>1</integer>
</dict>
</plist>
`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A UUID of version 8 (RFC 9562 § 5.8) out of a hash. */
function stableUuid(certificate: Buffer, use: string): string {
  const hex = createHash('sha256').update(certificate).update(use).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)]
    .join('-')
    .toUpperCase();
}
