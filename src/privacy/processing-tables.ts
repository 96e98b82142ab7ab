/**
 * The register of processing, a table at a time. The nightly deletion, the report and docs/PRIVACY.md are all made from it, so
 * none of them can say other than is done; a new table without an entry does not compile. Pure.
 */
import { count } from '../kernel/text.ts';
import type { Tables } from '../storage/tables.ts';
import type { ProcessingEntry } from './processing.ts';
import { DELIVERY_TABLES } from './processing-delivery.ts';
import { days, entry, REPLACED, rule, SERVICE, THEIRS, weeks } from './processing-entries.ts';

const QUESTION_DAYS = 'after `policies.question_days`';
const ENDED = { column: 'state', in: ['approved', 'withdrawn'] } as const;

/** In the order in which rows can be deleted: what points to a row stands before it. */
export const PROCESSING: Readonly<Record<keyof Tables, ProcessingEntry>> = {
  people: entry(
    'access',
    'staff',
    'Name, work address, job title, office and manager of each member of the staff group',
    'colleagues, as names on cards',
    REPLACED,
  ),
  group_members: entry(
    'access',
    'staff',
    'Who of the staff is in a group that a document or the trust names',
    SERVICE,
    REPLACED,
  ),
  directory_state: entry(
    'access',
    'nobody',
    'How far the copy of the directory has come',
    'the IT lead',
    REPLACED,
  ),
  leavers: entry(
    'access',
    'staff',
    'Who is in the directory no more while rows of their own are kept, and since when',
    SERVICE,
    rule('until those rows are gone, or the person is back'),
  ),
  answer_documents: entry(
    'answers',
    'nobody',
    'What was read of each document: title, owner, dates, who may open it',
    'whoever may open it',
    REPLACED,
  ),
  answer_passages: entry(
    'answers',
    'nobody',
    'The text of the documents, in passages',
    'whoever may open the document',
    REPLACED,
  ),
  answer_library_items: entry(
    'answers',
    'nobody',
    'The files of the library as last listed',
    SERVICE,
    REPLACED,
  ),
  answer_library_state: entry(
    'answers',
    'nobody',
    'How far the reading of the library has come',
    SERVICE,
    REPLACED,
  ),
  answer_health_told: entry(
    'answers',
    'staff',
    'What an owner was last told of their documents',
    'that owner',
    rule('when nothing is left to mend, or the person is erased'),
    { column: 'owner' },
  ),
  answer_dialogues: entry(
    'answers',
    'staff',
    'What a person and Waymark are talking about',
    'that person',
    rule('8 hours after the last message'),
    THEIRS,
  ),
  answer_questions: entry(
    'answers',
    'staff',
    'A question and what became of it, with a mark in the place of the asker',
    'nobody by name; themes of three or more people go to whoever takes questions',
    rule(QUESTION_DAYS),
  ),
  answer_asks: entry(
    'answers',
    'staff',
    'A question that somebody passed on, and its answer',
    'asker and reader',
    rule(QUESTION_DAYS),
  ),
  pupil_rows: entry(
    'attendance',
    'pupils, by name',
    'Names of a tutor group for one week, encrypted; only where the school has agreed to it',
    'that group’s tutor, head of year and head, on opening; each opening is in the audit',
    rule('14 days after import'),
  ),
  pupil_weeks: entry(
    'attendance',
    'pupils, by pseudonym',
    'Sessions of one week under keyed hashes, encrypted, so that a correction can be told from a repeat',
    SERVICE,
    rule('at the end of the next school year'),
  ),
  group_weeks: entry('attendance', 'pupils, as counts', 'Sessions of a group in a week', SERVICE, weeks()),
  releases: entry(
    'attendance',
    'pupils, as counts',
    'A school’s week as it may be shown: rounded, groups of ten or more',
    'the school’s staff and the trust’s leaders',
    weeks(),
  ),
  school_weeks: entry(
    'attendance',
    'pupils, as counts',
    'Which imports a school’s week stands on',
    SERVICE,
    weeks(),
  ),
  trust_releases: entry(
    'attendance',
    'pupils, as counts',
    'The trust’s week as it may be shown',
    'the trust’s leaders',
    weeks(),
  ),
  benchmarks: entry(
    'attendance',
    'nobody',
    'Published figures of the Department for Education',
    'all staff',
    REPLACED,
  ),
  attendance_imports: entry(
    'attendance',
    'staff',
    'When a marks file came, who sent it, how many marks',
    'the school’s data contact',
    {
      until: 'days',
      setting: 'figures_days',
      since: 'received_at',
      as: 'instant',
      unless: [{ table: 'school_weeks', key: 'id', column: 'import_id' }],
    },
  ),
  import_files: entry(
    'attendance',
    'nobody',
    'Which file of a library was taken',
    SERVICE,
    days('figures_days', 'taken_at'),
  ),
  import_cursors: entry(
    'attendance',
    'nobody',
    'How far the reading of a library has come',
    SERVICE,
    REPLACED,
  ),
  nudge_choices: entry(
    'attendance',
    'staff',
    'What was chosen on a school’s card, and by whom',
    'the school’s head; leaders see totals',
    weeks(),
  ),
  nudge_queries: entry(
    'attendance',
    'staff',
    'Who asked whether a figure is right, and the answer',
    'asker and data contact',
    weeks(),
  ),
  nudge_weeks: entry(
    'attendance',
    'nobody',
    'Whether a school’s card went out, and its action',
    'the school’s staff',
    weeks(),
  ),
  nudge_cards: entry(
    'attendance',
    'staff',
    'Which tutor or head of year got a card of which groups, and the action of the trust’s card',
    'the service alone',
    weeks(),
  ),
  attendance_threads: entry(
    'attendance',
    'staff',
    'Which school and week a person asked about last, for their next question',
    'that person',
    rule('8 hours after the question'),
    THEIRS,
  ),
  nudge_preferences: entry(
    'attendance',
    'staff',
    'Who wants fewer cards',
    'that person',
    rule('until they choose otherwise or are erased'),
    THEIRS,
  ),
  checkin_refreshes: entry(
    'plan',
    'nobody',
    'Check-ins whose cards are to be drawn anew',
    SERVICE,
    rule('within seconds'),
  ),
  checkin_messages: entry('plan', 'staff', 'Which cards were sent for a check-in', SERVICE, {
    until: 'parent',
    table: 'checkins',
    key: 'id',
    column: 'checkin_id',
  }),
  checkin_history: entry(
    'plan',
    'staff',
    'Each step of a check-in: who, when, what it then said',
    'owner and manager',
    { until: 'parent', table: 'checkins', key: 'id', column: 'checkin_id' },
  ),
  checkins: entry(
    'plan',
    'staff',
    'What an owner said of a milestone, and the manager’s decision',
    'owner and manager; leaders see what was approved',
    { until: 'days', setting: 'check_ins_days', since: 'opened_at', as: 'instant', only: ENDED },
  ),
  milestone_history: entry('plan', 'staff', 'Each change of a milestone', 'leaders', {
    until: 'parent',
    table: 'milestones',
    key: 'id',
    column: 'milestone_id',
  }),
  milestone_list_rows: entry(
    'plan',
    'nobody',
    'Which row of the trust’s SharePoint list stands for a milestone',
    SERVICE,
    rule('with its milestone'),
  ),
  milestone_list_state: entry(
    'plan',
    'nobody',
    'How far that list was read, and which of its rows need mending',
    'the IT lead',
    REPLACED,
  ),
  milestones: entry('plan', 'staff', 'A milestone: owner, measure, target, dates', 'staff', {
    until: 'days',
    setting: 'check_ins_days',
    since: 'changed_at',
    as: 'instant',
    only: { column: 'ended', in: ['true'] },
    unless: [{ table: 'checkins', key: 'id', column: 'milestone_id' }],
  }),
  channel_watches: entry(
    'plan',
    'nobody',
    'Which channels’ threads are read, and how far',
    'the IT lead',
    REPLACED,
  ),
  channel_notices: entry(
    'plan',
    'staff',
    'What Graph told of a reply in a milestone’s thread, encrypted, until it is worked through',
    SERVICE,
    rule('seconds later; after an outage within hours'),
  ),
  channel_replies: entry(
    'plan',
    'staff',
    'That a reply was handled, and what became of it; no words, and no name where it was held back',
    SERVICE,
    days('messages_days', 'handled_at'),
  ),
  digests: entry(
    'plan',
    'staff',
    'A leader’s digest as it was sent',
    'that leader',
    days('digests_days', 'made_at'),
    THEIRS,
  ),
  checkin_drafts: entry(
    'plan',
    'staff',
    'What somebody typed into the form of a check-in and has not sent',
    'that person; gone when it is sent',
    days('drafts_days', 'saved_at'),
    THEIRS,
  ),
  checkin_settings: entry(
    'plan',
    'staff',
    'A person’s own choices: a pause, no reminders, days and hours, who acts in their place and when',
    'that person; the colleague they name sees that they are named',
    rule('until they choose otherwise or are erased'),
    THEIRS,
  ),
  digest_preferences: entry(
    'plan',
    'staff',
    'Who wants fewer digests',
    'that person',
    rule('until they choose otherwise or are erased'),
    THEIRS,
  ),
  ...DELIVERY_TABLES,
  audit: entry(
    'account',
    'staff',
    'Who did what, to what, when; sealed, without words of theirs and without pupils',
    'the IT lead and the data protection officer',
    rule('after `retention.audit_days`, the chain staying whole'),
  ),
  audit_head: entry('account', 'nobody', 'The ends of the audit’s chain', SERVICE, REPLACED),
};

/** How many rows of each table, as people are told: by what the register says of it, which is what docs/PRIVACY.md says. */
export function rowsInWords(rows: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(rows).map(([table, n]) => `${count(n, 'row')} of “${heldIn(table)}”`);
}

/** What a table holds, in the words of the register. */
export function heldIn(table: string): string {
  return (PROCESSING as Readonly<Record<string, ProcessingEntry | undefined>>)[table]?.holds ?? table;
}
