/** More than an agent reads at once. */
const LENGTH_MAX = 60_000;

/**
 * Makes an answer of the control API fit for an agent: a list stands in an object, as the protocol wants it, what
 * functions printed is left to the timeline, and one that is too long is refused.
 */
export function shortAnswer(answer: unknown): Record<string, unknown> {
  const short = Array.isArray(answer)
    ? { items: answer.map(withoutLog) }
    : withoutLog(answer as object);
  const { length } = JSON.stringify(short);
  if (length <= LENGTH_MAX) return short;
  throw new Error(
    `应答太长（${length} 个字符），请用 limit 或其他条件缩小 (too long: ask for less, by limit or another field)`,
  );
}

/** Leaves out the lines of an invocation; those of an entry of the timeline stay, which is asked for their sake. */
function withoutLog(answer: object): Record<string, unknown> {
  const isInvocation = 'requestId' in answer && 'durationMs' in answer;
  const fields = Object.entries(answer);
  return Object.fromEntries(isInvocation ? fields.filter(([name]) => name !== 'log') : fields);
}
