/** A notification as WeChat Pay posts it to a `notify_url`. */
export interface Notice {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** The answer to a notice. */
export interface Reply {
  status: number;
  /** Read where the notice was XML. */
  body?: string;
}

/** Brings a notice to its address; answers the reply, or that nobody is there. */
export type Deliver = (notice: Notice) => Promise<Reply | 'unreachable'>;
