/**
 * The shape of `trust.yaml`: what a trust tells Waymark about itself. Zod checks each value, `crossCheck` what must fit
 * together (trust-checks.ts). Reading the file and naming lines is `load.ts`. Ids of people, groups, teams and channels are Graph's.
 */
import { z } from 'zod/v4';
import { isDate, localInstant } from '../kernel/time.ts';

const date = z.string().refine(isDate, 'must be a date such as 2026-11-23');
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 07:30');
const text = z.string().trim().min(1, 'must not be empty');
const id = z.string().trim().min(1, 'must be an id');
const zone = z
  .string()
  .refine(
    (name) => Intl.supportedValuesOf('timeZone').includes(name),
    'must be a time zone such as Europe/London',
  );

const Term = z.strictObject({ term: z.int().min(1).max(6), from: date, to: date });
const Closure = z.strictObject({ date, reason: text });
/** Terms in order over as many school years as marks are kept for: the dates say the year, a term number repeats. */
const Calendar = z.strictObject({
  terms: z.array(Term).min(1),
  inset: z.array(date).default([]),
  bank_holidays: z.array(date).default([]),
  closures: z.array(Closure).default([]),
});
const Contact = z.strictObject({ name: text, phone: text, person: id.optional() });

const School = z.strictObject({
  urn: z.string().regex(/^\d{6}$/, 'must be six digits'),
  name: text,
  phase: z.enum(['primary', 'secondary', 'special']),
  /** As the DfE's files name them; published figures of these areas then stand beside the school's. */
  local_authority: text.optional(),
  region: text.optional(),
  calendar: id.default('default'),
  /** The school's own days without pupils, beside those of its calendar. */
  inset: z.array(date).default([]),
  closures: z.array(Closure).default([]),
  team: id,
  channel: id,
  /** A group chat of the school's leaders, by Teams' id of it: the head's card goes there instead of into her digest. */
  leadership_chat: id.optional(),
  /** Before a school goes live its attendance card goes to its head alone, as a preview; nothing is posted. */
  live: z.boolean().default(true),
  head: id,
  /** A Graph group whose members are heads of the school too; cards for the head alone go to `head`. */
  heads_group: id.optional(),
  data_contact: id,
  safeguarding_lead: Contact,
  /** Whether signed-in staff of the school may open names and rows. Needs `pupils_agreed`. */
  pupils: z.enum(['on', 'off']).default('off'),
  /** Form tutors and heads of year, and their tutor groups as the registers name them; with `pupils: on` each gets a card. */
  tutors: z.array(z.strictObject({ person: id, groups: z.array(text).min(1) })).default([]),
  /** Who agreed to names and rows, and the date of the data protection impact assessment. */
  pupils_agreed: z.strictObject({ dpo: text, dpia: date, head: id }).optional(),
});

/** `leads_group`: a Graph group whose members lead it beside `lead`, who is written to. */
const Strand = z.strictObject({ id, name: text, lead: id.optional(), leads_group: id.optional() });
const Priority = z.strictObject({
  id,
  name: text,
  lead: id,
  leads_group: id.optional(),
  strands: z.array(Strand).min(1),
});

/**
 * A team that is no school, to which milestones may belong: its lead makes and sees them, as a head those of a school. `leads_group`:
 * a Graph group whose members lead it beside `lead`.
 */
const Team = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'must be small letters, figures and hyphens'),
  name: text,
  lead: id,
  leads_group: id.optional(),
  /** Its own channel, in which its milestones may be asked. */
  channel: z.strictObject({ team: id, channel: id }).optional(),
});

const Document = z.strictObject({
  file: text,
  title: text.optional(),
  owner: id,
  kind: z.enum(['policy', 'essay', 'outside']),
  from: date.optional(),
  to: date.optional(),
  /** A Graph group whose members alone may see it; absent: all staff. */
  group: id.optional(),
});

const Schedule = z.strictObject({
  /** In school words: `Mondays 07:30 in term`, `school days 08:00`. */
  when: text,
  /** How late it may still be sent after downtime, in hours. */
  catch_up_hours: z.number().min(0).max(168).default(6),
});

/** Also the shape of a line of an imported file. */
export const MilestoneShape = z
  .strictObject({
    id,
    title: text,
    strand: id,
    school: z.string().optional(),
    /** A team in place of a school; with neither it is the central team's. */
    team: z.string().optional(),
    owner: id,
    /** Who reads its check-ins: `line-manager`, `head` of its school or lead of its team, `priority-lead`, or a person's id. */
    reviewer: id.optional(),
    measure: text,
    unit: text,
    target: z.number(),
    /** Which way is better. `by-date`: reach the target by the due date; `yes-no`: done or not yet, with target 1. */
    direction: z.enum(['higher', 'lower', 'by-date', 'yes-no']).optional(),
    due: date,
    /** In school time. Half-termly when neither this nor `every_weeks` is given; weekly only when its owner has agreed. */
    cadence: z.enum(['half-termly', 'fortnightly', 'term-end', 'weekly']).optional(),
    owner_agreed: z.boolean().default(false),
    /** In place of a cadence: every so many calendar weeks. */
    every_weeks: z.int().min(1).max(12).optional(),
    next_check_in: date,
    /** Where the owner is asked: their own chat, or the channel of the milestone's school or team. Reminders are always private. */
    ask_in: z.enum(['chat', 'channel']).default('chat'),
    /** Whose replies in the channel may become its check-in: the owner's and their stand-in's, or any staff's of the team. */
    answered_by: z.enum(['owner', 'team']).default('owner'),
  })
  .refine(({ direction, target }) => direction !== 'yes-no' || target === 1, {
    path: ['target'],
    message: 'must be 1 where direction is yes-no',
  });

