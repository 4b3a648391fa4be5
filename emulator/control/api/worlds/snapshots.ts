import * as z from 'zod/mini';
import type { Call } from '../call.ts';

/** A saved world: when it was saved, and what is in it. */
const SNAPSHOT = z.object({
  name: z.string(),
  /** In real time; the file's own where it cannot be read. */
  savedAt: z.string(),
  bytes: z.int(),
  /** The present of that world. */
  now: z.optional(z.string()),
  orders: z.optional(z.int()),
  /** Why it cannot be loaded. */
  fault: z.optional(z.string()),
});
const REPLACE = z.strictObject({ replace: z.optional(z.enum(['true', 'false'])) });

/** The calls that save a world, put it back, and carry it from one cloud to another. */
export const snapshotCalls = {
  'GET /_local/snapshots': {
    summary: '已保存的世界，最近的在前 (the saved worlds, the latest first)',
    answer: z.array(SNAPSHOT),
  },
  'POST /_local/snapshots': {
    summary:
      '保存整个世界：文档、微信侧、时钟、故障、待发生的事；正在运行的先结束 (save the whole world, once what runs has ended)',
    body: z.strictObject({ name: z.string(), replace: z.optional(z.boolean()) }),
    answer: SNAPSHOT,
  },
  'POST /_local/snapshots/{name}/load': {
    summary:
      '载入保存的世界，替换现在的一切；部署的函数与索引不变 (load a saved world in place of all there is; what is deployed stays)',
    answer: z.looseObject({ now: z.string() }),
  },
  'GET /_local/snapshots/{name}': {
    summary: '导出为文件 (export as a file)',
    file: 'application/gzip',
  },
  'PUT /_local/snapshots/{name}': {
    summary: '导入文件，检查后保存，不载入 (import a file: it is checked and kept, not loaded)',
    query: REPLACE,
    bodyFile: 'application/gzip',
    answer: SNAPSHOT,
  },
  'DELETE /_local/snapshots/{name}': {
    summary: '删除 (delete)',
    answer: z.object({}),
  },
} as const satisfies Record<string, Call>;
