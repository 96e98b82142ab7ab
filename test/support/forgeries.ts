/** Makes card actions that must never be taken, one family after the other, from check-ins as they stand. Seeded. */
import { must } from '../../src/kernel/guards.ts';
import { newId } from '../../src/kernel/ids.ts';
import { seeded } from '../../src/kernel/seeded.ts';
import type { Staged } from './checkin-stage.ts';
import { buttonsOf } from './service.ts';

export const FAMILIES = [
  'wrong-person',
  'outsider',
  'other-tenant',
  'old-version',
  'altered-id',
  'altered-fields',
  'wrong-state',
  'replay',
] as const;
export type Family = (typeof FAMILIES)[number];

export type Action = {
  readonly personId: string;
  readonly tenantId?: string;
  readonly verb: string;
  readonly data: unknown;
  readonly submit: boolean;
  readonly activityId?: string;
  /** The presser is concerned by the check-in, so its words may be in the answer. */
  readonly concerned: boolean;
};

/** Draws from lists that may be empty only by mistake. */
export type Draws = {
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
};

export function draws(seed: number): Draws {
  const random = seeded(seed);
  return {
    chance: random.chance,
    pick: (items) => {
      if (items.length === 0) throw new Error('nothing to draw from');
      return items[random.whole(0, items.length - 1)] as (typeof items)[number];
    },
  };
}

export const GOOD = {
  'choice-status': 'on-track',
  'choice-confidence': 'high',
  value: '12',
  note: 'Fine.',
  blocker: '',
  evidence: '',
};
const OWNER_VERBS = ['checkins.submit', 'checkins.no-change', 'checkins.help', 'checkins.not-today'];
const REVIEW_VERBS = ['checkins.approve', 'checkins.return'];
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  open: OWNER_VERBS,
  submitted: ['checkins.submit', ...REVIEW_VERBS],
  returned: ['checkins.submit', 'checkins.help', 'checkins.not-today'],
  approved: [],
  withdrawn: [],
};

