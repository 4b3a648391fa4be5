/** One write that brings the cloud nearer to `serverless.yml`. Nothing happens before `run`. */
export interface Step {
  /** What it is done to: `function unifiedOrder`, `index orders/check_at`. */
  subject: string;
  /** What is done, and to which parts: names, never values. Chinese, then English. */
  does: string;
  run(): Promise<void>;
}

/** Something in the cloud that the deploy keeps as `serverless.yml` wants it. */
export interface Resource {
  subject: string;
  /**
   * Reads what is there and answers what is missing, in order; none: all is as it should be. Throws a
   * {@link DeployRefusal} where the wish cannot be met.
   */
  steps(): Promise<Step[]>;
  /** What is there and would go with `--prune`, for the plan. */
  leftovers?(): Promise<string[]>;
}

/** How a deploy was asked for. */
export interface DeployOptions {
  /** Removes what left `serverless.yml`. */
  prune: boolean;
  /** Takes over functions of the same name that another tool deployed. */
  adopt: boolean;
  /** Environment keys to take away, in the cloud, from every function. */
  unset: readonly string[];
}

/** What the deploy will not do, why, and the way out. Nothing was written for it. */
export class DeployRefusal extends Error {
  override readonly name = 'DeployRefusal';
  readonly code: string;
  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}
