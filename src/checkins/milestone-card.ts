/**
 * The cards by which milestones are made, shown, changed and closed: the form, one milestone, the list to choose from, and what
 * its owner is told and asked. Pure; who may do what was decided elsewhere.
 */
import {
  type Action,
  button,
  type Card,
  card,
  choiceInput,
  dateInput,
  type Element,
  hidden,
  line,
  more,
  said,
  say,
  textInput,
  title,
} from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { ONLY_YOURS, whoSees } from '../cards/who-sees.ts';
import type { Trust } from '../config/trust.ts';
import { listInWords, shorten } from '../kernel/text.ts';
import { dateInWords, dateWithYear } from '../kernel/time.ts';
import { aimInWords, DIRECTIONS } from './aim.ts';
import type { Answer } from './lifecycle.ts';
import { type Milestone, priorityOf } from './milestone.ts';
import { AS_NOW, CADENCES, LIMITS, NAMED, type TypedMilestone } from './milestone-form.ts';
import { hasRights, type Rights } from './milestone-rights.ts';
import { CENTRAL, placeInWords, placeKey } from './place.ts';
import { LINE_MANAGER, RULES } from './reader-rule.ts';
import { answerInWords, STATUS_LOOKS, titleOf } from './words.ts';

export const VERBS = {
  form: 'checkins.milestone-new',
  create: 'checkins.milestone-create',
  show: 'checkins.milestone-show',
  edit: 'checkins.milestone-edit',
  save: 'checkins.milestone-save',
  closing: 'checkins.milestone-closing',
  close: 'checkins.milestone-close',
  weekly: 'checkins.milestone-weekly',
  notWeekly: 'checkins.milestone-not-weekly',
  trend: 'checkins.milestone-trend',
} as const;

const EXPORT_WORDS = 'export milestones';

export type FormView = {
  readonly trust: Trust;
  readonly rights: Rights;
  /** Of a new one: what it will be called; of a change: the milestone's own. */
  readonly id: string;
  readonly version: number;
  readonly kind: 'new' | 'change';
  /** The milestone that is changed. */
  readonly before?: Milestone | undefined;
  readonly typed?: TypedMilestone;
  readonly notice?: string | undefined;
};

export function milestoneForm(view: FormView): Card {
  const { trust, rights, typed, notice, kind } = view;
  const isNew = kind === 'new';
  const text = (
    id: keyof typeof LIMITS,
    options: { readonly label: string; readonly placeholder?: string; readonly required?: string },
  ) => textInput(id, { ...options, limit: LIMITS[id], ...(typed?.[id] ? { value: typed[id] } : {}) });
  const choice = (
    id: 'strand' | 'school' | 'reviewer' | 'direction' | 'cadence',
    label: string,
    choices: readonly (readonly [string, string])[],
    usual?: string,
  ) => {
    const value = typed?.[id] || usual || (choices.length === 1 ? choices[0]?.[0] : undefined);
    return choiceInput(id, { label, choices, required: 'Please choose one.', ...(value ? { value } : {}) });
  };
  return card({
    summary: isNew ? 'A new milestone.' : 'Change a milestone.',
    body: [
      ...(notice ? [line(notice, { colour: 'Accent' })] : []),
      title(isNew ? 'A new milestone' : 'Change this milestone'),
      whoSees(
        'Its owner, their line manager, whoever reads each check-in, and leaders. Please name no pupil.',
      ),
      text('title', { label: 'What is to be reached?', required: 'Please say what is to be reached.' }),
      choice('strand', 'Priority', strandsFor(trust, rights)),
      choice('school', 'School or team', placesFor(trust, rights)),
      text('owner', {
        label: 'Owner: who reports on it?',
        placeholder: 'Full name or work address',
        required: 'Please name the owner.',
      }),
      choice('reviewer', 'Who reads its check-ins?', READERS, LINE_MANAGER),
      text('reader', {
        label: 'The colleague who reads them, if you chose one',
        placeholder: 'Full name or work address',
      }),
      text('measure', {
        label: 'What is counted?',
        placeholder: 'Families who have met the tutor',
        required: 'Please say what is counted.',
      }),
      choice('direction', 'Which way is better?', DIRECTIONS, 'higher'),
      text('target', { label: 'Target (for "done, or not yet" leave it empty)', placeholder: '150' }),
      text('unit', { label: 'Counted in', placeholder: 'families, days, %' }),
      dateInput('due', { label: 'Due', ...(typed?.due ? { value: typed.due } : {}) }),
      choice('cadence', 'How often is it asked about?', rhythmsFor(view.before), 'half-termly'),
    ],
    actions: [
      button(isNew ? 'Keep it' : 'Save', envelope(isNew ? VERBS.create : VERBS.save, view.id, view.version), {
        primary: true,
      }),
      ...(isNew ? [] : [press('Leave it as it was', VERBS.show, view.id)]),
    ],
  });
}

