/**
 * When an answer that waits to be read goes to the next manager as well: after so many school days, where the trust has chosen
 * that, and only once whoever reads it has been told and has had time. It never expires, and ends with the wait itself. Pure.
 */
import type { Reviewers } from '../directory/hierarchy.ts';
import { type Checkin, writerOf } from './lifecycle.ts';

/** School days between the word to the reader and the next manager's card. */
const NOTICE_DAYS = 2;
/** Levels above the reader that are looked at: deeper than any trust. */
const DEEPEST = 14;

export type Escalation =
  | { readonly kind: 'nothing' }
  /** To the reader, who is told of the day from which the next manager can read it too. */
  | { readonly kind: 'tell'; readonly reader: string; readonly from: string }
  | { readonly kind: 'escalate'; readonly to: string };

export type EscalationFacts = {
  readonly checkin: Pick<Checkin, 'state' | 'ownerId' | 'escalation' | 'answeredBy'>;
  /** The trust's choice, in school days; absent: never. */
  readonly after: number | undefined;
  /** School days since it was sent, today among them. */
  readonly waited: number;
  readonly today: string;
  /** The day that lies so many school days after today. */
  readonly schoolDayAfter: (count: number) => string;
  /** Who reads it. */
  readonly readers: Reviewers;
  /** The line of management above somebody. */
  readonly managersOf: (personId: string) => Reviewers;
  readonly isStaff: (personId: string) => boolean;
};

const NOTHING: Escalation = { kind: 'nothing' };

/** Names the next manager's card, by the version of what waited. */
export function reachedKey(checkinId: string, version: number, personId: string): string {
  return `checkin/${checkinId}/escalated/${version}/${personId}`;
}

/** Whether a card of that name is of the wait that began with this version: whatever was asked or bettered meanwhile. */
export function isReached(key: string, since: number): boolean {
  const version = /^checkin\/[^/]+\/escalated\/(\d+)\//.exec(key)?.[1];
  return version !== undefined && Number(version) >= since;
}

export function escalate(facts: EscalationFacts): Escalation {
  const { checkin, after, waited, today } = facts;
  if (after === undefined || checkin.state !== 'submitted') return NOTHING;
  const reader = facts.readers.asked?.personId;
  const next = reader === undefined ? undefined : nextManager(facts, reader);
  if (reader === undefined || next === undefined) return NOTHING;
  const before = checkin.escalation;
  const { may } = facts.readers;
  // Whoever it went to may have left since, or have become its reader: then it begins again where it stands.
  if (before?.to !== undefined && facts.isStaff(before.to) && !may.includes(before.to)) return NOTHING;
  if (before?.told !== reader) {
    const due = waited >= Math.max(1, after - NOTICE_DAYS);
    return due ? { kind: 'tell', reader, from: facts.schoolDayAfter(NOTICE_DAYS) } : NOTHING;
  }
  return waited >= after && today >= before.from ? { kind: 'escalate', to: next } : NOTHING;
}

/** The first one up the line from the reader who does not read it already; undefined where the line ends. */
function nextManager({ checkin, readers, managersOf }: EscalationFacts, reader: string): string | undefined {
  const seen = new Set([checkin.ownerId, writerOf(checkin), ...readers.may]);
  let last = reader;
  for (let level = 0; level < DEEPEST; level += 1) {
    const above = managersOf(last).asked?.personId;
    if (above === undefined || above === last) return undefined;
    if (!seen.has(above)) return above;
    if (above === checkin.ownerId) return undefined;
    last = above;
  }
  return undefined;
}
