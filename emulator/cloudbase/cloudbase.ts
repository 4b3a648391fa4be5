import type { SavedParts, Service } from '../world/service.ts';
import { faultPlaces } from '../world/takeFault.ts';
import type { Credential } from '../world/tc3.ts';
import type { HttpRequest, HttpResponse } from '../world/wire/http.ts';
import type { World } from '../world/world.ts';
import type { CloudPay, FunctionAnswer, FunctionInvocation } from './actions/action.ts';
import { createHandler, OPERATIONS } from './handler.ts';
import type { IndexDefinition } from './indexes/orderedIndex.ts';
import { idText, openState, type State } from './state.ts';
import type { SessionDeps } from './transactions/session.ts';
import { Transactions } from './transactions/transactions.ts';
import { type Doc, fromText, toText } from './values/ejson.ts';

/** The emulated CloudBase is configured with these. */
export interface CloudBaseOptions {
  envId: string;
  /** The key pair of an id, undefined for an unknown one; `token` is compared when it is given. */
  credentials(secretId: string): Credential | undefined;
  /** Runs a function of the cloud. */
  invoke(call: FunctionInvocation): Promise<FunctionAnswer>;
  /** CloudPay (云支付); left out: there is none. */
  cloudPay?: CloudPay;
  /** Real time that every request takes before it acts. */
  latencyMs?: number;
}

/** A collection as the page lists it. */
export interface CollectionSummary {
  name: string;
  count: number;
  indexes: IndexDefinition[];
}

/** The emulated CloudBase: documents, transactions and function calls behind `POST /admin`. */
export interface CloudBase extends Service {
  /** Answers `POST /admin?env=…`; throws `ConnectionReset` where a fault swallows a message. */
  handle(request: HttpRequest): Promise<HttpResponse>;
  /** Creates a collection and the indexes it lacks; those are built over the documents there. */
  createCollection(name: string, indexes?: IndexDefinition[]): void;
  /** Removes a collection with its documents; nothing happens where there is none. */
  dropCollection(name: string): void;
  dropIndex(collection: string, name: string): void;
  collections(): CollectionSummary[];
  /** Puts documents into a collection, where none has their `_id`. */
  put(collection: string, docs: readonly Doc[]): void;
  /** Lists the documents that were created last, newest first. */
  documents(collection: string, limit?: number): unknown[];
  /** Forgets documents and transactions, keeps collections and indexes. */
  reset(): void;
  /** Counts the documents that were examined so far, which tells a scan from an index. */
  examined(): number;
}

/** Builds CloudBase over the world's data file, as an earlier run left it. */
export function createCloudBase(world: World, options: CloudBaseOptions): CloudBase {
  const state = openState(world.data);
  const newId = () => world.randomBytes(16).toString('hex');
  let examined = 0;
  const deps: SessionDeps = {
    state,
    locks: new Map(),
    envId: options.envId,
    examine: () => {
      examined += 1;
    },
  };
  const transactions = new Transactions(deps, {
    realMs: () => world.clock.nowMs() - world.clock.offsetMs(),
    waitMs: world.life.pauseMs,
    newId,
  });
  const { invoke, cloudPay } = options;
  const actions = { state, transactions, now: world.clock.now, newId, invoke, cloudPay };
  return {
    owns: (request) => new URL(request.url).pathname === '/admin',
    handle: createHandler({ ...options, world, actions }),
    faultPlaces: faultPlaces(OPERATIONS),
    createCollection: (name, indexes = []) => state.create(name, indexes),
    dropCollection: (name) => {
      // A transaction that is open over it must not bring its documents back.
      transactions.reset();
      state.drop(name);
    },
    dropIndex: state.dropIndex,
    collections: () =>
      state.collections().map(({ name, current, definitions }) => ({
        name,
        count: current.size,
        indexes: definitions,
      })),
    put: (name, docs) => putMissing(state, name, docs),
    documents: (collection, limit = 100) => newestDocuments(state, collection, limit),
    reset: () => {
      transactions.reset();
      state.reset();
    },
    saved: savedParts(state, transactions),
    examined: () => examined,
  };
}

function savedParts(state: State, transactions: Transactions): SavedParts {
  return {
    name: 'cloudbase',
    // Collections and their indexes are deployed: those that are here stay as they are.
    tables: { cloudbase_collections: 'added', cloudbase_documents: 'replaced' },
    reopen: () => {
      transactions.reset();
      state.reload();
    },
  };
}

/** Lists documents, newest first; before the first deploy there is no collection, and so no documents. */
function newestDocuments(state: State, collection: string, limit: number): unknown[] {
  const found = state.collections().find(({ name }) => name === collection);
  const newest = [...(found?.current.values() ?? [])].slice(-limit).reverse();
  return newest.map(({ doc }) => doc);
}

function putMissing(state: State, name: string, docs: readonly Doc[]): void {
  const collection = state.collection(name);
  const there = new Set([...collection.current.values()].map(({ doc }) => idText(doc._id)));
  const missing = docs.filter(({ _id }) => !there.has(idText(_id)));
  const writes = missing.map((doc) => {
    const text = toText(doc);
    return { collection, id: idText(doc._id), next: { doc: fromText(text), text } };
  });
  state.commit(writes);
}