/** One that a file gave in weeks can be kept. */
function rhythmsFor(before: Milestone | undefined): readonly (readonly [string, string])[] {
  if (!before || before.cadence) return CADENCES;
  return [[AS_NOW, `As now, ${oftenInWords(before)}`], ...CADENCES];
}

const READERS = [
  ...RULES.map(([rule, says]) => [rule, says] as const),
  [NAMED, 'A colleague, named below'] as const,
];

/** A head may set any strand to her school, a lead to their team; who leads strands, those alone. */
function strandsFor(trust: Trust, { all, urns, teams, strands }: Rights) {
  return trust.priorities.flatMap((priority) =>
    priority.strands
      .filter(({ id }) => all || urns.length + teams.length > 0 || strands.includes(id))
      .map(({ id, name }) => [id, `${priority.name}: ${name}`] as const),
  );
}

function placesFor(trust: Trust, { all, urns, teams, strands }: Rights) {
  const wide = all || strands.length > 0;
  return [
    ...trust.schools
      .filter(({ urn }) => wide || urns.includes(urn))
      .map(({ urn, name }) => [urn, name] as const),
    ...trust.teams
      .filter(({ id }) => wide || teams.includes(id))
      .map(({ id, name }) => [placeKey({ teamId: id }), name] as const),
    ...(wide ? [[CENTRAL, `${trust.trust.short_name}: the central team`] as const] : []),
  ];
}

/** One change, in words made safe: when, what, by whom. */
export type StepInWords = { readonly date: string; readonly says: string; readonly by: string };

export type MilestoneView = {
  readonly trust: Trust;
  readonly milestone: Milestone;
  readonly version: number;
  readonly owner: string;
  readonly reader: string;
  readonly mayChange: boolean;
  /** Why it is not changed here, for whoever could otherwise. */
  readonly elsewhere?: string | undefined;
  /** The last approved answer. */
  readonly last?: Answer | undefined;
  readonly steps: readonly StepInWords[];
  readonly notice?: string | undefined;
};

const HISTORY = 'history';

export function milestoneCard(view: MilestoneView): Card {
  const { milestone, owner, reader, last, mayChange, notice, steps } = view;
  const { id } = milestone;
  return card({
    summary: 'A milestone.',
    body: [
      ...(notice ? [line(notice, { colour: 'Accent' })] : []),
      title(titleOf(milestone)),
      line(whereItBelongs(view)),
      line(`Aim: ${aimInWords(milestone)} (${said(milestone.measure)}).`),
      line(
        last ? `Last approved: ${answerInWords(last, milestone)}.` : 'No check-in has been approved yet.',
        last ? STATUS_LOOKS[last.status] : {},
      ),
      line(`${said(owner)} owns it. ${said(reader)} reads each check-in. ${rhythmInWords(milestone)}`),
      ...(view.elsewhere && !milestone.ended ? [line(view.elsewhere, { subtle: true })] : []),
      whoSeesMilestone(owner, reader),
      hidden(
        HISTORY,
        steps.map(({ date, says, by }) => line(`${date}: ${says}, by ${by}.`, { subtle: true })),
      ),
    ],
    actions: [
      press('Trend', VERBS.trend, id),
      ...(mayChange && !milestone.ended && view.elsewhere === undefined
        ? [press('Change it', VERBS.edit, id), press('Close it', VERBS.closing, id)]
        : []),
      more('History', HISTORY),
    ],
  });
}

export function whoSeesMilestone(owner: string, reader: string): Element {
  return whoSees(
    `${said(owner)}, ${said(reader)}, trust leaders, who leads the school or team, and the priority.`,
  );
}

function whereItBelongs({ trust, milestone }: MilestoneView): string {
  const priority = priorityOf(trust, milestone.strand);
  const strand = priority?.strands.find(({ id }) => id === milestone.strand)?.name;
  const place = placeInWords(trust, milestone);
  return said(`${[priority?.name, strand].filter(Boolean).join(', ')}. ${place}.`);
}

const RHYTHMS: Readonly<Record<NonNullable<Milestone['cadence']>, string>> = {
  'half-termly': 'each half-term',
  fortnightly: 'every two weeks',
  'term-end': 'at the end of each term',
  weekly: 'every week',
};

function rhythmInWords({ cadence, everyWeeks, nextRound, due, ended, weeklyAsked }: Milestone): string {
  if (ended) return 'It is closed; nobody is asked any more.';
  const often = oftenInWords({ cadence, everyWeeks });
  const next = nextRound ? `, next on ${dateInWords(nextRound)}` : '';
  const weekly = weeklyAsked ? ' (every week once the owner agrees)' : '';
  return `Asked ${often}${weekly}${next}; due ${dateWithYear(due)}.`;
}

function oftenInWords({
  cadence,
  everyWeeks,
}: Pick<Milestone, 'everyWeeks'> & { readonly cadence?: Milestone['cadence'] | undefined }): string {
  if (cadence) return RHYTHMS[cadence];
  return everyWeeks === 1 ? 'every week' : `every ${everyWeeks} weeks`;
}

