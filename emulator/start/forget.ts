import { existsSync } from 'node:fs';
import Database from 'libsql';
import type { Ask } from '../../infra/terminal.ts';

/** A data file that is to begin anew. */
export interface Forgetting {
  file: string;
  /** The name that a person types to agree. */
  envId: string;
  /** Whether it was agreed to beforehand (`--yes`). */
  isAgreed: boolean;
  /** Absent where nobody sits at a terminal. */
  ask?: Ask | undefined;
  write(text: string): void;
}

/**
 * Says what `--fresh` takes away and asks for the environment's name, where the data file holds
 * anything; throws, with what to do, where nobody agrees.
 */
export async function confirmForgetting(forgetting: Forgetting): Promise<void> {
  const { file, envId, isAgreed, ask, write } = forgetting;
  const counts = countDocuments(file);
  if (counts.length === 0) return;
  const documents = counts.map(({ collection, count }) => `${collection} ${count} 条`).join(', ');
  write(
    `\n  将清空 (to be forgotten): 环境 ${envId}，阶段 local，数据 ${file}\n    ${documents}；密钥、时钟与已部署的函数 (keys, clock, and what is deployed)\n`,
  );
  if (isAgreed) return;
  if (!ask) {
    throw new Error(
      '没有终端可以确认，什么也没有清空；确定要清空请加 --yes (no terminal to ask, nothing was forgotten: add --yes if it is meant)',
    );
  }
  const answer = await ask(`  输入环境名 ${envId} 以继续 (type its name to go on): `);
  if (answer.trim() === envId) return;
  throw new Error('与环境名不符，什么也没有清空 (that is not its name: nothing was forgotten)');
}

/** Counts the documents of a data file by collection; none where there is no such file. */
function countDocuments(file: string): { collection: string; count: number }[] {
  if (!existsSync(file)) return [];
  const db = new Database(file);
  try {
    const rows = db
      .prepare(
        'SELECT collection, COUNT(*) AS count FROM cloudbase_documents GROUP BY collection ORDER BY 1',
      )
      .all() as { collection: string; count: number }[];
    return rows.map(({ collection, count }) => ({ collection, count }));
  } catch {
    return []; // It holds no documents yet.
  } finally {
    db.close();
  }
}
