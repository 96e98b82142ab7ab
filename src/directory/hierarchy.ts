/**
 * Who line-manages whom today, and who acts for them: the one rule of management for all of Waymark, decided from Graph's
 * managers and what `trust.yaml` adds. It knows dates and ids, never cards or rows. Nobody ever reviews their own.
 */

export type Post = {
  readonly id: string;
  readonly managerId?: string;
  readonly staff: boolean;
  readonly schoolUrn?: string;
};

export type Span = { readonly from: string; readonly to: string };

/** What `trust.yaml` says of a person: a corrected manager, an absence with its stand-in, delegations. Dates are inclusive. */
export type PersonNote = {
  readonly id: string;
  readonly manager?: string | undefined;
  readonly leave?: Span | undefined;
  readonly delegate?: string | undefined;
  /** Given over for a time while the person is at work. */
  readonly delegations?: readonly (Span & { readonly delegate: string })[] | undefined;
};

export type Organisation = {
  readonly posts: ReadonlyMap<string, Post>;
  readonly notes: ReadonlyMap<string, PersonNote>;
  readonly ceo: string;
  /** The head of each school, by URN, and the trust's contact for questions: they stand in where a line ends. */
  readonly heads: ReadonlyMap<string, string>;
  readonly contact: string;
  /** The local date, for absences. */
  readonly today: string;
};

/** Why this person: `manager`; `rule`: chosen for the matter; `delegate` of one who is away or has delegated; `above` an empty post; `contact`. */
export type Because = 'manager' | 'rule' | 'delegate' | 'above' | 'contact';

/**
 * `asked` is who acts today, a delegate `insteadOf` somebody; each of `may` has the right to (a manager on leave keeps it, and so
 * does one who delegated).
 */
export type Reviewers = {
  readonly asked?: { readonly personId: string; readonly because: Because; readonly insteadOf?: string };
  readonly may: readonly string[];
};

/**
 * Up the line from a person, the first who is staff and present acts. One who is away or has delegated is stood in for by
 * their delegate; without one, it goes up. A post that is empty or held by a leaver goes up one. Where the line ends: the
 * head of the person's school, the CEO, the contact for questions. The CEO's line is what `trust.yaml` notes for them (the
 * chair's delegate) and never the directory's. When all are away, the nearest is asked and the matter waits.
 * `chosen`: who acts for this matter in the place of the line manager; from them it goes up in the same way. Of the CEO's own
 * nobody else can be chosen.
 * `writer`: who wrote what is to be read, where that is another; it goes past them as it does past the person themself.
 */
export function reviewersOf(
  organisation: Organisation,
  personId: string,
  chosen?: string,
  writer?: string,
): Reviewers {
  const own = (id: string) => id === personId || id === writer;
  const may: string[] = [];
  let nearest: Reviewers['asked'];
  for (const { id, because } of candidates(organisation, personId, chosen)) {
    if (own(id) || may.includes(id) || !isStaff(organisation, id)) continue;
    may.push(id);
    nearest ??= { personId: id, because };
    const delegate = standInsOf(organisation, id).find(
      (other) => !own(other) && isStaff(organisation, other) && !isAway(organisation, other),
    );
    if (delegate !== undefined) {
      if (!may.includes(delegate)) may.push(delegate);
      return { asked: { personId: delegate, because: 'delegate', insteadOf: id }, may };
    }
    if (!isAway(organisation, id)) return { asked: { personId: id, because }, may };
  }
  return { ...(nearest ? { asked: nearest } : {}), may };
}

/** The line above a person, nearest first, then those who stand in where it ends. May name the unknown and leavers. */
function candidates(organisation: Organisation, personId: string, chosen?: string) {
  const first = personId === organisation.ceo ? undefined : chosen;
  const found: { readonly id: string; readonly because: Because }[] =
    first === undefined ? [] : [{ id: first, because: 'rule' }];
  const start = first ?? personId;
  const circle = circleThrough(organisation, start) !== undefined;
  // Who leads back to themself is in a circle: which link is wrong nobody can tell, so none of it counts for them.
  for (let last = start; !circle; ) {
    const above = appointedManager(organisation, last);
    if (above === undefined || found.some(({ id }) => id === above)) break;
    found.push({ id: above, because: found.length === 0 ? 'manager' : 'above' });
    // The chair's delegate is often one of the CEO's own staff: the line ends with them, and is no circle.
    if (last === organisation.ceo) break;
    last = above;
  }
  for (const id of reservesOf(organisation, personId)) {
    found.push({ id, because: id === organisation.contact ? 'contact' : 'above' });
  }
  return found;
}

function reservesOf(organisation: Organisation, personId: string): string[] {
  const head = organisation.heads.get(organisation.posts.get(personId)?.schoolUrn ?? '');
  return [...(head === undefined ? [] : [head]), organisation.ceo, organisation.contact];
}

/**
 * Everyone whose post `reviewersOf` may look at next, given this person's: for readers that fetch posts level by level.
 */
export function neededBeside(organisation: Organisation, personId: string): string[] {
  const above = appointedManager(organisation, personId);
  return [
    ...(above === undefined ? [] : [above]),
    ...standInsOf(organisation, personId),
    ...reservesOf(organisation, personId),
  ];
}

/** The manager that `trust.yaml` or, without a word there, Graph names; present or not. The CEO's is only the former. */
export function appointedManager(organisation: Organisation, personId: string): string | undefined {
  const noted = organisation.notes.get(personId)?.manager;
  return personId === organisation.ceo ? noted : (noted ?? organisation.posts.get(personId)?.managerId);
}

/** Staff for whom this person acts as manager today, in the order of the posts. */
export function reportsTo(organisation: Organisation, managerId: string): string[] {
  return [...organisation.posts.values()]
    .filter((post) => post.staff && reviewersOf(organisation, post.id).asked?.personId === managerId)
    .map((post) => post.id);
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

/** Whom a person has named to act for them on the day; those of delegations first, since they were chosen for it. */
export function standInsOf(organisation: Organisation, id: string): string[] {
  const note = organisation.notes.get(id);
  const given = (note?.delegations ?? []).filter((span) => covers(span, organisation.today));
  const forLeave = isAway(organisation, id) && note?.delegate !== undefined ? [note.delegate] : [];
  return [...given.map((span) => span.delegate), ...forLeave];
}

function isStaff(organisation: Organisation, id: string): boolean {
  return organisation.posts.get(id)?.staff ?? false;
}

function isAway(organisation: Organisation, id: string): boolean {
  const leave = organisation.notes.get(id)?.leave;
  return leave !== undefined && covers(leave, organisation.today);
}

function covers(span: Span, date: string): boolean {
  return span.from <= date && date <= span.to;
}
