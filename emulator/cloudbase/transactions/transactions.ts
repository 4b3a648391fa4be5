import { Refusal, refuse } from '../errors.ts';
import { Contended, type Ground, Session } from './session.ts';

/** A transaction must end within this time. Source: docs.cloudbase.net/error-code. */
const lifetimeMs = 30_000;

/** How long a write outside of transactions waits for one that holds its document (MongoDB). */
const patienceMs = 5_000;

const retryMs = 5;

/** What transactions take from the machine; all of it real time, never virtual. */
export interface Waiting {
  realMs(): number;
  waitMs(ms: number): Promise<void>;
  newId(): string;
}

interface Open {
  session: Session;
  beganMs: number;
}

/** The open transactions. Snapshot isolation; the first writer of a document wins. */
export class Transactions {
  readonly #ground: Ground;
  readonly #waiting: Waiting;
  readonly #open = new Map<string, Open>();

  constructor(ground: Ground, waiting: Waiting) {
    this.#ground = ground;
    this.#waiting = waiting;
  }

  begin(): string {
    this.#endExpired();
    const id = this.#waiting.newId();
    this.#open.set(id, { session: new Session(this.#ground), beganMs: this.#waiting.realMs() });
    return id;
  }

  /** Runs work on documents inside a transaction; if the work fails, the transaction is over. */
  within<T>(id: string, work: (session: Session) => T): T {
    const session = this.#opened(id);
    try {
      return work(session);
    } catch (error) {
      this.#end(id);
      throw error instanceof Contended ? refuse.conflict() : error;
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
    const giveUpMs = this.#waiting.realMs() + patienceMs;
    for (;;) {
      const done = this.#attempt(work);
      if (done) return done.result;
      if (this.#waiting.realMs() >= giveUpMs) {
        throw refuse.database('a transaction held the document too long');
      }
      await this.#waiting.waitMs(retryMs);
    }
  }

  /** Ends all of them. */
  reset(): void {
    for (const id of this.#open.keys()) this.#end(id);
  }

  #attempt<T>(work: (session: Session) => T): { result: T } | undefined {
    this.#endExpired();
    const session = new Session(this.#ground);
    try {
      const result = work(session);
      session.commit();
      return { result };
    } catch (error) {
      if (error instanceof Contended) return undefined;
      // As in MongoDB, the documents before the one that was refused stay written.
      if (error instanceof Refusal) session.commit();
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
    return found.session;
  }

  #endExpired(): void {
    const nowMs = this.#waiting.realMs();
    for (const [id, { beganMs }] of this.#open) if (nowMs - beganMs > lifetimeMs) this.#end(id);
  }

  #end(id: string): void {
    this.#open.get(id)?.session.release();
    this.#open.delete(id);
    this.#forget();
  }

  #forget(): void {
    const snapshots = [...this.#open.values()].map(({ session }) => session.seq);
    this.#ground.store.forget(Math.min(this.#ground.store.seq(), ...snapshots));
  }
}