/**
 * What Graph does not know of a person. `works`: ISO weekdays of a part-timer. `manager`: where the directory is wrong, and
 * the chair's delegate for the CEO. `delegate` stands in during `leave`; `delegations` are for days at work.
 */
const PersonNote = z.strictObject({
  id,
  works: z.array(z.int().min(1).max(5)).min(1).optional(),
  leave: z.strictObject({ from: date, to: date }).optional(),
  manager: id.optional(),
  delegate: id.optional(),
  delegations: z.array(z.strictObject({ delegate: id, from: date, to: date })).default([]),
});

export const TrustFile = z.strictObject({
  trust: z.strictObject({
    name: text,
    short_name: text,
    zone,
    staff_group: id,
    ceo: id,
    safeguarding_lead: Contact,
    questions_contact: id,
    /**
     * A channel of staff where questions go that the documents leave open, instead of to one document's owner; absent: to the
     * owner. `name`: as its members call it.
     */
    questions_channel: z.strictObject({ team: id, channel: id, name: text }).optional(),
    /** Where the trust's leaders get the week of all schools together; absent: in their digests alone. */
    attendance_channel: z.strictObject({ team: id, channel: id }).optional(),
  }),
  calendars: z.record(id, Calendar),
  schools: z.array(School).min(1),
  teams: z.array(Team).default([]),
  priorities: z.array(Priority).min(1),
  /** Trust leaders and operators: people by id, members of a Graph group, or both. */
  leaders: z.array(id).default([]),
  leaders_group: id.optional(),
  operators: z.array(id).default([]),
  operators_group: id.optional(),
  documents: z.array(Document).default([]),
  library: z
    .strictObject({
      site: id,
      drive: id,
      /** Who may open a document: also the library's own permissions say, or only the groups under `documents`. */
      permissions: z.enum(['library', 'trust-file']).default('library'),
      /** SharePoint groups that all staff are in, by name; Graph does not tell who is in them. */
      staff_groups: z.array(text).default([]),
      /** Whether a sharing link for the whole organisation opens a file to all staff, whoever was given it. */
      organisation_links: z.boolean().default(false),
      /**
       * Columns of the library, by their internal names, that say of a file what `documents` would: its kind (Our policy, Our
       * leader's essay, Outside reading), its owner's mail address, and its dates of force.
       */
      columns: z
        .strictObject({ kind: text, owner: text, from: text.optional(), to: text.optional() })
        .optional(),
    })
    .optional(),
  /** Where released term reports are put: a folder of a library, best of one that holds no documents that are answered from. */
  reports: z.strictObject({ site: id, drive: id, folder: z.string().trim().default('') }).optional(),
  schedules: z.strictObject({
    attendance_week: Schedule,
    /** Looked at again for schools whose marks were missing on Monday, or whose week begins on Tuesday. */
    attendance_noon: Schedule.prefault({ when: 'Mondays 12:00 in term' }),
    attendance_tuesday: Schedule.prefault({ when: 'Tuesdays 07:30 in term' }),
    /** The last look: sent with part of the marks, or dropped. */
    attendance_last: Schedule.prefault({ when: 'Tuesdays 12:00 in term' }),
    check_ins: Schedule,
    digest: Schedule,
    /** What several people asked in vain, for whoever takes the trust's questions. */
    radar: Schedule.prefault({ when: 'Fridays 12:00 in term' }),
    /** What owners should mend in their documents; they hear only of what is new. */
    documents: Schedule.prefault({ when: 'school days 08:10' }),
    /** With `policies.messages_a_week`: the card with what went beyond it. */
    gathered: Schedule.prefault({ when: 'last school day of each week 12:00' }),
  }),
  policies: z
    .strictObject({
      suppression_threshold: z.int().min(10).max(100).default(10),
      nudge_minimum_days: z.int().min(1).max(5).default(3),
      completeness_percent: z.int().min(50).max(100).default(95),
      /** With so many marks in by the last look, the card goes out and says so; with fewer, none does. */
      partial_percent: z.int().min(50).max(100).default(80),
      /** Questions, and what was sent about them, are deleted after so many days. */
      question_days: z.int().min(7).max(400).default(90),
      /** When a digest would say what the last one said: one line, or nothing. */
      digest_unchanged: z.enum(['one-line', 'silent']).default('one-line'),
      quiet_from: time.default('18:00'),
      quiet_to: time.default('07:00'),
      /**
       * Messages that can wait, for one person in a week; what goes beyond comes together on one card. What somebody waits for, an
       * answer or an approval, does not count. Absent: as many as there are.
       */
      messages_a_week: z.int().min(1).max(50).optional(),
      /** "No change", on track and at most twice running, then needs no manager's approval. */
      unchanged_approves_itself: z.boolean().default(false),
      /**
       * An answer that has waited so many school days for its reader goes to the next manager as well; the reader is told two
       * school days before. Absent: never.
       */
      escalate_after_days: z.int().min(3).max(40).optional(),
      /** How many milestones one person may own, and how many days at least lie between two first asks of one person. */
      milestones_each: z.int().min(1).max(20).default(3),
      days_between_asks: z.int().min(1).max(60).default(14),
    })
    .prefault({}),
  /** For how many days each kind of data is kept; docs/PRIVACY.md says what is in each. Questions: `policies.question_days`. */
  retention: z
    .strictObject({
      /** Messages sent unasked, and the runs that sent them. */
      messages_days: z.int().min(90).max(4000).default(400),
      digests_days: z.int().min(90).max(4000).default(800),
      /** Check-ins that are settled, and milestones that have ended. */
      check_ins_days: z.int().min(400).max(4000).default(1500),
      /** Figures of groups. Six years is what schools keep registers for. */
      figures_days: z.int().min(800).max(4000).default(2200),
      /** What was typed into a check-in and not sent. */
      drafts_days: z.int().min(7).max(400).default(60),
      /** What is only somebody's own, once they have left the directory. Who comes back before finds it again. */
      leavers_days: z.int().min(30).max(400).default(90),
      audit_days: z.int().min(365).max(4000).default(731),
    })
    .prefault({}),
  /** Where marks files come from beside the command line, and what schools' exports call their columns. */
  imports: z
    .strictObject({
      /** A library, and a folder in it, that schools' systems export to. */
      library: z.strictObject({ drive: id, folder: z.string().trim().default('') }).optional(),
      /** Names of columns that Waymark does not know, and which of its own they are. */
      columns: z.record(text, text).default({}),
      /** How slashed dates are written; otherwise a file must prove it. */
      dates: z.enum(['day/month/year']).optional(),
      /** An empty `pp` or `sen` means no. Otherwise it is refused, since it could also mean that nobody knows. */
      blank_means_no: z.boolean().default(false),
    })
    .prefault({}),
  /**
   * A SharePoint list of milestones: a row each. Columns by internal name; the owner is a work address or a full name in a column
   * of text. What is approved is written to those of the last five that are named.
   */
  milestone_list: z
    .strictObject({
      site: id,
      list: id,
      write_back: z.boolean().default(false),
      columns: z
        .strictObject({
          title: text.default('Title'),
          strand: text.default('Strand'),
          school: text.default('School'),
          /** With it, a row may belong to a team of `teams`, by name or id. */
          team: text.optional(),
          owner: text.default('Owner'),
          /** With it, a row may say who reads it: line manager, head, priority lead, or somebody's name or address. */
          reviewer: text.optional(),
          measure: text.default('Measure'),
          unit: text.default('Unit'),
          target: text.default('Target'),
          direction: text.default('Direction'),
          due: text.default('Due'),
          cadence: text.default('Cadence'),
          next_check_in: text.default('NextCheckIn'),
          status: text.optional(),
          value: text.optional(),
          last_words: text.optional(),
          approved_on: text.optional(),
          /** With it, milestones that are made in chat become rows of the list. */
          waymark_id: text.optional(),
        })
        .prefault({}),
    })
    .optional(),
  milestones: z.array(MilestoneShape).default([]),
  people: z.array(PersonNote).default([]),
});

