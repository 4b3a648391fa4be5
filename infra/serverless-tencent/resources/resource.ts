/** One write that brings the cloud nearer to `serverless.yml`. Nothing happens before `run`. */
export interface Step {
  /** The thing that is changed: `function unifiedOrder`, `index orders/check_at`. */
  subject: string;
  /** The change and the parts that it is made to: names, never values. Chinese, then English. */
  action: string;
  run(): Promise<void>;
}

/** Something in the cloud that the deploy keeps as `serverless.yml` wants it. */
export interface Resource {
  subject: string;
  /**
   * Reads the actual state and answers the steps to the desired one, in order; none: both agree.
   * Throws a {@link DeployRefusal} where the desired state cannot be reached.
   */
  steps(): Promise<Step[]>;
  /** Lists, for the plan, what `serverless.yml` does not name and `--prune` would remove. */
  unmanaged?(): Promise<string[]>;
}

/** The choices of somebody who deploys. */
export interface DeployOptions {
  /** Removes what `serverless.yml` does not name any more. */
  prune: boolean;
  /** Takes over functions of the same name that another tool deployed. */
  adopt: boolean;
  /** Environment keys to take away, in the cloud, from every function. */
  unset: readonly string[];
  /** Makes the code caches anew, of code that did not change too. */
  renewCache: boolean;
}

/** A deploy refuses something before it writes anything; the message says why, and the way out. */
export class DeployRefusal extends Error {
  override readonly name = 'DeployRefusal';
  readonly code: string;
  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}