export function forger(world: {
  readonly random: Draws;
  readonly items: readonly Staged[];
  readonly strangers: readonly string[];
  readonly managers: readonly string[];
  readonly recorded: readonly Action[];
  readonly tenants: boolean;
}): (number: number) => { readonly family: Family; readonly action: Action } {
  const { random, items, strangers, managers, recorded } = world;
  const families = FAMILIES.filter((family) => world.tenants || family !== 'other-tenant');
  const rightful = (item: Staged, verb: string) =>
    REVIEW_VERBS.includes(verb) ? must(item.readers[0], 'a reader') : item.ownerId;
  const inputsFor = (verb: string): object =>
    verb === 'checkins.submit' ? GOOD : verb === 'checkins.return' ? { comment: 'More.' } : {};
  const dataOf = (item: Staged, verb: string, over: object = {}) => ({
    verb,
    id: item.checkin.id,
    version: item.checkin.version,
    format: 1,
    ...inputsFor(verb),
    ...over,
  });
  const takes = (item: Staged) => TAKEN[item.checkin.state] ?? [];
  const live = items.filter((item) => takes(item).length > 0);
  const wrongFor = (item: Staged, verb: string) => {
    const reviews = REVIEW_VERBS.includes(verb);
    const others = items.map(({ ownerId }) => ownerId).filter((id) => id !== item.ownerId);
    return random.pick([
      ...strangers,
      ...others,
      ...managers.filter((id) => !item.readers.includes(id)),
      ...(reviews ? [item.ownerId] : item.readers),
    ]);
  };
  /** Fields by which a forger might hope to be taken for another. */
  const claims = (item: Staged) => ({
    ownerId: item.ownerId,
    personId: item.ownerId,
    actor: { personId: item.ownerId, mayReview: true },
    mayReview: true,
    viewer: 'reviewer',
    state: 'approved',
    decidedBy: item.readers[0],
    userId: `29:${item.ownerId}`,
    msteams: { type: 'invoke' },
  });

  const make: Record<Family, () => Omit<Action, 'submit'>> = {
    'wrong-person': () => {
      const item = random.pick(live);
      if (random.chance(0.15)) {
        const items = Object.fromEntries(
          live.map(({ checkin }, index) => [`choice-item${index}`, `${checkin.id}-${checkin.version}`]),
        );
        const verb = 'checkins.approve-all';
        const data = { verb, id: 'waiting', version: 0, format: 1, ...items };
        return { personId: random.pick(strangers), verb, data, concerned: false };
      }
      const shown = buttonsOf([item.ownerCard.content, item.reviewCard.content]);
      const own = random.chance(0.5) && shown.length > 0 ? random.pick(shown) : undefined;
      const verb = own && own.verb !== 'checkins.show' ? own.verb : random.pick(takes(item));
      const personId = wrongFor(item, verb);
      const concerned = personId === item.ownerId || item.readers.includes(personId);
      return { personId, verb, data: { ...own?.data, ...dataOf(item, verb) }, concerned };
    },
    outsider: () => {
      const item = random.pick(live);
      const verb = random.pick([...takes(item), 'checkins.show']);
      const personId = random.pick([newId('guest'), '', '__proto__', 'null', '29:x', item.ownerId.slice(1)]);
      return { personId, verb, data: dataOf(item, verb, claims(item)), concerned: false };
    },
    'other-tenant': () => {
      const item = random.pick(live);
      const verb = random.pick(takes(item));
      const tenantId = random.pick(['00000000-0000-4000-8009-00000000beef', '', 'common']);
      return { personId: rightful(item, verb), tenantId, verb, data: dataOf(item, verb), concerned: false };
    },
    'old-version': () => {
      const item = random.pick(live);
      const verb = random.pick(takes(item));
      const { version } = item.checkin;
      const other = random.pick([
        0,
        version - 1,
        version + 1,
        version + 7,
        1e9,
        -1,
        1.5,
        String(version),
        null,
      ]);
      return {
        personId: rightful(item, verb),
        verb,
        data: dataOf(item, verb, { version: other }),
        concerned: true,
      };
    },
    'altered-id': () => {
      const item = random.pick(live);
      const verb = random.pick(takes(item));
      const personId = rightful(item, verb);
      const foreign = items.filter(
        (other) => other.ownerId !== personId && !other.readers.includes(personId),
      );
      const id = random.pick<unknown>([
        random.pick(foreign).checkin.id,
        item.milestone.id,
        item.checkin.id.toUpperCase(),
        `${item.checkin.id} `,
        `${item.checkin.id}' or '1'='1`,
        newId('c'),
        '',
        '\u0000',
        ['x'],
        { $ne: null },
        7,
        null,
        'x'.repeat(5000),
      ]);
      return { personId, verb, data: dataOf(item, verb, { id }), concerned: false };
    },
    'altered-fields': () => {
      const item = random.pick(live);
      const verb = random.pick(takes(item));
      if (random.chance(0.4)) {
        const personId = random.pick(strangers);
        return { personId, verb, data: dataOf(item, verb, claims(item)), concerned: false };
      }
      const personId = rightful(item, verb);
      const broken: Record<string, object> = {
        'checkins.submit': random.pick<object>([
          { 'choice-status': 'finished' },
          { 'choice-status': undefined },
          { 'choice-confidence': 'total' },
          { 'choice-confidence': ['high'] },
          { value: 'NaN' },
          { value: '1e400' },
          { value: '9'.repeat(30) },
          { evidence: 'javascript:alert(1)' },
          { evidence: 'https://user:pass@tideway.example' },
          { note: 'n'.repeat(900) },
          { note: '\u0000 and \ud800', value: 'x' },
          { evidence: 'https://a.b/\u0000', value: 'x' },
          { blocker: 'b'.repeat(900) },
          { blocker: 'The dates', 'choice-unblockerId': 'somebody' },
          { blocker: '', unblocker: 'the LA' },
        ]),
        'checkins.return': random.pick<object>([
          { comment: '' },
          { comment: '   ' },
          { comment: 'c'.repeat(2000) },
          { comment: { text: 'x' } },
          { comment: undefined },
        ]),
      };
      const over =
        broken[verb] ??
        random.pick<object>([
          { format: 0 },
          { format: 99 },
          { format: '1' },
          { verb: 'checkins.erase' },
          { verb: 'checkins.Approve' },
          { verb: 'checkins.__proto__' },
        ]);
      return { personId, verb, data: dataOf(item, verb, over), concerned: true };
    },
    'wrong-state': () => {
      const item = random.pick(items);
      const verb = random.pick([...OWNER_VERBS, ...REVIEW_VERBS].filter((one) => !takes(item).includes(one)));
      return { personId: rightful(item, verb), verb, data: dataOf(item, verb), concerned: true };
    },
    replay: () => {
      const action = random.pick(recorded);
      const again = random.chance(0.5)
        ? { activityId: action.activityId ?? '' }
        : { activityId: newId('again') };
      if (random.chance(0.5)) return { ...action, ...again };
      return { ...action, ...again, personId: random.pick(strangers), concerned: false };
    },
  };

  return (number) => {
    const family = must(families[number % families.length], 'a family');
    return { family, action: { ...make[family](), submit: random.chance(0.4) } };
  };
}
