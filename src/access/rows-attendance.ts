/** The policy's lines for attendance: the week's cards and their buttons, figures, pupils' names. Pure. */
import { refuse } from '../kernel/errors.ts';
import type { About } from './roles.ts';
import { type Rule, rows, told } from './rule.ts';

const ofCard: Rule['says'] = (about) =>
  refuse('not-yours', `This card is for ${readersOf(about)}. Nothing was changed.`);

function readersOf({ face, name = 'the school' }: About): string {
  if (face === 'leaders') return `${name}’s leadership chat`;
  return face === 'head' ? `the head of ${name}` : `the staff of ${name}`;
}

const CARD = [
  'head',
  'trust-leader',
  'school-staff@channel',
  'data-contact@channel',
  'chat-member@leaders',
] as const;

const elsewhere = refuse(
  'not-here',
  'Names are shown in your own chat with me alone. Please open the card there. Nothing was shown.',
);

const ofGroups = told('not-yours', 'This list is for the group’s own tutor. Nothing was shown or changed.');

export const ATTENDANCE = {
  ...rows(['attendance.show', 'attendance.open', 'attendance.why'], {
    does: 'Read a school’s card of the week and how its figures were made',
    may: [...CARD, 'attendance-lead@channel'],
    where: 'anywhere',
    says: ofCard,
  }),
  ...rows(
    [
      'attendance.done',
      'attendance.not-this-week',
      'attendance.not-suitable',
      'attendance.happened',
      'attendance.not-yet',
      'attendance.help',
      'attendance.query',
      'attendance.send-query',
      'attendance.fewer',
    ],
    {
      does: 'Say what became of the school’s one thing, ask for help, doubt a figure',
      may: CARD,
      where: 'anywhere',
      says: ofCard,
    },
  ),
  ...rows(['attendance.focus', 'attendance.agree'], {
    does: 'Agree a school’s focus, which becomes a milestone',
    may: ['head@head', 'head@leaders', 'trust-leader@head', 'trust-leader@leaders', 'chat-member@leaders'],
    where: 'anywhere',
    says: (about) =>
      about.face === 'channel'
        ? refuse('no-focus', 'A focus is agreed from the head’s own card. Nothing was changed.')
        : ofCard(about),
  }),
  ...rows(['attendance.names'], {
    does: 'Open pupils’ names of a school that shows them',
    may: ['head'],
    where: 'alone',
    elsewhere,
    says: told('not-yours', 'This list is for the school’s own head. Nothing was shown.'),
  }),
  ...rows(['attendance.tutor-open'], {
    does: 'Open pupils’ names of tutor groups, at a school that shows them',
    may: ['tutor', 'head'],
    where: 'alone',
    elsewhere,
    says: ofGroups,
  }),
  ...rows(
    [
      'attendance.tutor-show',
      'attendance.tutor-close',
      'attendance.tutor-why',
      'attendance.tutor-query',
      'attendance.tutor-send-query',
      'attendance.tutor-done',
      'attendance.tutor-not-suitable',
      'attendance.tutor-not-this-week',
      'attendance.tutor-happened',
      'attendance.tutor-not-yet',
      'attendance.tutor-help',
    ],
    {
      does: 'Use a card of tutor groups',
      may: ['tutor', 'head'],
      where: 'anywhere',
      says: ofGroups,
    },
  ),
  ...rows(['attendance.query-right', 'attendance.query-wrong'], {
    does: 'Say whether doubted figures are right',
    may: ['data-contact', 'head'],
    where: 'anywhere',
    says: ({ name = 'the school' }) =>
      refuse('not-yours', `The data contact of ${name} answers this. Nothing was changed.`),
  }),
  ...rows(
    [
      'attendance.trust-show',
      'attendance.trust-done',
      'attendance.trust-not-this-week',
      'attendance.trust-not-suitable',
      'attendance.trust-happened',
      'attendance.trust-not-yet',
      'attendance.trust-help',
    ],
    {
      does: 'Use the trust’s card of the week',
      may: ['trust-leader', 'helper'],
      where: 'anywhere',
      says: told('not-yours', 'This card is for the trust’s leaders. Nothing was changed.'),
    },
  ),
  ...rows(['attendance.every-week', 'attendance.fortnightly', 'attendance.pause', 'attendance.tutor-fewer'], {
    does: 'Choose how often one’s own attendance cards come',
    may: ['staff'],
    where: 'anywhere',
    says: told('not-staff', 'That is for the trust’s staff. Nothing was changed.'),
  }),
} as const;

/** What is seen without a button of its own: asked before anything is shown. */
export const ATTENDANCE_SIGHT = {
  ...rows(['see:school-figures'], {
    does: 'See a school’s published figures, in an answer or a card of one’s own',
    may: ['school-staff', 'head', 'data-contact', 'trust-leader', 'attendance-lead'],
    where: 'anywhere',
    says: ({ name = 'That school' }) =>
      refuse(
        'not-yours',
        `${name}’s figures are for its own staff and the trust’s leaders. Its head could tell you.`,
      ),
  }),
  ...rows(['see:preview'], {
    does: 'Be sent a school’s card as a preview',
    may: ['school-staff', 'head', 'data-contact', 'trust-leader', 'attendance-lead', 'operator'],
    where: 'anywhere',
    says: ({ name = 'That school' }) =>
      refuse('not-theirs', `${name}’s figures are not for them. Nothing was sent.`),
  }),
  ...rows(['see:trust-week'], {
    does: 'Have the trust’s one thing of the week in one’s digest',
    may: ['trust-leader'],
    where: 'anywhere',
    says: told('not-yours', 'This card is for the trust’s leaders.'),
  }),
} as const;
