import { DeployRefusal } from '../resources/resource.ts';
import type { CommandContext } from './framework.ts';

/** Something that a command is about to take away for good. */
export interface Loss {
  /** The lines that say what goes, for a person. */
  lines: readonly string[];
  /** The word that a person types to agree: the id of the environment. */
  word: string;
}

/**
 * Says what is going to be lost and asks for the environment's id; `--yes` agrees beforehand.
 * Refuses where there is no terminal to ask, so that a line pasted into a script takes nothing away.
 */
export async function confirmLoss(context: CommandContext, { lines, word }: Loss): Promise<void> {
  const { options, utils, ask } = context;
  for (const line of lines) utils.log.notice(line);
  if (options.yes === true) return;
  if (!ask) {
    throw new DeployRefusal(
      'NOT_CONFIRMED',
      '没有终端可以确认，未作任何改动；确定要这样做请加 --yes (no terminal to ask: nothing was changed; add --yes if it is meant)',
    );
  }
  const answer = await ask(
    `输入环境 ID ${word} 以继续 (type the id of the environment to go on): `,
  );
  if (answer.trim() === word) return;
  throw new DeployRefusal(
    'NOT_CONFIRMED',
    '与环境 ID 不符，未作任何改动 (that is not its id: nothing was changed)',
  );
}
