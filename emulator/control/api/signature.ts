import * as z from 'zod/mini';
import type { Call } from './call.ts';

/** The known causes for which a notification is not taken, each found by what it leaves behind. */
export const SIGNATURE_CAUSES = [
  'header',
  'probe',
  'clock_off',
  'replay',
  'serial_unknown',
  'public_key_missing',
  'key_kind',
  'key_not_of_serial',
  'body_reserialised',
  'line_ends',
  'body_encoded',
  'content_changed',
  'forged',
  'api_v3_key',
  'other_merchant',
] as const;

export type SignatureCause = (typeof SIGNATURE_CAUSES)[number];

const INSTANT = z.iso.datetime({ offset: true });

/** These keys verify in place of the settings that the functions have; left out: theirs. */
const KEYS = z.strictObject({
  mchid: z.optional(z.string()),
  publicKeyId: z.optional(z.string()),
  publicKey: z.optional(z.string()),
  certificates: z.optional(z.string()),
  apiV3Key: z.optional(z.string()),
});
const BODY = z.strictObject({
  headers: z.record(z.string(), z.string()),
  /** The raw body, as text. */
  body: z.string(),
  /** When it really arrived; left out: now, by the local cloud's clock. */
  receivedAt: z.optional(INSTANT),
  /** The time by the clock of the verifying server then; left out: the same. */
  clock: z.optional(INSTANT),
  keys: z.optional(KEYS),
});
const HEADER = z.object({
  name: z.string(),
  value: z.optional(z.string()),
  /** The header is to blame. */
  isWrong: z.boolean(),
});
const DIAGNOSIS = z.object({
  /** The verdict of the code that payCallback and refundCallback verify with. */
  verdict: z.object({
    isAccepted: z.boolean(),
    /** WeChat gets this answer, and for this reason, where it is refused. */
    status: z.optional(z.int()),
    reason: z.optional(z.string()),
  }),
  cause: z.optional(z.enum(SIGNATURE_CAUSES)),
  /** Explains what happened and what to do, Chinese, then English. */
  message: z.string(),
  advice: z.string(),
  /** Which header, key, serial or byte is wrong. */
  where: z.optional(z.string()),
  ageSeconds: z.optional(z.number()),
  headers: z.array(HEADER),
  /** The text that was verified, line ends included: time, nonce, body. */
  baseString: z.string(),
  /** SHA-256 of that text, and the one that the signature was made over, where a known key made it. */
  digests: z.object({ verified: z.string(), signed: z.optional(z.string()) }),
  /** The serials whose keys are known here, and which of them made the signature. */
  keys: z.array(
    z.object({
      serial: z.string(),
      isConfigured: z.boolean(),
      isNamed: z.boolean(),
      hasSigned: z.boolean(),
    }),
  ),
  /** The first place where the text that was signed and the one that came differ. */
  difference: z.optional(
    z.object({ at: z.int(), before: z.string(), signed: z.string(), received: z.string() }),
  ),
  /** The resource, opened. */
  resource: z.optional(z.string()),
});

export type SignatureQuestion = z.infer<typeof BODY>;
export type Diagnosis = z.infer<typeof DIAGNOSIS>;

/** The calls about signatures. */
export const signatureCalls = {
  'POST /_local/signature': {
    summary:
      '诊断一条通知的签名：签名串、错在何处、哪一种已知原因 (diagnose a notification’s signature: its base string, what is wrong, which known cause)',
    body: BODY,
    answer: DIAGNOSIS,
  },
} as const satisfies Record<string, Call>;
