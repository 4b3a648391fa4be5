/**
 * Receives the events of payments and refunds (`WXPAY_EVENTS_URL`), signed by Standard Webhooks. Copy this file: it
 * needs nothing but Node 20.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

const BODY_BYTES_MAX = 256 * 1024;
const TOLERANCE_SECONDS = 300;
const KEY_BYTES_MIN = 24;
const HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];

/** A message that is refused, with the HTTP status that says so. */
class RefusalError extends Error {
  constructor(status, why) {
    super(why);
    this.status = status;
  }
}

/**
 * Makes a listener of `node:http` that verifies each event and hands it to `take(event)`. Once that has ended the
 * answer is 204, and the event does not come again; where it throws the answer is 500, and it does.
 * `keys` is WXPAY_EVENTS_KEY, also with two keys while one replaces the other.
 */
export function eventsListener({ keys, take, now = Date.now, log = console.error }) {
  const macs = keys.split(',').map((key) => {
    const bytes = Buffer.from(key.trim().replace(/^whsec_/, ''), 'base64');
    // Anybody can sign with the empty key that a comma at the end would be.
    if (bytes.length < KEY_BYTES_MIN) throw new Error('WXPAY_EVENTS_KEY: whsec_… by comma');
    return (text) => createHmac('sha256', bytes).update(text).digest('base64');
  });
  return async (request, response) => {
    try {
      if (request.method !== 'POST') throw new RefusalError(405, 'POST alone');
      const text = await bodyOf(request);
      verify(macs, request.headers, { text, now: now() });
      await take(JSON.parse(text));
      response.writeHead(204).end();
    } catch (error) {
      log(`event refused: ${error.message}`);
      // No status of another's error: 410, for one, would switch this address off.
      response.writeHead(error instanceof RefusalError ? error.status : 500).end();
    }
  };
}

/** Reads the bytes as they came: what was parsed and written again has another signature. */
async function bodyOf(request) {
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    // Read to its end and dropped: to stop in between is to close the connection without an answer.
    if (length <= BODY_BYTES_MAX) parts.push(part);
  }
  if (length > BODY_BYTES_MAX) throw new RefusalError(413, 'too large');
  return Buffer.concat(parts).toString();
}

/** Throws unless one of our keys signed it within five minutes of now; repeats within them are `take`'s to know. */
function verify(macs, headers, { text, now }) {
  const [id, time, signatures] = HEADERS.map((name) => headers[name]);
  if (!id || !time || !signatures) throw new RefusalError(401, 'not signed');
  if (!/^\d{1,12}$/.test(time)) throw new RefusalError(401, 'no time');
  const age = Math.abs(now / 1000 - Number(time));
  if (age > TOLERANCE_SECONDS)
    throw new RefusalError(401, 'signed at another time: check the clock');
  const given = signatures.split(' ').map((each) => Buffer.from(each));
  const isOurs = macs.some((mac) => {
    const wanted = Buffer.from(`v1,${mac(`${id}.${time}.${text}`)}`);
    return given.some((each) => each.length === wanted.length && timingSafeEqual(each, wanted));
  });
  if (!isOurs) throw new RefusalError(401, 'signed with another key: check WXPAY_EVENTS_KEY');
}
