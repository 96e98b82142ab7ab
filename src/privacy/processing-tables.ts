/**
 * The register of processing, a table at a time. The nightly deletion, the report and docs/PRIVACY.md are all made from it, so
 * none of them can say other than is done; a new table without an entry does not compile. Pure.
 */
import type { Tables } from '../storage/tables.ts';
import type { Keeping, ProcessingEntry, Purpose, RetentionName, Subject } from './processing.ts';

const REPLACED = { until: 'replaced' } as const;
const SERVICE = 'the service alone';

function days(setting: RetentionName, since: string): Keeping {
  return { until: 'days', setting, since, as: 'instant' };
}

function weeks(since = 'week'): Keeping {
  return { until: 'days', setting: 'figures_days', since, as: 'week' };
}

function rule(says: string): Keeping {
  return { until: 'rule', says };
}

function entry(
  purpose: Purpose,
  about: Subject,
  holds: string,
  seenBy: string,
  keep: Keeping,
): ProcessingEntry {
  return { holds, about, purpose, seenBy, keep };
}

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
  ),
  answer_dialogues: entry(
    'answers',
    'staff',
    'What a person and Waymark are talking about',
    'that person',
    rule('8 hours after the last message'),
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
    'Sessions of one week under keyed hashes, so that a correction can be told from a repeat',
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
  ),
  nudge_preferences: entry(
    'attendance',
    'staff',
    'Who wants fewer cards',
    'that person',
    rule('while they work here'),
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
  ),
  checkin_drafts: entry(
    'plan',
    'staff',
    'What somebody typed into the form of a check-in and has not sent',
    'that person; gone when it is sent',
    days('drafts_days', 'saved_at'),
  ),
  checkin_settings: entry(
    'plan',
    'staff',
    'A person’s own choices: a pause, no reminders, days and hours, who acts in their place and when',
    'that person; the colleague they name sees that they are named',
    rule('while they work here'),
  ),
  digest_preferences: entry(
    'plan',
    'staff',
    'Who wants fewer digests',
    'that person',
    rule('while they work here'),
  ),
  activities: entry(
    'delivery',
    'staff',
    'Which messages and presses were taken, so that a repeat does nothing',
    SERVICE,
    rule(
      'after 30 days; who waits for an answer once it is there, what a press was answered with after 10 minutes',
    ),
  ),
  deliveries: entry(
    'delivery',
    'staff',
    'Each message that was sent unasked: to whom, what, when, and what became of it',
    'the person; the IT lead sees outcomes',
    days('messages_days', 'settled_at'),
  ),
  conversations: entry(
    'delivery',
    'staff',
    'Where in Teams a person or channel is reached',
    SERVICE,
    rule('until the app is removed there'),
  ),
  send_slots: entry('delivery', 'nobody', 'When the next message may leave', SERVICE, REPLACED),
  rules: entry('delivery', 'nobody', 'Up to when each schedule was carried out', SERVICE, REPLACED),
  alarms: entry(
    'delivery',
    'nobody',
    'Which late or missed runs the IT lead was told of',
    'the IT lead',
    days('messages_days', 'raised_at'),
  ),
  pauses: entry(
    'delivery',
    'staff',
    'When sending was paused, by whom, and why in their words',
    'the IT lead',
    days('messages_days', 'since'),
  ),
  slots: entry(
    'delivery',
    'nobody',
    'Each scheduled run and its outcome',
    'the IT lead',
    days('messages_days', 'due_at'),
  ),
  audit: entry(
    'account',
    'staff',
    'Who did what, to what, when; sealed, without words of theirs and without pupils',
    'the IT lead and the data protection officer',
    rule('after `retention.audit_days`, the chain staying whole'),
  ),
  audit_head: entry('account', 'nobody', 'The ends of the audit’s chain', SERVICE, REPLACED),
};
