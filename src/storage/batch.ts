/**
 * Joins what several turns ask of the store at the same moment into one statement: one way there and back, one commit, for
 * all of them. Each waits until that statement has committed, so nobody is told more than before. A call on its own goes at
 * once. Knows no table.
 */
import type { Db } from './database.ts';

/** Items of one statement. With more, all turns wait for one commit together and then for the processor together. */
const MOST = 8;
/** Statements of one kind under way: one that waits for a lock must not hold up everybody. */
const UNDER_WAY = 4;
/**
 * How long the next statement of a kind waits for the one under way, and takes with it whoever comes meanwhile: under load a
 * statement more costs everybody more than that wait. One that takes longer holds up nobody. Milliseconds.
 */
const PATIENCE = 6;

export type Gathering = {
  /** For what nobody waits for: how long the first of a statement waits for others, in milliseconds. */
  readonly gather?: number;
  /** Items of one statement. */
  readonly most?: number;
  /** How long the next statement waits for the one under way, in milliseconds. */
  readonly patience?: number;
};

type Waiting<In, Out> = {
  readonly item: In;
  readonly resolve: (out: Out) => void;
  readonly reject: (error: unknown) => void;
};
type Queue<In, Out> = {
  waiting: Waiting<In, Out>[];
  planned: boolean;
  running: number;
  /** Set while a statement waits for the one under way. */
  patience?: NodeJS.Timeout | undefined;
};

/**
 * `work` answers for each item, in their order. When the database refuses a statement for what one item holds, each is tried
 * by itself, so that nobody's fault becomes another's. Any other fault is everybody's.
 */
export function inBatches<In, Out>(
  work: (db: Db, items: readonly In[]) => Promise<readonly Out[]>,
  { gather = 0, most = MOST, patience = PATIENCE }: Gathering = {},
): (db: Db, item: In) => Promise<Out> {
  const queues = new WeakMap<Db, Queue<In, Out>>();

  async function settle(db: Db, batch: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const outs = await work(
        db,
        batch.map(({ item }) => item),
      );
      for (const [place, { resolve }] of batch.entries()) resolve(outs[place] as Out);
    } catch (error) {
      if (batch.length > 1 && isForOneItem(error)) for (const each of batch) await settle(db, [each]);
      else for (const { reject } of batch) reject(error);
    }
  }

  function plan(db: Db, queue: Queue<In, Out>): void {
    if (queue.planned || queue.running >= UNDER_WAY || queue.waiting.length === 0) return;
    if (queue.running > 0 && queue.waiting.length < most) {
      queue.patience ??= setTimeout(() => begin(db, queue), patience);
      return;
    }
    queue.planned = true;
    // After what else has come in: requests that arrived together go together.
    if (gather > 0 && queue.waiting.length < most) setTimeout(() => begin(db, queue), gather);
    else setImmediate(() => begin(db, queue));
  }

  function begin(db: Db, queue: Queue<In, Out>): void {
    clearTimeout(queue.patience);
    queue.patience = undefined;
    queue.planned = false;
    if (queue.waiting.length === 0 || queue.running >= UNDER_WAY) return;
    queue.running += 1;
    const batch = queue.waiting.splice(0, most);
    void settle(db, batch).finally(() => {
      queue.running -= 1;
      plan(db, queue);
    });
    plan(db, queue);
  }

  return (db, item) => {
    const queue = queues.get(db) ?? { waiting: [], planned: false, running: 0 };
    queues.set(db, queue);
    return new Promise<Out>((resolve, reject) => {
      queue.waiting.push({ item, resolve, reject });
      plan(db, queue);
    });
  };
}

/** Refused by its data or by another's lock; it was rolled back whole. */
function isForOneItem(error: unknown): boolean {
  return /^(?:21|22|23|40)/.test(sqlStateOf(error));
}

/** Whether the store would refuse the same statement for ever: SQLSTATE classes of what is wrong with its data. */
export function isRefusedByData(error: unknown): boolean {
  return /^(?:21|22|23)/.test(sqlStateOf(error));
}

/** Five signs; empty for what is no answer of the database's. */
function sqlStateOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : '';
}
