/** The part of the Serverless Framework that the plugin touches; it has no types of its own. */
export interface Framework {
  serviceDir: string;
  configurationFilename?: string;
  service: {
    service: string;
    provider: Record<string, unknown>;
    functions: Record<string, Record<string, unknown>>;
    package: Record<string, unknown>;
    custom?: unknown;
  };
  configurationInput: Record<string, unknown>;
  /** The command as it was typed, `deploy function` in two words. */
  processedInput: { commands: readonly string[] };
  /** `Error`: the framework prints its message without a stack. */
  classes: { Error: new (message: string, code: string) => Error };
  setProvider(name: string, provider: object): void;
  configSchemaHandler: {
    defineProvider(name: string, schema: object): void;
    defineTopLevelProperty(name: string, schema: object): void;
    /** Says what the check of the configuration found. */
    handleErrorMessages(faults: readonly string[]): void;
  };
}

/** The framework lends these to a plugin to print for people. */
export interface Utils {
  log: {
    notice: { (text?: string): void; success(text: string): void };
    warning(text: string): void;
    error(text: string): void;
  };
  progress: {
    create(options: { message: string }): { update(message: string): void; remove(): void };
  };
  writeText(text: string): void;
}

/** The options of the command line, by name; all but flags are texts. */
export type CommandOptions = Readonly<Record<string, string | boolean | string[] | undefined>>;

/** Everything that a command works with. */
export interface CommandContext {
  framework: Framework;
  /** Texts of `serverless.yml` that did not arrive as they were typed, by path. */
  textFaults: readonly string[];
  options: CommandOptions;
  utils: Utils;
  /** The shell's environment, `.env` included. */
  env: Readonly<Record<string, string | undefined>>;
  nowMs(): number;
  wait(ms: number): Promise<unknown>;
  /** Asks the person at the terminal; absent where nobody sits there. */
  ask?(question: string): Promise<string>;
}

/** Reads a text option; undefined where it is not given. */
export function textOption({ options }: CommandContext, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
