import { createInterface } from 'node:readline/promises';

/** Asks a person a question at the terminal. */
export type Ask = (question: string) => Promise<string>;

/** Asks for one line; undefined: the input has ended, or the person wants to leave. */
export type AskLine = (question: string) => Promise<string | undefined>;

/**
 * Answers how to ask the person at the terminal, on the stream that this command speaks by;
 * undefined where nobody sits there. An end of the input is an empty answer.
 */
export function terminalAsk(output: NodeJS.WriteStream): Ask | undefined {
  const askLine = terminalAskLine(output);
  return askLine && (async (question) => (await askLine(question)) ?? '');
}

/** Answers how to ask the person at the terminal for a line; undefined where nobody sits there. */
export function terminalAskLine(output: NodeJS.WriteStream): AskLine | undefined {
  if (!process.stdin.isTTY || !output.isTTY) return undefined;
  return askLineOn(process.stdin, output);
}

/**
 * Answers how to ask on these streams. Lines that come faster than they are asked for, such as the
 * others of a pasted key, answer the questions after.
 */
export function askLineOn(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): AskLine {
  const ahead: string[] = [];
  let begun = '';
  return async (question) => {
    if (ahead.length > 0) {
      if (question !== '') output.write(`${question}\n`);
      return ahead.shift();
    }
    if (!input.readable) return undefined;
    const lines = createInterface({ input, output, terminal: true, prompt: question });
    lines.on('line', (line) => ahead.push(line));
    lines.prompt();
    if (begun !== '') lines.write(begun);
    await new Promise<void>((resolve) => {
      lines.once('line', () => resolve()).once('close', () => resolve());
    });
    begun = lines.line;
    lines.close();
    return ahead.shift();
  };
}

/**
 * Lets this process outlive the readers of its output, as in `… | head`: what it has begun is done to
 * its end, and its exit code says how. `onGone` ends what would go on for nobody.
 */
export function outliveReaders(onGone: () => void = () => {}): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      onGone();
    });
  }
}
