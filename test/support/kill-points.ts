/**
 * The numbered points of a message's path, from the slot that falls due to the last face that is put on it: each exchange with
 * the database or with Teams, by what it asks. Pure.
 */
import type { Phase } from './taps.ts';

/** In the order of the path. The number of a point is its place here. */
const STATEMENTS: readonly (readonly [name: string, asks: RegExp])[] = [
  ['write the slot', /^insert into "slots"/],
  ['claim the slot', /update slots s set state = 'claimed'/],
  ['hold the slot', /^select "rule" from "slots".* for update/],
  ['keep out pauses', /^lock table pauses/],
  ['write the messages', /^insert into "deliveries"/],
  ['write the job', /^INSERT INTO \S+\.job/i],
  ['settle the slot', /^update "slots" set "state"/],
  ['fetch the job', /^WITH next AS .*'delivery\.wake'/i],
  ['complete the job', /SET completed_on/i],
  ['sweep', /^with swept as \( update deliveries/],
  ['claim', /update deliveries d set state = 'claimed'/],
  ['take send slots', /^update send_slots/],
  ['settle and grant', /^with settled as \( update deliveries .* update deliveries d set state = 'sending'/],
  ['withdraw', /^update "deliveries" set "state"/],
  ['write new faces', /^update deliveries set card = face\.card/],
  ['claim edits', /update deliveries d set edit_attempts/],
  ['settle edits', /^update deliveries d set shown_version/],
];

/** A transaction's end is a point of its own, named after what was written in it. */
const COMMITS: Readonly<Record<string, string>> = {
  'write the slot': 'commit the slot',
  'settle the slot': 'commit the run',
  'write new faces': 'commit new faces',
};

/** What leaves for Teams: named where it is called. */
const POSTS = ['post', 'put'] as const;
export type Post = (typeof POSTS)[number];

export const POINTS: readonly string[] = [
  ...STATEMENTS.flatMap(([name]) => (COMMITS[name] ? [name, COMMITS[name]] : [name])),
  ...POSTS,
];

/** Where a process is ended: at the nth time that it comes to a point. */
export type Kill = { readonly point: string; readonly phase: Phase; readonly nth: number };

/** Names the statements of a process as they pass; undefined for one that is on no message's path. */
export function createNamer(): (statement: string, phase: Phase, connection: object) => string | undefined {
  const latest = new WeakMap<object, string>();
  return (statement, phase, connection) => {
    const text = statement.trim().replace(/\s+/g, ' ');
    if (text === 'commit') return COMMITS[latest.get(connection) ?? ''];
    if (text === 'begin') latest.delete(connection);
    const name = STATEMENTS.find(([, asks]) => asks.test(text))?.[0];
    if (phase === 'before' && name && COMMITS[name]) latest.set(connection, name);
    return name;
  };
}

export function isOfEdits(point: string): boolean {
  return point === 'put' || / edits$/.test(point);
}
