/** DNS suffixes enter; the X.509 extension leaves that limits an authority to them and to private networks (RFC 5280 § 4.2.1.10). */
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from '@peculiar/asn1-x509';
import { Extension } from '@peculiar/x509';
import { PRIVATE_NETWORKS } from './names.ts';

/**
 * Critical, as the RFC asks: a client that does not understand it must refuse the authority.
 *
 * @param dnsSuffixes each permits itself and what lies under it: `local` permits `vigie.local`.
 */
export function nameConstraints(dnsSuffixes: readonly string[]): Extension {
  const permitted = [
    ...dnsSuffixes.map((dNSName) => new GeneralName({ dNSName })),
    ...PRIVATE_NETWORKS.map(({ address, bits }) => new GeneralName({ iPAddress: `${address}/${bits}` })),
  ];
  const permittedSubtrees = new GeneralSubtrees(permitted.map((base) => new GeneralSubtree({ base })));
  return new Extension(id_ce_nameConstraints, true, AsnConvert.serialize(new NameConstraints({ permittedSubtrees })));
}
