/**
 * The cards of a person's own settings, and the one for a colleague who was named to act for somebody. What is rarely changed
 * stands behind a button of its own; after a mistake everything stands as it was typed. Pure.
 */
import {
  button,
  type Card,
  card,
  choiceInput,
  container,
  dateInput,
  type Element,
  hidden,
  line,
  more,
  said,
  textInput,
  title,
} from '../cards/elements.ts';
import { envelope, type Inputs } from '../cards/envelope.ts';
import { whoSees } from '../cards/who-sees.ts';
import { dateInWords } from '../kernel/time.ts';
import { EVERY_WEEKDAY } from './reminders.ts';
import { type Choices, FIRST_HOURS, hourValue, LAST_HOURS, PAUSES, stillPaused } from './settings.ts';

export const SAVE_SETTINGS = 'checkins.settings';

export type SettingsView = {
  /** Whose they are, and how often they were saved: a card that says otherwise is not taken. */
  readonly personId: string;
  readonly version: number;
  readonly name: string;
  readonly choices: Choices;
  /** By the trust's file. */
  readonly works?: readonly number[] | undefined;
  /** What to call the colleague of the delegation: a name that is theirs alone, else their address. */
  readonly delegateName?: string | undefined;
  readonly today: string;
  readonly notice?: string;
  /** What stood in the fields when they could not be taken: all of it is shown again. */
  readonly typed?: Inputs | undefined;
};

const DAYS: readonly (readonly [value: string, title: string])[] = [
  ['1', 'Monday'],
  ['2', 'Tuesday'],
  ['3', 'Wednesday'],
  ['4', 'Thursday'],
  ['5', 'Friday'],
];

export function settingsCard(view: SettingsView): Card {
  const { name, choices, today, notice, typed } = view;
  const until = stillPaused(choices, today);
  const section = (id: string, items: readonly Element[]) => (typed ? container(items) : hidden(id, items));
  return card({
    summary: 'Your settings for check-ins.',
    body: [
      ...(notice ? [line(notice, typed ? { strong: true } : { colour: 'Accent' })] : []),
      title(`Your settings, ${said(name)}`),
      ...standing(view, until).map((words) => line(words)),
      choiceInput('pause', {
        label: until ? 'Change the pause' : 'Pause check-ins',
        choices: [
          ...(until ? [['keep', `Until ${dateInWords(until)}`] as const] : []),
          ...PAUSES.map(([value, says]) => [value, says] as const),
        ],
        value: typed?.pause ?? (until ? 'keep' : 'none'),
      }),
      choiceInput('reminders', {
        label: 'Reminders after an ask',
        choices: [
          ['two', 'Up to two'],
          ['none', 'None: fewer messages'],
        ],
        value: typed?.reminders ?? (choices.unreminded ? 'none' : 'two'),
      }),
      section('week', weekFields(view)),
      section('place', placeFields(view)),
      whoSees('Only you, and a colleague you name. Nobody asks why, and your manager is not told.'),
    ],
    actions: [
      button('Save', envelope(SAVE_SETTINGS, view.personId, view.version), { primary: true }),
      ...(typed ? [] : [more('My days and hours', 'week'), more('Somebody in my place', 'place')]),
    ],
  });
}

/** How it stands, in a line each. */
function standing({ choices, delegateName, today }: SettingsView, until: string | undefined): string[] {
  const { works, hours, delegation } = choices;
  const days = works
    ? ` on ${listed(works.map((day) => DAYS[day - 1]?.[1] ?? ''))}`
    : ' on your working days';
  const times = [
    ...(hours?.from ? [`not before ${hours.from}`] : []),
    ...(hours?.to ? [`not after ${hours.to}`] : []),
  ];
  return [
    until
      ? `Check-ins are paused. I will ask again from ${dateInWords(until)}.`
      : `Check-ins come${days}${times.length > 0 ? `, ${times.join(' and ')}` : ''}.`,
    ...(delegation && delegation.to >= today
      ? [
          `${said(delegateName ?? 'A colleague')} acts for you from ${dateInWords(delegation.from)} to ${dateInWords(delegation.to)}.`,
        ]
      : []),
  ];
}

function weekFields({ choices, works, typed }: SettingsView): Element[] {
  const hour = (time: string, word: string) => [hourValue(time), `${word} ${time}`] as const;
  const { from, to } = choices.hours ?? {};
  return [
    choiceInput('days', {
      label: 'The days I work',
      choices: DAYS,
      value: typed?.days ?? (choices.works ?? works ?? EVERY_WEEKDAY).join(','),
      expanded: true,
      several: true,
    }),
    choiceInput('first-hour', {
      label: 'The first hour for messages',
      choices: [['any', 'Any'], ...FIRST_HOURS.map((time) => hour(time, 'From'))],
      value: typed?.['first-hour'] ?? (from ? hourValue(from) : 'any'),
    }),
    choiceInput('last-hour', {
      label: 'The last hour for messages',
      choices: [['any', 'Any'], ...LAST_HOURS.map((time) => hour(time, 'Until'))],
      value: typed?.['last-hour'] ?? (to ? hourValue(to) : 'any'),
    }),
  ];
}

function placeFields({ choices, delegateName, today, typed }: SettingsView): Element[] {
  const delegation = choices.delegation && choices.delegation.to >= today ? choices.delegation : undefined;
  const value = (name: string, otherwise: string | undefined) => {
    const shown = typed ? typed[name] : otherwise;
    return shown ? { value: shown } : {};
  };
  return [
    line('They get your check-ins to answer, and what waits for you to read. You still can do both.', {
      subtle: true,
    }),
    textInput('delegate', {
      label: 'A colleague who acts in my place',
      placeholder: 'Full name or work address; empty for nobody',
      limit: 120,
      ...value('delegate', delegation && delegateName),
    }),
    dateInput('delegate-from', { label: 'From', ...value('delegate-from', delegation?.from) }),
    dateInput('delegate-to', { label: 'Until, this day included', ...value('delegate-to', delegation?.to) }),
  ];
}

/** For the colleague who was named: what it means, and that nothing is to be done now. */
export function namedCard(view: {
  readonly name: string;
  readonly by: string;
  readonly from: string;
  readonly to: string;
}): Card {
  const by = said(view.by);
  return card({
    summary: `${by} has asked you to act for them.`,
    body: [
      title(`${said(view.name)}, ${by} has asked you to act for them.`),
      line(`From ${dateInWords(view.from)} to ${dateInWords(view.to)}.`),
      line(`Their check-ins come to you to answer, and so does what waits for ${by} to read.`),
      line(`Nothing to do now. If it does not suit you, please have a word with ${by}.`, { subtle: true }),
      whoSees(`You and ${by}.`),
    ],
  });
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
