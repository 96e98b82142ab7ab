/**
 * Who line-manages whom today, decided from Graph's managers and what `trust.yaml` adds. It refuses to guess: a post
 * without a manager, a manager who has left and a circle each have their own answer. Nobody is ever their own manager.
 */
import { assertNever } from '../kernel/errors.ts';

export type Post = { readonly id: string; readonly managerId?: string; readonly staff: boolean };

/** What `trust.yaml` says of a person: a corrected manager, an absence with its stand-in. Dates are inclusive. */
export type PersonNote = {
  readonly id: string;
  readonly manager?: string | undefined;
  readonly leave?: { readonly from: string; readonly to: string } | undefined;
  readonly delegate?: string | undefined;
};

export type Organisation = {
  readonly posts: ReadonlyMap<string, Post>;
  readonly notes: ReadonlyMap<string, PersonNote>;
  readonly ceo: string;
  /** The local date, for absences. */
  readonly today: string;
};

export type Line =
  | { readonly kind: 'manager'; readonly managerId: string; readonly standsInFor?: string }
  | { readonly kind: 'top' }
  | { readonly kind: 'vacancy'; readonly because: 'none-named' | 'left' | 'away' }
  | { readonly kind: 'circle'; readonly ids: readonly string[] };

/** A person's line today. A manager on leave is stood in for by their delegate, else by the manager above them. */
export function lineOf(organisation: Organisation, personId: string): Line {
  if (personId === organisation.ceo) return { kind: 'top' };
  const circle = circleThrough(organisation, personId);
  if (circle) return { kind: 'circle', ids: circle };
  const appointed = appointedManager(organisation, personId);
  if (!appointed) return { kind: 'vacancy', because: 'none-named' };
  if (!isStaff(organisation, appointed)) return { kind: 'vacancy', because: 'left' };
  const present = presentManager(organisation, personId, appointed);
  if (!present) return { kind: 'vacancy', because: 'away' };
  return present === appointed
    ? { kind: 'manager', managerId: appointed }
    : { kind: 'manager', managerId: present, standsInFor: appointed };
}

/** The manager that `trust.yaml` or, without a word there, Graph names; present or not. */
export function appointedManager(organisation: Organisation, personId: string): string | undefined {
  return organisation.notes.get(personId)?.manager ?? organisation.posts.get(personId)?.managerId;
}

/** Staff whose manager today is this person, in the order of the posts. */
export function reportsTo(organisation: Organisation, managerId: string): string[] {
  return [...organisation.posts.values()]
    .filter((post) => post.staff && managerIdOf(lineOf(organisation, post.id)) === managerId)
    .map((post) => post.id);
}

export function managerIdOf(line: Line): string | undefined {
  switch (line.kind) {
    case 'manager':
      return line.managerId;
    case 'top':
    case 'vacancy':
    case 'circle':
      return undefined;
    default:
      return assertNever(line);
  }
}

/** Every circle once, for whoever keeps the directory. Each begins with its smallest id. */
export function findCircles(organisation: Organisation): string[][] {
  const found = new Map<string, string[]>();
  for (const id of organisation.posts.keys()) {
    const circle = circleThrough(organisation, id);
    const first = circle && [...circle].sort()[0];
    if (!circle || first === undefined) continue;
    const start = circle.indexOf(first);
    found.set(first, [...circle.slice(start), ...circle.slice(0, start)]);
  }
  return [...found.values()];
}

/** The people on the way from a person back to that person, when the way up leads back. */
function circleThrough(organisation: Organisation, personId: string): string[] | undefined {
  const way = [personId];
  for (;;) {
    const last = way.at(-1) ?? personId;
    const above = last === organisation.ceo ? undefined : appointedManager(organisation, last);
    if (above === personId) return way;
    if (!above || way.includes(above)) return undefined;
    way.push(above);
  }
}

function presentManager(organisation: Organisation, personId: string, appointed: string): string | undefined {
  const asked = new Set<string>();
  const fits = (id: string | undefined): id is string =>
    id !== undefined && id !== personId && isStaff(organisation, id) && !isAway(organisation, id);
  for (let candidate: string | undefined = appointed; candidate && !asked.has(candidate); ) {
    if (fits(candidate)) return candidate;
    const delegate = organisation.notes.get(candidate)?.delegate;
    if (fits(delegate)) return delegate;
    asked.add(candidate);
    candidate = candidate === organisation.ceo ? undefined : appointedManager(organisation, candidate);
  }
  return undefined;
}

function isStaff(organisation: Organisation, id: string): boolean {
  return organisation.posts.get(id)?.staff ?? false;
}

function isAway(organisation: Organisation, id: string): boolean {
  const leave = organisation.notes.get(id)?.leave;
  return leave !== undefined && leave.from <= organisation.today && organisation.today <= leave.to;
}
