/**
 * One honest press for each button of check-ins and milestones, by the policy's own list: a verb without one does not compile,
 * and a press that is not taken is found by its campaign. What each must write, or show, is said beside it.
 */
import { contentId } from '../../src/kernel/ids.ts';
import type { Staged } from './checkin-stage.ts';
import type { Specimen, Stage, Verb } from './forged-world.ts';

export const GOOD = {
  'choice-status': 'on-track',
  'choice-confidence': 'high',
  value: '12',
  note: 'Fine.',
  blocker: '',
  evidence: '',
};

/** A milestone made on a card, as it then stands. */
export type Made = {
  readonly id: string;
  readonly version: number;
  readonly ownerId: string;
  readonly managerId: string;
  readonly mark: string;
  readonly inputs: Readonly<Record<string, string>>;
};

export type Makings = {
  readonly stage: Stage;
  /** Makes a milestone by the honest press of its form; `more`: fields in the place of its own. */
  make(more?: Readonly<Record<string, string>>): Promise<Made>;
};

type Maker = {
  /** Names of the tables that its honest press writes; empty: it only shows its thing, by its mark. */
  readonly writes: readonly string[];
  /** Fields that its form refuses. */
  readonly refused?: readonly Readonly<Record<string, unknown>>[];
  /** It goes by the thing as it is now, whichever version its card showed: it changes nothing of it. */
  readonly anyVersion?: true;
  readonly specimen: (makings: Makings) => Specimen | Promise<Specimen>;
};

const FORMS: readonly Readonly<Record<string, unknown>>[] = [
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
];
const words = (name: string): readonly Readonly<Record<string, unknown>>[] => [
  { [name]: '' },
  { [name]: '   ' },
  { [name]: 'c'.repeat(2000) },
  { [name]: { text: 'x' } },
  { [name]: undefined },
];
const PLANS: readonly Readonly<Record<string, unknown>>[] = [
  { title: '' },
  { title: 't'.repeat(190) },
  { 'choice-strand': 'nowhere' },
  { 'choice-school': '123456' },
  { owner: 'Nobody Known' },
  { owner: ['x'] },
  { 'choice-reviewer': 'friend' },
  { 'choice-reviewer': 'named', reader: 'Nobody Known' },
  { measure: '' },
  { target: 'NaN' },
  { target: '9'.repeat(15) },
  { 'choice-direction': 'sideways' },
  { unit: '' },
  { due: '2020-01-01' },
  { due: '2099-01-01' },
  { due: 'soon' },
  { 'choice-cadence': 'hourly' },
];
const CHOICES: readonly Readonly<Record<string, unknown>>[] = [
  { 'choice-days': '' },
  { 'choice-days': '6,7' },
  { 'choice-first-hour': '14-00', 'choice-last-hour': '12-00' },
  { delegate: 'Nobody Known' },
  { delegate: 'x'.repeat(3000) },
  { delegate: 'Helen Marsh', 'delegate-from': 'soon', 'delegate-to': 'later' },
  { delegate: 'Helen Marsh', 'delegate-from': '2020-01-01', 'delegate-to': '2020-01-02' },
];

type Item = Staged & { readonly mark: string };

const card = (verb: Verb, id: string, version: number, inputs: object = {}) => ({
  verb,
  id,
  version,
  format: 1,
  ...inputs,
});
const reader = ({ readers }: Staged) => readers[0] ?? '';

/** A button on its owner's card, or on its reader's. */
function checkin(
  stage: Stage,
  item: Item,
  verb: Verb,
  {
    by = 'owner',
    inputs = {},
    own,
  }: { readonly by?: 'owner' | 'reader'; readonly inputs?: object; readonly own?: true } = {},
): Specimen {
  const {
    ownerId,
    checkin: { id, version, milestoneId },
    mark,
  } = item;
  const manager = reader(item);
  const personId = by === 'owner' ? ownerId : manager;
  const { owners, managers } = stage.everybody;
  const others = [...owners, ...managers].filter((one) => one !== ownerId && one !== manager);
  const sight = verb === 'checkins.show' || verb === 'checkins.view';
  return {
    verb,
    personId,
    data: card(verb, id, version, inputs),
    wrong: [
      ...stage.strangers,
      ...others.slice(0, 8),
      ...(sight ? [] : [by === 'owner' ? manager : ownerId]),
    ],
    mark,
    seenBy: [ownerId, manager],
    ...(own
      ? { own: { name: 'checkin_drafts', fields: { milestone_id: milestoneId, person_id: personId } } }
      : {}),
  };
}

