/**
 * A small trust for the tests of slices: two schools, a line from CEO to teacher, a vacancy, a leave and a part-timer; and
 * ports that keep what they are given. No file, no network.
 */
import { holderOf } from '../../src/access/appointments.ts';
import { outsider } from '../../src/access/roles.ts';
import type { Card } from '../../src/cards/elements.ts';
import { type Trust, TrustFile } from '../../src/config/trust.ts';
import type { Draft, WideOutbox } from '../../src/delivery/message.ts';
import { appointmentsOf } from '../../src/directory/appointing.ts';
import type { Person } from '../../src/directory/model.ts';
import { keyringOf } from '../../src/kernel/keyring.ts';

export const PUPIL_KEYS = keyringOf('ab'.repeat(32));

/** Ids stand for Graph object ids. Gil's post as Fay's manager is empty; Nia has left; Lee is away with a delegate. */
export const PEOPLE: readonly Person[] = [
  person('ada', 'Ada Shah', undefined),
  person('cho', 'Cho Lin', 'ada'),
  person('head1', 'Jo Marsh', 'ada', '100001'),
  person('head2', 'Kit Vane', 'ada', '100002'),
  person('tom', 'Tom Reed', 'head1', '100001'),
  person('bea', 'Bea Hall', 'head1', '100001'),
  person('fay', 'Fay Moss', undefined, '100002'),
  person('lee', 'Lee Ford', 'head2', '100002'),
  person('max', 'Max Birch', 'lee', '100002'),
  person('ivy', 'Ivy Stone', 'nia', '100001'),
  { ...person('nia', 'Nia Past', 'head1', '100001'), staff: false },
];

function person(id: string, name: string, managerId: string | undefined, schoolUrn?: string): Person {
  return {
    id,
    name,
    givenName: name.split(' ')[0] ?? name,
    mail: `${id}@example.org`,
    jobTitle: 'Staff',
    staff: true,
    ...(schoolUrn ? { schoolUrn } : {}),
    ...(managerId ? { managerId } : {}),
  };
}

const calendar = { terms: [{ term: 1, from: '2026-09-01', to: '2026-12-18' }] };
const lead = { name: 'Mel Okafor', phone: 'ext. 204' };
const schedule = { when: 'Mondays 07:30 in term' };

export type MilestoneInput = {
  readonly id: string;
  readonly owner: string;
  readonly [field: string]: unknown;
};

function milestoneInput(input: MilestoneInput): Record<string, unknown> {
  return {
    title: `Every family has met their tutor (${input.id})`,
    strand: 'families',
    school: '100001',
    measure: 'Families reached so far',
    unit: 'families',
    target: 150,
    due: '2026-12-11',
    every_weeks: 3,
    next_check_in: '2026-11-23',
    ...input,
  };
}

export function sampleTrust(
  milestones: readonly MilestoneInput[] = [{ id: 'm1', owner: 'tom' }],
  people: readonly Record<string, unknown>[] = [
    { id: 'bea', works: [1, 2, 3] },
    { id: 'lee', leave: { from: '2026-11-16', to: '2026-11-27' }, delegate: 'fay' },
  ],
): Trust {
  return TrustFile.parse({
    trust: {
      name: 'Tideway Learning Trust',
      short_name: 'Tideway',
      zone: 'Europe/London',
      staff_group: 'staff',
      ceo: 'ada',
      safeguarding_lead: lead,
      questions_contact: 'cho',
    },
    calendars: { default: calendar },
    schools: [
      { urn: '100001', name: 'Harbour Primary', phase: 'primary', head: 'head1' },
      { urn: '100002', name: 'Quayside School', phase: 'secondary', head: 'head2' },
    ].map((school) => ({
      ...school,
      team: `team-${school.urn}`,
      channel: `channel-${school.urn}`,
      data_contact: 'cho',
      safeguarding_lead: lead,
    })),
    priorities: [
      {
        id: 'disadvantage',
        name: 'Disadvantage first',
        lead: 'ada',
        strands: [{ id: 'families', name: 'Families' }],
      },
      { id: 'teaching', name: 'Great teaching', lead: 'cho', strands: [{ id: 'reading', name: 'Reading' }] },
    ],
    leaders: ['ada', 'cho'],
    schedules: { attendance_week: schedule, check_ins: schedule, digest: schedule, radar: schedule },
    milestones: milestones.map(milestoneInput),
    people,
  });
}

export function directoryOf(people: readonly Person[] = PEOPLE, trust: Trust = sampleTrust()) {
  const appointments = appointmentsOf(trust);
  return {
    appointments: async () => appointments,
    holder: async (id: string) => {
      const found = people.find((one) => one.id === id);
      return found ? holderOf(appointments, found) : outsider(id);
    },
    people: async (ids: readonly string[]) => people.filter((candidate) => ids.includes(candidate.id)),
    staff: async () => people.filter((candidate) => candidate.staff),
  };
}

export type KeptOutbox = WideOutbox & {
  readonly drafts: Map<string, Draft>;
  readonly revisions: Map<string, Card>;
  /** The present face of a message. */
  face(key: string): Card;
};

export function keepingOutbox(): KeptOutbox {
  const drafts = new Map<string, Draft>();
  const revisions = new Map<string, Card>();
  return {
    drafts,
    revisions,
    enqueue: async (_trx, _runId, more) => {
      const fresh = more.filter((draft) => !drafts.has(draft.key));
      for (const draft of fresh) drafts.set(draft.key, draft);
      return fresh.length;
    },
    revise: async (_trx, key, card) => {
      revisions.set(key, card);
    },
    reviseAll: async (_trx, all) => {
      for (const { key, card } of all) revisions.set(key, card);
    },
    face: (key) => {
      const card = revisions.get(key) ?? drafts.get(key)?.card;
      if (!card) throw new Error(`no message ${key}`);
      return card;
    },
  };
}
