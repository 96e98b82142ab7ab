/**
 * Listens to what a process says to its database, so that it can be ended at any exchange: before a statement leaves, once it
 * has left, once it is answered. Between two exchanges with the world a process changes nothing that anybody could see, so the
 * instants around the exchanges stand for all instants.
 */
import type { PGlite } from '@electric-sql/pglite';
import pg from 'pg';

/** `asked`: the statement is with the server, which will carry it out whoever lives; the embedded store has no such instant. */
export type Phase = 'before' | 'asked' | 'answered';
/** `connection`: the same for all statements of one. */
export type Heard = (statement: string, phase: Phase, connection: object) => void;

type Listener = (...values: unknown[]) => unknown;

/** For every connection that this process opens to a server, before and after this call. */
export function tapServer(hear: Heard): void {
  const ask: Listener = pg.Client.prototype.query;
  const tapped = function (this: pg.Client, ...words: unknown[]): unknown {
    const text = textOf(words[0]);
    const answered = () => hear(text, 'answered', this);
    const callback = words.findLastIndex((word) => typeof word === 'function');
    if (callback >= 0) words[callback] = after(answered, words[callback] as Listener);
    hear(text, 'before', this);
    const result = Reflect.apply(ask, this, words);
    hear(text, 'asked', this);
    return result instanceof Promise ? result.finally(answered) : result;
  };
  Reflect.set(pg.Client.prototype, 'query', tapped);
}

/** The same for an embedded store. A transaction there is a call and no statement: it is told of as `begin` and `commit`. */
export function tapEmbedded(pglite: PGlite, hear: Heard): void {
  tapCalls(pglite, hear);
  const transact = pglite.transaction.bind(pglite);
  const transaction: PGlite['transaction'] = async (work) => {
    const result = await transact(async (inside) => {
      tapCalls(inside, hear, pglite);
      const done = await work(inside);
      hear('commit', 'before', pglite);
      return done;
    });
    hear('commit', 'answered', pglite);
    return result;
  };
  Reflect.set(pglite, 'transaction', transaction);
}

function tapCalls(target: object, hear: Heard, connection = target): void {
  for (const name of ['query', 'exec']) {
    const ask = Reflect.get(target, name) as Listener;
    Reflect.set(target, name, (...words: unknown[]) => {
      const text = textOf(words[0]);
      hear(text, 'before', connection);
      const result = Reflect.apply(ask, target, words) as Promise<unknown>;
      return result.finally(() => hear(text, 'answered', connection));
    });
  }
}

function after(first: () => void, then: Listener): Listener {
  return (...values) => {
    first();
    return then(...values);
  };
}

function textOf(words: unknown): string {
  return typeof words === 'string' ? words : String(Reflect.get(Object(words), 'text'));
}
