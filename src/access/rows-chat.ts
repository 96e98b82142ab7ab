/** The policy's lines for what people type, attach and take back. Pure. */
import { refuse } from '../kernel/errors.ts';
import { type Rule, rows, told } from './rule.ts';

const STAFF_ONLY = told('not-staff', 'That is for the trust’s staff. Nothing was kept.');

function staff(does: string, where: Rule['where'] = 'alone'): Rule {
  return { does, may: ['staff'], where, says: STAFF_ONLY };
}

const NO_RIGHTS =
  'Milestones are made by trust leaders, by heads for their own school, by leads for their own team, and by whoever leads a priority. Please ask one of them. Nothing was kept.';
const NO_EXPORT =
  'Milestones are exported by trust leaders, by heads for their own school, by leads for their own team, and by whoever leads a priority. Please ask one of them. Type "my work" for your own.';
const NO_REPORT =
  'Term reports are made by heads for their schools, and by the chief executive for the trust.';

/** Who makes, changes and exports milestones, each within their reach. */
export const MAKERS = ['trust-leader', 'head', 'team-lead', 'priority-lead'] as const;
/** Who makes a term report. */
export const REPORTERS = ['head', 'chief-executive'] as const;

/** What any event of a conversation does beside its own: its place is kept, or forgotten. */
export const CONVERSATION = {
  ...rows(['app:meet', 'app:part'], {
    does: 'Add or remove the app; the place is kept for staff alone',
    may: ['anyone', 'staff'],
    where: 'anywhere',
    says: told('nobody', 'Nothing was kept.'),
  }),
  ...rows(['message:withdraw'], {
    does: 'Take back one’s own message, with what it began',
    may: ['anyone', 'staff'],
    where: 'anywhere',
    says: told('nobody', 'Nothing was changed.'),
  }),
} as const;

/** What is said or done in a chat; `word:` are fixed words, `say:` sentences that are understood. */
export const CHAT = {
  ...rows(
    ['say:question'],
    staff(
      'Ask: of documents that one may open, of figures, digests and milestones within one’s reach',
      'anywhere',
    ),
  ),
  ...rows(['feedback:answer'], staff('Say whether an answer helped', 'anywhere')),
  ...rows(['word:check-ins', 'word:settings'], staff('See one’s own check-ins and settings')),
  ...rows(['word:approvals'], staff('See what waits for one to read')),
  ...rows(['word:digest'], staff('Ask for one’s digest; it holds what lies within one’s reach')),
  ...rows(['word:how-to-check'], staff('Ask how to have a marks file checked')),
  ...rows(['file:save'], staff('Have a file saved that one was offered')),
  ...rows(['file:check'], {
    does: 'Have a marks file checked; nothing of it is kept',
    may: ['head', 'data-contact'],
    where: 'alone',
    says: told(
      'not-yours',
      'I check marks files for a school’s data contact or its head. I have not opened yours.',
    ),
  }),
  ...rows(['say:new-milestone'], {
    does: 'Begin a new milestone',
    may: MAKERS,
    where: 'alone',
    says: told('no-rights', NO_RIGHTS),
  }),
  ...rows(['say:export'], {
    does: 'Export milestones, as far as they were approved',
    may: MAKERS,
    where: 'alone',
    says: told('no-export', NO_EXPORT),
  }),
  ...rows(['say:term-report'], {
    does: 'Make a term report: a head of their school, the chief executive of the trust',
    may: REPORTERS,
    where: 'alone',
    says: told('no-report', NO_REPORT),
  }),
  ...rows(['word:pauses', 'word:deliveries', 'word:doctor'], {
    does: 'See what is paused, what was sent, and what is wrong with the installation',
    may: ['operator'],
    where: 'alone',
    says: ({ trust }) =>
      refuse(
        'not-an-operator',
        `That is for those who run Waymark${trust ? ` at ${trust}` : ''}. For a pause of your own check-ins type "my settings".`,
      ),
  }),
} as const;
