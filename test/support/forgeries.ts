/**
 * Makes card actions that must never be taken: of each honest press of each verb one after the other, every kind of forgery.
 * Seeded. What a forgery is made from stays pressable, so that whatever is refused is refused for what was forged about it.
 */
import { must } from '../../src/kernel/guards.ts';
import { newId } from '../../src/kernel/ids.ts';
import { seeded } from '../../src/kernel/seeded.ts';
import { SPECIMENS } from './forged-specimens.ts';
import type { Specimen, Verb } from './forged-world.ts';

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
  readonly verb: Verb;
  readonly data: Readonly<Record<string, unknown>>;
  readonly submit: boolean;
  readonly activityId?: string;
  /** Left out: a chat that is nobody's else. */
  readonly conversationId?: string;
  /** What the presser may write for themself alone. */
  readonly own?: Specimen['own'];
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

export const VERBS = Object.keys(SPECIMENS) as Verb[];

/** What a shown item carries in the button for all at once. */
const ITEM = 'choice-item0';
type Data = Specimen['data'];

function withVersion(data: Data, version: unknown): Data {
  const item = data[ITEM];
  return typeof item === 'string'
    ? { ...data, [ITEM]: `${item.split('-')[0]}-${version}` }
    : { ...data, version };
}

function withId(data: Data, id: unknown): Data {
  const item = data[ITEM];
  return typeof item === 'string' ? { ...data, [ITEM]: `${id}-${item.split('-')[1]}` } : { ...data, id };
}

function idOf({ data }: Pick<Specimen, 'data'>): string {
  return String(data[ITEM] ?? data.id).split(ITEM in data ? '-' : '\n')[0] ?? '';
}

/** What a verb's id names: an id of another kind is nobody's, whoever owns what it names. */
function kindOf(verb: Verb): string {
  return /milestone|draft|settings/.exec(verb)?.[0] ?? 'check-in';
}

export function forger(world: {
  readonly random: Draws;
  /** Still to be pressed. */
  readonly fresh: ReadonlyMap<Verb, readonly Specimen[]>;
  readonly strangers: readonly string[];
  /** Pressed by whom they were offered to, as it went over the wire. */
  readonly recorded: ReadonlyMap<Verb, readonly Action[]>;
  /** Presses by the right person, at the present version, of things whose state does not take them. */
  readonly late: ReadonlyMap<Verb, readonly Specimen[]>;
  readonly tenants: boolean;
}): (number: number) => { readonly family: Family; readonly action: Action } {
  const { random, fresh, strangers, recorded, late } = world;
  const families = FAMILIES.filter((family) => world.tenants || family !== 'other-tenant');
  const all = [...fresh.values()].flat();
  const of = (verb: Verb) => random.pick(must(fresh.get(verb), `a press of ${verb}`));
  const ownOf = ({ own }: Specimen) => (own ? { own } : {});
  /** Fields by which a forger might hope to be taken for another. */
  const claims = (personId: string) => ({
    ownerId: personId,
    personId,
    actor: { personId, mayReview: true },
    mayReview: true,
    viewer: 'reviewer',
    state: 'approved',
    userId: `29:${personId}`,
    msteams: { type: 'invoke' },
  });

  const make: Record<Family, (verb: Verb) => Omit<Action, 'submit'> & Partial<Action>> = {
    'wrong-person': (verb) => {
      const one = of(verb);
      const personId = random.pick(one.wrong);
      return { personId, verb, data: { ...one.data, ...(random.chance(0.3) ? claims(one.personId) : {}) } };
    },
    outsider: (verb) => {
      const one = of(verb);
      const personId = random.pick([newId('guest'), '', '__proto__', 'null', '29:x', one.personId.slice(1)]);
      return { personId, verb, data: { ...one.data, ...claims(one.personId) } };
    },
    'other-tenant': (verb) => {
      const { personId, data } = of(verb);
      return {
        personId,
        verb,
        data,
        tenantId: random.pick(['00000000-0000-4000-8009-00000000beef', '', 'common']),
      };
    },
    'old-version': (verb) => {
      const one = of(verb);
      const version = Number(one.data[ITEM] ? String(one.data[ITEM]).split('-')[1] : one.data.version);
      const others = [0, version - 1, version + 1, version + 7, 1e9, -1, 1.5, `${version}0`, null];
      const other = random.pick(others.filter((value) => value !== version));
      return { personId: one.personId, verb, data: withVersion(one.data, other), ...ownOf(one) };
    },
    'altered-id': (verb) => {
      const one = of(verb);
      const id = idOf(one);
      const foreign = all.filter(({ seenBy }) => !seenBy.includes(one.personId));
      const other = random.pick<unknown>([
        idOf(random.pick(foreign)),
        idOf(random.pick(all.filter((item) => kindOf(item.verb) !== kindOf(verb)))),
        // A form's own name is any that looks like one: whoever opens a form anew gets another.
        ...(verb === 'checkins.milestone-create' ? [] : [`${id}0`]),
        `${id} `,
        `${id}' or '1'='1`,
        newId('c'),
        '',
        '\u0000',
        ['x'],
        { $ne: null },
        7,
        null,
        'x'.repeat(5000),
      ]);
      return { personId: one.personId, verb, data: withId(one.data, other) };
    },
    'altered-fields': (verb) => {
      const one = of(verb);
      if (random.chance(0.3))
        return { personId: random.pick(strangers), verb, data: { ...one.data, ...claims(one.personId) } };
      const over = random.pick<object>([
        ...(SPECIMENS[verb].refused ?? []),
        { format: 0 },
        { format: 99 },
        { format: '1' },
        { verb: 'checkins.erase' },
        { verb: 'checkins.Approve' },
        { verb: 'checkins.__proto__' },
      ]);
      return { personId: one.personId, verb, data: { ...one.data, ...over }, ...ownOf(one) };
    },
    'wrong-state': (verb) => {
      const things = late.get(verb);
      if (!things || things.length === 0) return make['wrong-person'](verb);
      const one = random.pick(things);
      return { personId: one.personId, verb, data: one.data, ...ownOf(one) };
    },
    replay: (verb) => {
      const one = random.pick(must(recorded.get(verb), `a record of ${verb}`));
      const { own: _, ...same } = one;
      const { activityId: __, submit: ___, ...action } = same;
      // The very same once more, then as one who pressed again, then by another from the same chat.
      if (random.chance(0.4)) return same;
      if (random.chance(0.4)) return { ...one, submit: random.chance(0.4), activityId: newId('again') };
      return { ...action, activityId: newId('again'), personId: random.pick(strangers) };
    },
  };

  return (number) => {
    const verb = must(VERBS[number % VERBS.length], 'a verb');
    const family = must(families[Math.floor(number / VERBS.length) % families.length], 'a family');
    return { family, action: { submit: random.chance(0.4), ...make[family](verb) } };
  };
}
