/** Reads the text of whatever a host gave: an object of WeChat's, an Error, plain text. */
export function textOf(value: unknown): string {
  const { errMsg, message } = Object(value);
  return [errMsg, message, value].find((each) => typeof each === 'string') || '';
}

/** Reads the code of whatever a host gave; nothing where there is none. */
export function writtenCode(value: unknown): string {
  const { errCode, code } = Object(value);
  const found = [errCode, code].find((each) => /^(number|string)$/.test(typeof each));
  return found === undefined ? '' : `${found}`;
}
