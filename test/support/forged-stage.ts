/** Sets the stage of the forgeries: so many honest presses of each verb, and what no longer takes the press that it once took. */
import { must } from '../../src/kernel/guards.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { Db } from '../../src/storage/database.ts';
import type { ForgedWorld, Press } from './forged-actions.ts';
import { GOOD, type Made, SPECIMENS } from './forged-specimens.ts';
import { type Specimen, type Stage, setStage, type Verb } from './forged-world.ts';
import { VERBS } from './forgeries.ts';

/** Of each verb: so many pressed before the forgeries, one by Execute and one by Submit, and so many that are forged from. */
const FIRST = 2;
const FRESH = 3;
const EACH = FIRST + FRESH;

export type Campaign = {
  readonly stage: Stage;
  readonly first: ReadonlyMap<Verb, readonly Specimen[]>;
  readonly fresh: ReadonlyMap<Verb, readonly Specimen[]>;
  /** To be asked when the first presses are done. */
  readonly late: () => Promise<ReadonlyMap<Verb, readonly Specimen[]>>;
};

export async function setCampaign(
  world: ForgedWorld,
  ports: { readonly known: (personId: string) => Promise<void>; readonly press: Press },
): Promise<Campaign> {
  const { db, teams, staffGroup, tenantId, botId, today } = world;
  const stage = await setStage(
    { db, staffGroup, today, place: { serviceUrl: teams.url, tenantId, botId } },
    [
      ['open', EACH * 4 + 1],
      ['repeated', EACH],
      ['submitted', EACH * 6 + 1],
      ['questioned', EACH],
      ['reply', EACH * 2],
      ['approved', 2],
      ['withdrawn', 2],
      ['returned', 2],
    ],
    EACH * 10 + 2,
  );
  await ports.known(must(stage.strangers.at(-1), 'a stranger'));
  const make = (more: Readonly<Record<string, string>> = {}) => makeMilestone(db, stage, ports.press, more);
  const first = new Map<Verb, Specimen[]>();
  const fresh = new Map<Verb, Specimen[]>();
  for (const verb of VERBS)
    for (let index = 0; index < EACH; index += 1) {
      const into = index < FIRST ? first : fresh;
      into.set(verb, [...(into.get(verb) ?? []), await SPECIMENS[verb].specimen({ stage, make })]);
    }
  return { stage, first, fresh, late: () => lateFor(db, stage, first, make) };
}

/** By the honest press of its form. */
async function makeMilestone(
  db: Db,
  stage: Stage,
  press: Press,
  more: Readonly<Record<string, string>>,
): Promise<Made> {
  const { inputs, ownerId, managerId, mark } = stage.form();
  const data = {
    verb: 'checkins.milestone-create',
    id: newId('new'),
    version: 0,
    format: 1,
    ...inputs,
    ...more,
  };
  const { shown } = await press({
    personId: stage.makers.right,
    verb: 'checkins.milestone-create',
    data,
    submit: false,
  });
  const row = await db
    .selectFrom('milestones')
    .innerJoin('milestone_history', 'milestone_history.milestone_id', 'milestones.id')
    .select((build) => ['milestones.id', build.fn.max('milestone_history.seq').as('version')])
    .where('title', '=', must(inputs.title, 'a title'))
    .groupBy('milestones.id')
    .executeTakeFirst();
  const { id, version } = must(row, `a milestone of ${mark}: ${shown.slice(0, 400)}`);
  return { id, version: Number(version), ownerId, managerId, mark, inputs: { ...inputs, ...more } };
}

/** The right person, the version as it is now, and a state that takes no such press. */
async function lateFor(
  db: Db,
  stage: Stage,
  first: ReadonlyMap<Verb, readonly Specimen[]>,
  make: (more?: Readonly<Record<string, string>>) => Promise<Made>,
): Promise<Map<Verb, Specimen[]>> {
  const late = new Map<Verb, Specimen[]>();
  const add = (specimen: Specimen) => late.set(specimen.verb, [...(late.get(specimen.verb) ?? []), specimen]);
  const inputsOf: Partial<Record<Verb, object>> = {
    'checkins.submit': GOOD,
    'checkins.save-for-later': GOOD,
    'checkins.return': { comment: 'More.' },
    'checkins.question': { comment: 'Which?' },
    'checkins.reply': { reply: 'All of them.' },
  };
  const withoutForm: readonly Verb[] = ['checkins.no-change', 'checkins.help', 'checkins.not-today'];
  const byReader: readonly Verb[] = ['checkins.approve', 'checkins.return', 'checkins.question'];
  const all: readonly Verb[] = [
    'checkins.submit',
    ...withoutForm,
    'checkins.reply',
    ...byReader,
    'checkins.save-for-later',
  ];
  const refusedBy: readonly (readonly [
    state: 'approved' | 'withdrawn' | 'returned' | 'open' | 'submitted',
    verbs: readonly Verb[],
  ])[] = [
    ['approved', all],
    ['withdrawn', all],
    ['returned', ['checkins.no-change', 'checkins.reply', ...byReader]],
    ['open', ['checkins.reply', ...byReader]],
    ['submitted', [...withoutForm, 'checkins.reply']],
  ];
  for (const [state, verbs] of refusedBy) {
    const item = stage.checkin(state);
    const { id, version, milestoneId } = item.checkin;
    for (const verb of verbs) {
      const personId = byReader.includes(verb) ? must(item.readers[0], 'a reader') : item.ownerId;
      const keeps = verb === 'checkins.submit' || verb === 'checkins.save-for-later';
      add({
        verb,
        personId,
        data: { verb, id, version, format: 1, ...inputsOf[verb] },
        wrong: [],
        mark: item.mark,
        seenBy: [item.ownerId, ...item.readers],
        ...(keeps
          ? { own: { name: 'checkin_drafts', fields: { milestone_id: milestoneId, person_id: personId } } }
          : {}),
      });
    }
  }
  // What was sent already is not dropped any more.
  for (const sent of first.get('checkins.send-draft') ?? [])
    add({ ...sent, verb: 'checkins.drop-draft', data: { ...sent.data, verb: 'checkins.drop-draft' } });
  for (const closed of first.get('checkins.milestone-close') ?? []) {
    const found = await db
      .selectFrom('milestone_history')
      .select((build) => build.fn.max('seq').as('version'))
      .where('milestone_id', '=', String(closed.data.id))
      .executeTakeFirstOrThrow();
    const inputs = (first.get('checkins.milestone-save') ?? [])[0]?.data ?? {};
    for (const verb of [
      'checkins.milestone-save',
      'checkins.milestone-close',
      'checkins.milestone-closing',
      'checkins.milestone-edit',
    ] as const)
      add({
        ...closed,
        verb,
        data: {
          ...(verb === 'checkins.milestone-save' ? inputs : {}),
          ...closed.data,
          verb,
          version: Number(found.version),
        },
      });
  }
  // Nobody has asked its owner whether every week is all right.
  const made = await make();
  for (const verb of ['checkins.milestone-weekly', 'checkins.milestone-not-weekly'] as const)
    add({
      verb,
      personId: made.ownerId,
      data: { verb, id: made.id, version: made.version, format: 1 },
      wrong: [],
      mark: made.mark,
      seenBy: [made.ownerId, made.managerId, stage.makers.right],
    });
  return late;
}
