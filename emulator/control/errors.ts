/** The control API refuses a request with a status and a code; `field` names what is wrong with it. */
export class RefusalError extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  constructor(status: number, code: string, message: string, field?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

/** Refuses what names something that is not there. */
export function notFound(field: string): never {
  throw new RefusalError(404, 'NOT_FOUND', `没有这个 ${field} (there is none)`, field);
}
