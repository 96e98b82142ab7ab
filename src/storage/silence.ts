/**
 * Ends a connection on which an answer will not come. A network that swallows packets tells nobody: whoever waits would wait for
 * ever, and with them all that waits its turn. A statement may also take long with good reason, so the server is asked, over a
 * connection of its own, whether it is still at work on it.
 */
import pg from 'pg';

/** Milliseconds. */
export type Patience = {
  /** An answer that takes longer is asked after, again and again. */
  readonly askAfter: number;
  /** An answer may be on its way while the server says that it has given it. */
  readonly grace: number;
  /** How long the server has to say what it is at work on. */
  readonly askFor: number;
};

export const PATIENCE: Patience = { askAfter: 10_000, grace: 2_000, askFor: 5_000 };

/**
 * The answer to what `ask` asks of `client`, told by `done`. Rejects when the connection was ended because none will come. A
 * callback, because each promise between the answer and who waits for it holds a turn's memory until a later collection.
 */
export type Guard = <T>(client: pg.PoolClient, ask: (done: Done<T>) => void) => Promise<T>;
export type Done<T> = (error: Error | null | undefined, answer: T) => void;

/** `atWork`: which of the server's processes work on a statement of ours; a throw means that it cannot be reached. */
export function createGuard(
  atWork: () => Promise<ReadonlySet<number>>,
  { askAfter, grace }: Patience = PATIENCE,
): Guard {
  let asking: Promise<ReadonlySet<number>> | undefined;
  /** Those who wait at the same time ask together. */
  const askOnce = () => {
    asking ??= atWork().finally(() => {
      asking = undefined;
    });
    return asking;
  };
  return (client, ask) => {
    let over = false;
    let timer: NodeJS.Timeout | undefined;
    const later = (work: () => void, wait: number) => {
      if (!over) timer = setTimeout(work, wait).unref();
    };
    const look = () =>
      void askOnce().then(
        (pids) => (pids.has(processOf(client)) ? later(look, askAfter) : later(end, grace)),
        () => later(end, 0),
      );
    // With a statement under way, this breaks the connection off; the statement then fails.
    const end = () => void client.end();
    return new Promise((resolve, reject) => {
      ask((error, answer) => {
        over = true;
        clearTimeout(timer);
        if (error) reject(error);
        else resolve(answer);
      });
      later(look, askAfter);
    });
  };
}

/** The server's number for a connection. Not among its declared properties; Kysely relies on it as well. */
function processOf(client: pg.PoolClient): number {
  return Number(Reflect.get(client, 'processID'));
}

/** Asks over a connection of its own, which has to be made and to answer within a few seconds. */
export function askServer(
  config: pg.ClientConfig,
  { askFor }: Patience = PATIENCE,
): () => Promise<ReadonlySet<number>> {
  return async () => {
    const client = new pg.Client({
      ...config,
      connectionTimeoutMillis: askFor,
      query_timeout: askFor,
    });
    client.on('error', () => {
      // Told by the statement that fails; an error that nobody listens for would end the process.
    });
    try {
      await client.connect();
      const { rows } = await client.query<{ pid: number }>(
        "select pid from pg_stat_activity where usename = current_user and state = 'active'",
      );
      return new Set(rows.map(({ pid }) => pid));
    } finally {
      await client.end();
    }
  };
}
