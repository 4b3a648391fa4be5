import type { KeyObject } from 'node:crypto';
import type { HttpAnswer } from '../../ports/transport.ts';
import { failure, malformedAnswer } from '../failure.ts';
import { hasCode, readOrMalformed } from '../understand.ts';
import { open } from './crypto/aead.ts';
import { describeRejection, rejectReasonOf, type Verifiers } from './crypto/verify.ts';
import { KeyError } from './keys/keyError.ts';
import { readCertificates } from './keys/platformCertificate.ts';
import { type SigningContext, send } from './request.ts';
import { requestIdOf } from './wire/errors.ts';
import { type CertificateRead, paths, readCertificateList } from './wire/order.ts';

/** A platform certificate as WeChat lists it. */
export interface ListedCertificate {
  key: KeyObject;
  expiresAt: Date;
}

/**
 * Downloads the platform certificates (平台证书) by their serials. The list is accepted when its answer is
 * signed with a key that we know then: one that was known before, or one of the list itself, which only
 * the holder of our APIv3 key can have sealed. Throws a GatewayError: `API_V3_KEY_WRONG` when
 * the list does not open, `PLATFORM_CERT_NONE` when the merchant has none.
 */
export async function downloadCertificates(
  context: SigningContext,
  known: Verifiers,
  timeoutMs: number,
): Promise<ReadonlyMap<string, ListedCertificate>> {
  const answer = await requestList(context, timeoutMs);
  const list = readOrMalformed(() => readCertificateList(answer.body));
  const opened = list.map((each) => openCertificate(context, each));
  const listed = new Map(opened.flatMap((each) => each ?? []));
  const verifier = (serial: string) => known.verifier(serial) ?? listed.get(serial)?.key;
  const rejectReason = rejectReasonOf(answer, { verifier }, context.now());
  const sealedWithAnother = opened.includes(undefined);
  // With none opened no key can verify the list; that it does not open is the likelier cause.
  if (rejectReason === undefined || (rejectReason === 'serial_unknown' && sealedWithAnother)) {
    if (sealedWithAnother) throw failWith('API_V3_KEY_WRONG', answer);
    if (listed.size === 0) throw failWith('PLATFORM_CERT_NONE', answer);
    return listed;
  }
  throw failure('ANSWER_UNVERIFIED', 'same_request', {
    found: `${describeRejection(rejectReason, answer)} (/v3/certificates)`,
    requestId: requestIdOf(answer),
  });
}

async function requestList(context: SigningContext, timeoutMs: number): Promise<HttpAnswer> {
  try {
    return await send(context, { operation: 'keys', path: paths.certificates(), timeoutMs });
  } catch (cause) {
    if (hasCode(cause, 'RESOURCE_NOT_EXISTS'))
      throw failure('PLATFORM_CERT_NONE', 'never', { cause });
    throw cause;
  }
}

/**
 * Opens a certificate; undefined when it was sealed with another APIv3 key than ours. One that is not RSA
 * (国密 SM2) verifies nothing of APIv3 and gives no key.
 */
function openCertificate(
  { keys }: SigningContext,
  { serial, sealed, expiresAt }: CertificateRead,
): [string, ListedCertificate][] | undefined {
  const pem = open(sealed, keys.apiV3Key)?.toString();
  if (pem === undefined) return undefined;
  try {
    const read = readCertificates([{ serial, pem }], keys.isOwn);
    return read.map((each) => [each.serial, { key: each.key, expiresAt }]);
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    if (error.code === 'CERTIFICATE_NOT_RSA') return [];
    throw malformedAnswer(`encrypt_certificate: ${error.code}`);
  }
}

function failWith(code: 'API_V3_KEY_WRONG' | 'PLATFORM_CERT_NONE', answer: HttpAnswer) {
  return failure(code, 'never', { requestId: requestIdOf(answer) });
}
