import { createInterface } from 'node:readline/promises';

/** Asks a person a question at the terminal. */
export type Ask = (question: string) => Promise<string>;

/**
 * Answers how to ask the person at the terminal, on the stream that this command speaks by;
 * undefined where nobody sits there. An end of the input is an empty answer.
 */
export function terminalAsk(output: NodeJS.WriteStream): Ask | undefined {
  if (!process.stdin.isTTY || !output.isTTY) return undefined;
  return async (question) => {
    const lines = createInterface({ input: process.stdin, output });
    const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    try {
      return await Promise.race([lines.question(question), closed]);
    } finally {
      lines.close();
    }
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
