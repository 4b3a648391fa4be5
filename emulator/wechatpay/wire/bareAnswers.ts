/**
 * The statuses of answers that are not WeChat Pay's own words, by the code of a fault: a gateway's, with a page
 * of HTML or nothing, and 202 without a body. Source: `v3 answers`.
 */
const BARE_STATUSES: Readonly<Record<string, number>> = {
  HTTP_202: 202,
  HTTP_404: 404,
  HTTP_405: 405,
  HTTP_500: 500,
  HTTP_502: 502,
  HTTP_503: 503,
  HTTP_504: 504,
};

/** Lists the codes that stand for a status without a word of WeChat Pay's. */
export const BARE_CODES: readonly string[] = Object.keys(BARE_STATUSES);

/** Finds the status that a code stands for; undefined for a word of WeChat Pay's. */
export function bareStatusOf(code: string): number | undefined {
  return Object.hasOwn(BARE_STATUSES, code) ? BARE_STATUSES[code] : undefined;
}

/** Makes an answer without a code: nothing signs it, and nothing in it is WeChat Pay's. */
export function bareResponse(status: number): Response {
  if (status < 500) return new Response(null, { status });
  const page = `<html><head><title>${status}</title></head><body></body></html>`;
  return new Response(page, { status, headers: { 'Content-Type': 'text/html' } });
}