export type Trust = z.infer<typeof TrustFile>;
export type TrustSchool = Trust['schools'][number];
export type TrustCalendar = Trust['calendars'][string];
export type TrustMilestone = Trust['milestones'][number];

/** A problem in the file: where (a path such as `schools[2].channel`) and what to do. */
export type TrustProblem = { readonly path: readonly (string | number)[]; readonly message: string };

export function schoolByUrn(trust: Trust, urn: string): TrustSchool | undefined {
  return trust.schools.find((school) => school.urn === urn);
}

/** The lead of the person's own school; the trust's for those who work across schools. */
export function safeguardingLead(
  trust: Trust,
  person: { readonly schoolUrn?: string | undefined },
): { readonly name: string; readonly phone: string } {
  const school = person.schoolUrn ? schoolByUrn(trust, person.schoolUrn) : undefined;
  return school?.safeguarding_lead ?? trust.trust.safeguarding_lead;
}

/** A school's calendar: the one it names, with its own INSET days and closures added. */
export function calendarOf(trust: Trust, school: TrustSchool): TrustCalendar {
  const calendar = trust.calendars[school.calendar];
  if (!calendar) throw new RangeError(`No calendar ${school.calendar}; crossCheck refuses such a file`);
  return {
    ...calendar,
    inset: [...calendar.inset, ...school.inset].sort(),
    closures: [...calendar.closures, ...school.closures],
  };
}

/** The instant of a local date and time in the trust's zone. */
export function trustInstant(trust: Trust, day: string, at: string): Date {
  return localInstant(day, at, trust.trust.zone);
}
