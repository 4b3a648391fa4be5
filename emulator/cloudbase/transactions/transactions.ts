import { RefusalError, refuse } from '../errors.ts';
import { ContendedError, Session, type SessionDeps } from './session.ts';

/** A transaction must end within this time. Source: docs.cloudbase.net/error-code. */
const LIFETIME_MS = 30_000;

/** A write outside of transactions waits this long for one that holds its document (MongoDB). */
const LOCK_WAIT_MS = 5_000;

const RETRY_MS = 5;

/** Transactions take these from the machine: real time, never virtual. */
export interface TransactionDeps {
  realMs(): number;
  waitMs(ms: number): Promise<void>;
  newId(): string;
}

interface OpenTransaction {
  /** Made by the first operation: what was committed before it is seen. */
  session?: Session;
  beganMs: number;
}

/** The open transactions. Snapshot isolation; the first writer of a document wins. */
export class Transactions {
  readonly #deps: SessionDeps;
  readonly #time: TransactionDeps;
  readonly #open = new Map<string, OpenTransaction>();

  constructor(deps: SessionDeps, time: TransactionDeps) {
    this.#deps = deps;
    this.#time = time;
  }

  begin(): string {
    this.#endExpired();
    const id = this.#time.newId();
    this.#open.set(id, { beganMs: this.#time.realMs() });
    return id;
  }

  /** Runs work on documents inside a transaction; if the work fails, the transaction is over. */
  within<T>(id: string, work: (session: Session) => T): T {
    const session = this.#opened(id);
    try {
      return work(session);
    } catch (error) {
      this.#end(id);
      throw error instanceof ContendedError ? refuse.conflict() : error;
    }
  }

  /** Makes a transaction's writes durable; answers how many documents it wrote. */
  commit(id: string): { written: number } {
    const session = this.#opened(id);
    try {
      session.commit();
      return { written: session.size };
    } finally {
      this.#end(id);
    }
  }

  abort(id: string): void {
    this.#opened(id);
    this.#end(id);
  }

  /** Runs work outside of transactions, as one commit; waits while a transaction is in its way. */
  async outside<T>(work: (session: Session) => T): Promise<T> {
    const giveUpMs = this.#time.realMs() + LOCK_WAIT_MS;
    for (;;) {
      const done = this.#attempt(work);
      if (done) return done.result;
      if (this.#time.realMs() >= giveUpMs) {
        throw refuse.database('a transaction held the document too long');
      }
      await this.#time.waitMs(RETRY_MS);
    }
  }

  /** Ends all of them. */
  reset(): void {
    for (const id of this.#open.keys()) this.#end(id);
  }

  #attempt<T>(work: (session: Session) => T): { result: T } | undefined {
    this.#endExpired();
    const session = new Session(this.#deps);
    try {
      const result = work(session);
      session.commit();
      return { result };
    } catch (error) {
      if (error instanceof ContendedError) return undefined;
      // As in MongoDB, the documents before the one that was refused stay written.
      if (error instanceof RefusalError) session.commit();
      throw error;
    } finally {
      session.release();
      this.#forget();
    }
  }

  #opened(id: string): Session {
    this.#endExpired();
    const found = this.#open.get(id);
    if (!found) throw refuse.noTransaction();
    found.session ??= new Session(this.#deps);
    return found.session;
  }

  #endExpired(): void {
    const nowMs = this.#time.realMs();
    for (const [id, { beganMs }] of this.#open) if (nowMs - beganMs > LIFETIME_MS) this.#end(id);
  }

  #end(id: string): void {
    this.#open.get(id)?.session?.release();
    this.#open.delete(id);
    this.#forget();
  }

  #forget(): void {
    const snapshots = [...this.#open.values()].flatMap(({ session }) =>
      session ? [session.seq] : [],
    );
    this.#deps.state.forget(Math.min(this.#deps.state.seq(), ...snapshots));
  }
}