function draft(stage: Stage, verb: Verb, inputs: object = {}): Specimen {
  const item = stage.reply();
  const {
    key,
    checkin: { version },
    ownerId,
    mark,
  } = item;
  return {
    verb,
    personId: ownerId,
    data: card(verb, key, version, inputs),
    wrong: [...stage.strangers, reader(item)],
    mark,
    seenBy: [ownerId, reader(item)],
    ...(verb === 'checkins.drop-draft' ? { own: { name: 'deliveries', fields: { key } } } : {}),
  };
}

async function milestone(
  { stage, make }: Makings,
  verb: Verb,
  {
    by = 'maker',
    sight,
    weekly,
    inputs,
  }: {
    readonly by?: 'maker' | 'owner';
    readonly sight?: true;
    readonly weekly?: true;
    readonly inputs?: (made: Made) => object;
  } = {},
): Promise<Specimen> {
  const made = await make(weekly ? { 'choice-cadence': 'weekly' } : {});
  const { ownerId, managerId, mark } = made;
  const { right, wrong } = stage.makers;
  const others = by === 'owner' ? [right, managerId] : sight ? [] : [ownerId, managerId];
  return {
    verb,
    personId: by === 'owner' ? ownerId : right,
    data: card(verb, made.id, made.version, inputs?.(made)),
    wrong: [...wrong, ...others],
    mark,
    seenBy: [right, ownerId, managerId],
  };
}

