/** Reads the audit: the whole chain to verify it, and what it holds about one person for their own copy. Writes nothing. */

import { sql } from 'kysely';
import { type AuditEntry, namesPerson } from './audit.ts';
import {
  CHAIN_START,
  type ChainFault,
  faultOf,
  type SealedEntry,
  vouchFor,
  vouchForStart,
} from './audit-chain.ts';
import type { Db, Trx } from './database.ts';

/** Entries read at a time: a few hundred kilobytes. */
const BATCH = 1000;

export type AuditVerdict = {
  /** How many sealed entries held. */
  readonly entries: number;
  /** The last seal that held: written down elsewhere, it also shows a store that was put back to an earlier day. */
  readonly head: string;
  readonly fault?: ChainFault;
};

type Link = { readonly link: number; readonly seal: string };

/** Reads the whole chain and stops at the first fault. Seal what is new before (`sealAudit`). Give a `snapshot` of a live store. */
export async function verifyAudit(db: Db | Trx, key: string): Promise<AuditVerdict> {
  const head = await db.selectFrom('audit_head').selectAll().executeTakeFirst();
  if (!head) return broken({ link: 0, seal: CHAIN_START }, 0, 'the record of the last entry is gone');
  const from = { link: Number(head.from_link), seal: head.from_seal };
  // Where nothing was deleted yet there is nothing to vouch for.
  const begins =
    from.link === 0
      ? from.seal === CHAIN_START && head.from_vouched === ''
      : head.from_vouched === vouchForStart(key, from.link, from.seal);
  if (!begins) return broken(from, 0, 'the record of where it begins was changed, or the key is another');
  let before: Link = from;
  for (;;) {
    const entries = await readSealed(db, before.link);
    for (const entry of entries) {
      const fault = faultOf(key, before, entry);
      if (fault) return { entries: before.link - from.link, head: before.seal, fault };
      before = { link: entry.link, seal: entry.seal };
    }
    if (entries.length < BATCH) break;
  }
  const problem = endProblem(key, { ...head, links: Number(head.links) }, before);
  return problem
    ? broken(before, before.link - from.link, problem)
    : { entries: before.link - from.link, head: before.seal };
}

function broken(last: Link, entries: number, problem: string): AuditVerdict {
  return { entries, head: last.seal, fault: { link: last.link + 1, problem } };
}

function endProblem(
  key: string,
  head: { readonly links: number; readonly seal: string; readonly vouched: string },
  last: Link,
): string | undefined {
  // A store in which nothing was sealed yet has nothing to vouch for.
  const vouched =
    head.links === 0 ? head.vouched === '' : head.vouched === vouchFor(key, head.links, head.seal);
  if (!vouched) return 'the record of the last entry was changed, or the key is another';
  if (head.links > last.link) return `entry ${last.link + 1} is missing`;
  return head.links === last.link && head.seal === last.seal ? undefined : 'entries were added at the end';
}

async function readSealed(db: Db | Trx, after: number): Promise<SealedEntry[]> {
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .select(sql<string>`to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('instant'))
    .where('link', '>', after)
    .orderBy('link')
    .limit(BATCH)
    .execute();
  return rows.map(({ link, commitment, seal, seq, instant, ...rest }) => ({
    ...rest,
    at: instant,
    seq: Number(seq),
    link: Number(link),
    commitment: commitment ?? '',
    seal: seal ?? '',
  }));
}

/** What the audit holds about a person, oldest first. */
export function listAuditOf(db: Db, person: string): Promise<readonly Required<AuditEntry>[]> {
  return db
    .selectFrom('audit')
    .select(['at', 'actor', 'action', 'subject', 'detail'])
    .where(namesPerson(person))
    .orderBy('seq')
    .execute();
}
