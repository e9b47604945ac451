import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentDigestOf, parseSignatureFields, signatureBase, signatureFields } from './signature.ts';

const cameraId = '0192f000-0000-7000-8000-000000000001';
const request = {
  method: 'PUT',
  path: '/api/events/x',
  query: '?',
  contentDigest: contentDigestOf('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='),
};
const signature = 'A'.repeat(86).concat('==');

test('the signature base is that of RFC 9421 § 2.5', () => {
  expect(signatureBase(request, { createdSeconds: 1_763_800_000, cameraId })).toBe(
    [
      '"@method": PUT',
      '"@path": /api/events/x',
      '"@query": ?',
      '"content-digest": sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:',
      `"@signature-params": ("@method" "@path" "@query" "content-digest");created=1763800000;keyid="${cameraId}";alg="ecdsa-p256-sha256"`,
    ].join('\n'),
  );
});

describe('reading the fields', () => {
  test('what was written is read', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999_999_999_999 }),
        fc.uuid(),
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        (createdSeconds, id, bytes) => {
          const signatureBase64 = btoa(String.fromCharCode(...bytes));
          const fields = signatureFields(request, { createdSeconds, cameraId: id }, signatureBase64);
          expect(parseSignatureFields(fields['signature-input'], fields.signature)).toEqual({
            parameters: { createdSeconds, cameraId: id },
            signatureBase64,
          });
        },
      ),
    );
  });

  test('anything else is refused: what is read says the same as what was sent', () => {
    const good = signatureFields(request, { createdSeconds: 12, cameraId }, signature);
    const damaged = fc
      .tuple(fc.nat(good['signature-input'].length), fc.nat(5), fc.string({ maxLength: 6 }))
      .map(([at, cut, put]) => {
        const text = good['signature-input'];
        return text.slice(0, at) + put + text.slice(at + cut);
      });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.string()), (text) => {
        const read = parseSignatureFields(text, good.signature);
        if (read)
          expect(
            signatureFields(request, read.parameters, signature)['signature-input'].replace(/created=\d+/, ''),
          ).toBe(text.replace(/created=\d+/, ''));
      }),
    );
  });

  test('no fields, several fields, another algorithm, another component, a short signature', () => {
    const good = signatureFields(request, { createdSeconds: 12, cameraId }, signature);
    const input = good['signature-input'];
    expect(parseSignatureFields(undefined, undefined)).toBeNull();
    expect(parseSignatureFields([input, input], good.signature)).toBeNull();
    for (const bad of [
      input.replace('p256', 'p384'),
      input.replace('"@query" ', ''),
      `${input}, other=()`,
      input.replace(cameraId, cameraId.toUpperCase()),
    ]) {
      expect(bad).not.toBe(input);
      expect(parseSignatureFields(bad, good.signature)).toBeNull();
    }
    expect(parseSignatureFields(input, `vigie=:${'A'.repeat(40)}:`)).toBeNull();
  });
});
