import { attentionContract } from './attention.contract.ts';
import { createMemoryStore, type Disturb } from './memory.ts';
import { othersWriteContract } from './othersWrite.contract.ts';
import {
  brokenWireContract,
  type FaultKind,
  type StoreUnderTest,
  storeContract,
} from './store.contract.ts';

const operations = { insert: 'add', replace: 'update', get: 'find' } as const;

/** The code that the store gets instead of an answer, and when. */
const faults: Record<FaultKind, [phase: 'before' | 'after', code: string]> = {
  lost_request: ['before', 'ECONNRESET'],
  lost_answer: ['after', 'ECONNRESET'],
  throttled: ['before', 'EXCEED_REQUEST_LIMIT'],
  refused: ['before', 'DATABASE_PERMISSION_DENIED'],
};

/** The store in memory, whose operations fail as those over a wire. */
async function open(): Promise<StoreUnderTest> {
  let coming: { at: string; kind: FaultKind }[] = [];
  let hasFailed = false;
  let meanwhile: (() => Promise<unknown>) | undefined;
  const actMeanwhile = async () => {
    const act = meanwhile;
    meanwhile = undefined;
    await act?.();
  };
  const disturb: Disturb = async (operation, phase) => {
    if (phase === 'before' && hasFailed) await actMeanwhile();
    const [next] = coming;
    if (next?.at !== operation) return;
    const [when, code] = faults[next.kind];
    if (when !== phase) return;
    coming.shift();
    hasFailed = true;
    throw Object.assign(new Error(next.kind), { code });
  };
  const store = createMemoryStore({ disturb });
  return {
    store,
    other: store.another(),
    put: async (stored) => {
      const { _id } = stored as { _id: string };
      store.raw.set(_id, structuredClone(stored) as never);
    },
    raw: async (outTradeNo) => structuredClone(store.raw.get(outTradeNo)),
    clear: async () => {
      coming = [];
      hasFailed = false;
      meanwhile = undefined;
      store.raw.clear();
    },
    fault: (at, kind, times, then) => {
      const kinds = [...Array<FaultKind>(times).fill(kind), ...(then ? [then] : [])];
      coming = kinds.map((each) => ({ at: operations[at], kind: each }));
    },
    meanwhile: (act) => {
      meanwhile = act;
    },
    close: async () => {},
  };
}

storeContract('the store in memory', open);
brokenWireContract('the store in memory, whose operations fail', open);
othersWriteContract('the store in memory, while others write', open);
attentionContract('the store in memory, for a human', open);