export function closingCard(milestone: Milestone, version: number): Card {
  return card({
    summary: 'Close a milestone?',
    body: [
      title('Close this milestone?'),
      line(titleOf(milestone)),
      line(
        'Nobody is asked about it any more, and an open check-in is withdrawn. What was said stays in its history.',
      ),
      whoSees('Only you, until you close it; then its owner and leaders.'),
    ],
    actions: [
      button('Close it', envelope(VERBS.close, milestone.id, version), {
        primary: true,
        withoutInputs: true,
      }),
      press('Keep it', VERBS.show, milestone.id),
    ],
  });
}

/** To its owner, whoever made it or gave it to them; with a question where every week was wished for. */
export function ownedCard(view: {
  readonly milestone: Milestone;
  /** Of the change that it tells of. */
  readonly version: number;
  readonly by: string;
  readonly owner: string;
  readonly reader: string;
  /** What was settled by a press. */
  readonly settled?: string | undefined;
}): Card {
  const { milestone, version, by, owner, reader, settled } = view;
  const asks = milestone.weeklyAsked === true && !milestone.ended;
  return card({
    summary: asks ? 'A milestone is yours, with one question.' : 'A milestone is yours.',
    body: [
      ...(settled ? [line(settled, { colour: 'Accent' })] : []),
      title(`${said(owner)}, this milestone is yours.`),
      line(titleOf(milestone)),
      line(
        `Aim: ${aimInWords(milestone)} (${said(milestone.measure)}). ${rhythmInWords({ ...milestone, weeklyAsked: false })}`,
      ),
      line(`${said(by)} wrote it. ${said(reader)} reads your check-ins first.`),
      ...(asks
        ? [
            line(
              `${said(by)} asks for a check-in every week. That is yours to decide; until you say yes, it stays as above.`,
            ),
          ]
        : []),
      whoSeesMilestone(owner, reader),
    ],
    actions: asks
      ? [
          press('Every week is fine', VERBS.weekly, milestone.id, version),
          press('Keep it as it is', VERBS.notWeekly, milestone.id, version),
        ]
      : [press('See it', VERBS.show, milestone.id)],
  });
}

const MOST_LISTED = 80;

/** What somebody may see, to choose from. `found`: they asked by some words. */
export function milestonesCard(view: {
  readonly milestones: readonly Pick<Milestone, 'id' | 'title'>[];
  readonly rights: Rights;
  readonly found?: string | undefined;
}): Card {
  const { milestones, rights, found } = view;
  const shown = milestones.slice(0, MOST_LISTED);
  const over = milestones.length - shown.length;
  const first = shown[0];
  const may = hasRights(rights);
  const body: Element[] = [
    title(found ? 'Which one do you mean?' : 'Milestones'),
    ...(over > 0
      ? [
          line(
            `The first ${MOST_LISTED} of ${milestones.length}. For another, type "milestone" and some words of it.`,
          ),
        ]
      : []),
    ...(first
      ? [
          choiceInput('milestone', {
            label: found ? 'These fit' : 'Yours to see',
            choices: shown.map(({ id, title: name }) => [id, shorten(name, 90)] as const),
            value: first.id,
          }),
        ]
      : [line('None is yours to see yet.')]),
  ];
  const actions: Action[] = [
    ...(first ? [button('Show it', envelope(VERBS.show, 'chosen'), { primary: true })] : []),
    ...(first && found ? [button('Its trend', envelope(VERBS.trend, 'chosen'))] : []),
    ...(may && !found ? [press('New milestone', VERBS.form, 'new')] : []),
    ...(may && first && !found ? [say('Export', EXPORT_WORDS)] : []),
  ];
  body.push(whoSees(ONLY_YOURS));
  return card({ summary: 'Milestones.', body, actions });
}

function press(label: string, verb: string, id: string, version = 0): Action {
  return button(label, envelope(verb, id, version), { withoutInputs: true });
}

/** What changed between two states of a milestone, in a few words. */
export function stepInWords(
  change: 'added' | 'changed' | 'moved' | 'ended',
  now: Milestone,
  before: Milestone | undefined,
): string {
  if (change === 'ended') return 'closed';
  if (change === 'added' || !before) return change === 'added' ? 'made' : 'changed';
  const parts = [
    ...(now.ownerId !== before.ownerId ? ['a new owner'] : []),
    ...(now.reviewer !== before.reviewer ? ['who reads its check-ins'] : []),
    ...(now.title !== before.title ? ['other words'] : []),
    ...(aimInWords(now) !== aimInWords(before) || now.measure !== before.measure
      ? [`the aim (before: ${aimInWords(before)})`]
      : []),
    ...(now.due !== before.due ? [`the due date (before: ${dateWithYear(before.due)})`] : []),
    ...(now.cadence !== before.cadence || now.everyWeeks !== before.everyWeeks
      ? ['how often it is asked about']
      : []),
    ...(now.strand !== before.strand || placeKey(now) !== placeKey(before) ? ['where it belongs'] : []),
  ];
  if (before.ended && !now.ended) return 'opened again';
  return parts.length > 0 ? `changed ${listInWords(parts)}` : 'changed';
}