export const SPECIMENS: { readonly [V in Verb]: Maker } = {
  'checkins.submit': {
    writes: ['checkins', 'checkin_history', 'audit'],
    refused: FORMS,
    specimen: ({ stage }) =>
      checkin(stage, stage.checkin('open'), 'checkins.submit', { inputs: GOOD, own: true }),
  },
  'checkins.no-change': {
    writes: ['checkins', 'checkin_history', 'audit'],
    specimen: ({ stage }) => checkin(stage, stage.repeated(), 'checkins.no-change'),
  },
  'checkins.save-for-later': {
    writes: ['checkin_drafts'],
    anyVersion: true,
    specimen: ({ stage }) =>
      checkin(stage, stage.checkin('open'), 'checkins.save-for-later', { inputs: GOOD, own: true }),
  },
  'checkins.help': {
    writes: ['checkins', 'deliveries', 'audit'],
    specimen: ({ stage }) => checkin(stage, stage.checkin('open'), 'checkins.help'),
  },
  'checkins.not-today': {
    writes: ['checkins', 'audit'],
    specimen: ({ stage }) => checkin(stage, stage.checkin('open'), 'checkins.not-today'),
  },
  'checkins.reply': {
    writes: ['checkins', 'audit'],
    refused: words('reply'),
    specimen: ({ stage }) =>
      checkin(stage, stage.questioned(), 'checkins.reply', { inputs: { reply: 'All of Year 5.' } }),
  },
  'checkins.approve': {
    writes: ['checkins', 'checkin_history', 'audit'],
    specimen: ({ stage }) => checkin(stage, stage.checkin('submitted'), 'checkins.approve', { by: 'reader' }),
  },
  'checkins.return': {
    writes: ['checkins', 'checkin_history', 'audit'],
    refused: words('comment'),
    specimen: ({ stage }) =>
      checkin(stage, stage.checkin('submitted'), 'checkins.return', {
        by: 'reader',
        inputs: { comment: 'More.' },
      }),
  },
  'checkins.question': {
    writes: ['checkins', 'checkin_history', 'audit'],
    refused: words('comment'),
    specimen: ({ stage }) =>
      checkin(stage, stage.checkin('submitted'), 'checkins.question', {
        by: 'reader',
        inputs: { comment: 'Which?' },
      }),
  },
  'checkins.approve-all': {
    writes: ['checkins', 'checkin_history', 'audit'],
    refused: [{ 'choice-item0': 'x' }, { 'choice-item0': ['x'] }, { 'choice-item0': undefined }],
    specimen: ({ stage }) => {
      const item = stage.checkin('submitted');
      const one = checkin(stage, item, 'checkins.approve-all', { by: 'reader' });
      const items = { 'choice-item0': `${item.checkin.id}-${item.checkin.version}` };
      return { ...one, data: card('checkins.approve-all', 'waiting', 0, items) };
    },
  },
  'checkins.show': {
    writes: [],
    anyVersion: true,
    specimen: ({ stage }) => checkin(stage, stage.checkin('submitted'), 'checkins.show', { by: 'reader' }),
  },
  'checkins.view': {
    writes: [],
    anyVersion: true,
    specimen: ({ stage }) => checkin(stage, stage.checkin('submitted'), 'checkins.view'),
  },
  'checkins.send-draft': {
    writes: ['checkins', 'checkin_history', 'audit'],
    refused: FORMS,
    specimen: ({ stage }) => draft(stage, 'checkins.send-draft', GOOD),
  },
  'checkins.drop-draft': {
    writes: ['deliveries'],
    anyVersion: true,
    specimen: ({ stage }) => draft(stage, 'checkins.drop-draft'),
  },
  'checkins.settings': {
    writes: ['checkin_settings', 'audit'],
    refused: CHOICES,
    specimen: ({ stage }) => {
      const { ownerId, managerId, mark } = stage.form();
      const inputs = { 'choice-pause': 'week', 'choice-reminders': 'none' };
      return {
        verb: 'checkins.settings',
        personId: ownerId,
        data: card('checkins.settings', ownerId, 0, inputs),
        wrong: [...stage.strangers, managerId],
        mark,
        seenBy: [ownerId],
      };
    },
  },
  'checkins.milestone-new': {
    writes: [],
    anyVersion: true,
    specimen: ({ stage: { makers, strangers } }) => ({
      verb: 'checkins.milestone-new',
      personId: makers.right,
      data: card('checkins.milestone-new', 'new', 0),
      wrong: strangers,
      // Of the form itself.
      mark: 'What is to be reached',
      seenBy: [makers.right, ...makers.wrong.filter((id) => !strangers.includes(id))],
    }),
  },
  'checkins.milestone-create': {
    writes: ['milestones', 'milestone_history', 'deliveries', 'audit'],
    refused: PLANS,
    specimen: ({ stage }) => {
      const { inputs, ownerId, managerId, mark } = stage.form();
      const { right, wrong } = stage.makers;
      const id = `new_${contentId([mark])}`;
      return {
        verb: 'checkins.milestone-create',
        personId: right,
        data: card('checkins.milestone-create', id, 0, inputs),
        wrong: [...wrong, ownerId, managerId],
        mark,
        seenBy: [right, ownerId, managerId],
      };
    },
  },
  'checkins.milestone-edit': {
    writes: [],
    anyVersion: true,
    specimen: (makings) => milestone(makings, 'checkins.milestone-edit'),
  },
  'checkins.milestone-save': {
    writes: ['milestones', 'milestone_history', 'audit'],
    refused: PLANS,
    specimen: (makings) =>
      milestone(makings, 'checkins.milestone-save', {
        inputs: ({ inputs }) => ({ ...inputs, target: '175' }),
      }),
  },
  'checkins.milestone-closing': {
    writes: [],
    anyVersion: true,
    specimen: (makings) => milestone(makings, 'checkins.milestone-closing'),
  },
  'checkins.milestone-close': {
    writes: ['milestones', 'milestone_history', 'audit'],
    specimen: (makings) => milestone(makings, 'checkins.milestone-close'),
  },
  'checkins.milestone-show': {
    writes: [],
    anyVersion: true,
    specimen: (makings) => milestone(makings, 'checkins.milestone-show', { sight: true }),
  },
  'checkins.milestone-trend': {
    writes: [],
    anyVersion: true,
    specimen: (makings) => milestone(makings, 'checkins.milestone-trend', { sight: true }),
  },
  'checkins.milestone-weekly': {
    writes: ['milestones', 'milestone_history', 'audit'],
    specimen: (makings) => milestone(makings, 'checkins.milestone-weekly', { by: 'owner', weekly: true }),
  },
  'checkins.milestone-not-weekly': {
    writes: ['milestones', 'milestone_history', 'audit'],
    specimen: (makings) => milestone(makings, 'checkins.milestone-not-weekly', { by: 'owner', weekly: true }),
  },
};
