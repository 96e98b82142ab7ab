/**
 * The trusts of the years' bench: their calendars, people, milestones, and what people chose of their week, for the service as
 * files and for the oracle as numbers. Seeded. Calendars are reckoned by the oracle's own dates.
 */
import type { Seeded } from '../src/kernel/seeded.ts';
import {
  type Day,
  dateText,
  dayNumber,
  isTerm,
  type OracleMilestone,
  type OraclePerson,
  type OracleSchool,
} from '../test/support/asks-oracle.ts';

export const ZONE = 'Europe/London';
export const STAFF = '00000000-0000-4000-8001-000000800001';
export const TENANT = '00000000-0000-4000-8009-000000800001';
export const CEO = personId(0);
const TERMS = [
  ['2026-09-01', '2026-10-23'],
  ['2026-11-02', '2026-12-18'],
  ['2027-01-04', '2027-02-12'],
  ['2027-02-22', '2027-03-25'],
  ['2027-04-12', '2027-05-28'],
  ['2027-06-07', '2027-07-23'],
] as const;
const HOLIDAYS = ['2026-12-25', '2026-12-28', '2027-03-26', '2027-03-29', '2027-05-03', '2027-05-31'];
/** Days without pupils in every school, so that nothing runs; and those of some. */
const INSET = ['2026-09-01', '2027-01-04'];
const INSET_OF_SOME = ['2026-11-02', '2027-04-12', '2027-06-07'];
const DUE = '2027-07-16';
export const FIRST_DAY = dayNumber('2026-08-31');
export const LAST_DAY = dayNumber('2027-07-23');

export function personId(number: number): string {
  return `00000000-0000-4000-8000-${String(800_000 + number).padStart(12, '0')}`;
}

type School = OracleSchool & {
  readonly urn: string;
  readonly name: string;
  readonly head: string;
  readonly calendar: Record<string, unknown>;
  readonly inset: readonly string[];
};

export type YearsSize = {
  readonly schools: number;
  readonly owners: number;
  readonly each: number;
  readonly cadence: OracleMilestone['cadence'];
  readonly reportsEach: number;
  /** Of so many owners one is asked every week about their first milestone, and of so many milestones one in its channel. */
  readonly weekly?: number;
  readonly inChannel?: number;
};

/** School days until an answer that nobody read goes to the next manager. */
export const ESCALATES_AFTER = 6;

export type YearsWorld = ReturnType<typeof makeYears>;

export function makeYears(size: YearsSize, random: Seeded) {
  const schools = Array.from({ length: size.schools }, (_, index) => makeSchool(index));
  const managers = Math.ceil(size.owners / size.reportsEach);
  // One owner in ten reports to the chief executive, above whom nothing can go.
  const managerOf = (index: number) =>
    index % 10 === 9 ? CEO : personId(1000 + Math.floor(index / size.reportsEach));
  const owners = Array.from({ length: size.owners }, (_, index) => ({
    id: personId(2000 + index),
    manager: managerOf(index),
    school: schools[index % schools.length] as School,
  }));
  const milestones: OracleMilestone[] = owners.flatMap(({ id, school }, index) =>
    Array.from({ length: size.each }, (_, number) => {
      const position = index * size.each + number;
      const weekly = size.weekly !== undefined && number === 0 && index % size.weekly === 1;
      const cadence = weekly ? 'weekly' : size.cadence;
      return {
        id: `m${String(position).padStart(5, '0')}`,
        owner: id,
        school,
        first: FIRST_DAY + (cadence === 'weekly' ? 7 : 14 + 7 * random.whole(0, 4)),
        due: dayNumber(DUE),
        cadence,
        ...(size.inChannel !== undefined && position % size.inChannel === 2
          ? { channel: channelOf(school) }
          : {}),
      };
    }),
  );
  const notes = owners.flatMap(({ id }): { id: string; works?: number[]; leave?: [Day, Day] }[] => {
    const works = random.chance(0.2) ? [1, 2, 3, 4, 5].filter(() => random.chance(0.6)) : [];
    const from = FIRST_DAY + random.whole(20, 300);
    const leave = random.chance(0.08) ? ([from, from + random.whole(3, 40)] as [Day, Day]) : undefined;
    return works.length > 0 || leave
      ? [{ id, ...(works.length > 0 ? { works } : {}), ...(leave ? { leave } : {}) }]
      : [];
  });
  const people = new Map<string, OraclePerson>(notes.map(({ id, ...note }) => [id, note]));
  // Half of the managers report to a head, the others to the chief executive.
  const lines = Array.from({ length: managers }, (_, index): [string, string] => [
    personId(1000 + index),
    index % 2 === 0 ? (schools[index % schools.length] as School).head : CEO,
  ]);
  const above = new Map<string, string>([
    ...owners.map(({ id, manager }): [string, string] => [id, manager]),
    ...lines,
    ...schools.map(({ head }): [string, string] => [head, CEO]),
  ]);
  return { size, schools, owners, managers, milestones, notes, people, above };
}

function channelOf({ urn }: Pick<School, 'urn'>): string {
  return `19:${urn}@thread.tacv2`;
}

/** Where everybody is reached, and where channels are. */
export function placesOf({ schools, above, milestones }: YearsWorld) {
  const channels = new Set(milestones.flatMap(({ channel }) => channel ?? []));
  return [
    ...[...above.keys(), CEO].map((personId) => ({
      target: { kind: 'person', personId } as const,
      conversationId: `a:${personId}`,
    })),
    ...schools.flatMap((school) => {
      const channelId = channelOf(school);
      const target = { kind: 'channel', teamId: teamOf(school), channelId } as const;
      return channels.has(channelId) ? [{ target, conversationId: channelId }] : [];
    }),
  ];
}

function teamOf({ urn }: Pick<School, 'urn'>): string {
  return `00000000-0000-4000-8002-000000${urn}`;
}

/** Weeks in which somebody answers nothing at all: one owner in six has some, and early ones whoever is asked every week. */
export function drawSilences(
  { owners, size }: YearsWorld,
  random: Seeded,
): ReadonlyMap<string, readonly [Day, Day]> {
  return new Map(
    owners.flatMap(({ id }, index): [string, [Day, Day]][] => {
      const early = size.weekly !== undefined && index % size.weekly === 1;
      const from = FIRST_DAY + random.whole(10, early ? 50 : 270);
      return random.chance(0.17) || early ? [[id, [from, from + random.whole(21, 56)]]] : [];
    }),
  );
}

/** What an owner chooses in "my settings", on which day; as the card's fields and as the oracle has it. */
export type Choice = {
  readonly day: Day;
  readonly personId: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly means: OraclePerson;
};

type Pool<One> = readonly [One, ...One[]];
const HOURS: Pool<readonly [Choice['inputs'], readonly [number, number]]> = [
  [{ 'first-hour': '10-00', 'last-hour': 'any' }, [600, 1440]],
  [{ 'first-hour': 'any', 'last-hour': '12-00' }, [0, 720]],
  [{ 'first-hour': '12-00', 'last-hour': '14-00' }, [720, 840]],
  [{ 'first-hour': '14-00', 'last-hour': '16-00' }, [840, 960]],
];
const DAYS: Pool<readonly number[]> = [
  [1, 2, 3],
  [2, 4],
  [1, 3, 5],
];
const PAUSES: Pool<readonly [string, number]> = [
  ['week', 7],
  ['fortnight', 14],
  ['month', 28],
];

export function drawChoices({ owners }: YearsWorld, random: Seeded): Choice[] {
  return owners.flatMap(({ id }, index): Choice[] => {
    const day = FIRST_DAY + random.whole(0, 250);
    const draw = random.next();
    if (draw < 0.06)
      return [{ day, personId: id, inputs: { reminders: 'none' }, means: { unreminded: true } }];
    if (draw < 0.12) {
      const [inputs, range] = random.pick(HOURS);
      return [{ day, personId: id, inputs, means: { hours: range } }];
    }
    if (draw < 0.18) {
      const works = random.pick(DAYS);
      return [{ day, personId: id, inputs: { days: works.join(',') }, means: { works } }];
    }
    if (draw < 0.24) {
      const [pause, days] = random.pick(PAUSES);
      return [{ day, personId: id, inputs: { pause }, means: { pausedUntil: day + days } }];
    }
    const other = owners[(index + 1) % owners.length];
    if (draw < 0.3 && other && other.id !== id) {
      const [from, to] = [day + random.whole(0, 5), day + random.whole(6, 40)];
      return [
        {
          day,
          personId: id,
          inputs: {
            delegate: `p${index + 1 === owners.length ? 0 : index + 1}@years.example`,
            'delegate-from': dateText(from),
            'delegate-to': dateText(to),
          },
          means: { standIn: { id: other.id, from, to } },
        },
      ];
    }
    return [];
  });
}

/** Pupils are in somewhere: then the trust's rule runs. */
export function runsOn({ schools }: YearsWorld, day: Day): boolean {
  return schools.some((school) => isTerm(school, day) && !school.inset.includes(dateText(day)));
}

function makeSchool(index: number): School {
  // Every third school has its autumn half-term a week before the others.
  const terms = TERMS.map(([from, to], term) => ({
    term: term + 1,
    from: index % 3 === 2 && term === 1 ? '2026-10-26' : from,
    to: index % 3 === 2 && term === 0 ? '2026-10-16' : to,
  }));
  const inset = index % 2 === 0 ? [...INSET, ...INSET_OF_SOME] : INSET;
  return {
    urn: String(920_001 + index),
    name: `School ${String(index + 1).padStart(2, '0')}`,
    head: personId(10 + index),
    calendar: { terms, inset, bank_holidays: HOLIDAYS },
    inset,
    shut: new Set(inset.map(dayNumber)),
    terms: terms.map(({ from, to }) => ({ from: dayNumber(from), to: dayNumber(to) })),
    holidays: new Set(HOLIDAYS.map(dayNumber)),
  };
}

/** As the stand-in Graph reads its tenant. */
export function tenantOf({ schools, owners, managers, above }: YearsWorld) {
  const heads = schools.map(({ head, name }, index) => ({
    id: head,
    name: `Head ${index}`,
    mail: `h${index}@years.example`,
    job: 'Headteacher',
    office: name,
    manager: CEO,
  }));
  const line = Array.from({ length: managers }, (_, index) => ({
    id: personId(1000 + index),
    name: `Manager ${index}`,
    mail: `l${index}@years.example`,
    job: 'Leader',
    manager: above.get(personId(1000 + index)) ?? CEO,
  }));
  const staff = owners.map(({ id, manager, school }, index) => ({
    id,
    name: `Owner ${index}`,
    mail: `p${index}@years.example`,
    job: 'Teacher',
    office: school.name,
    manager,
  }));
  const people = [{ id: CEO, name: 'Chief', job: 'Chief executive' }, ...heads, ...line, ...staff];
  return {
    tenant: TENANT,
    domain: 'years.example',
    people,
    groups: [{ id: STAFF, name: 'All staff', members: people.map(({ id }) => id) }],
    teams: schools.map(({ urn, name, head }) => ({
      id: teamOf({ urn }),
      name,
      members: [head],
      channels: [{ id: channelOf({ urn }), name: 'Staff' }],
    })),
    drives: [],
  };
}

export function trustOf({ schools, milestones, notes, size }: YearsWorld) {
  const contact = { name: 'Mel Okafor', phone: 'ext. 204' };
  return {
    trust: {
      name: 'Years Learning Trust',
      short_name: 'Years',
      zone: ZONE,
      staff_group: STAFF,
      ceo: CEO,
      safeguarding_lead: contact,
      questions_contact: CEO,
    },
    calendars: Object.fromEntries(schools.map(({ urn, calendar }) => [urn, calendar])),
    schools: schools.map(({ urn, name, head }) => ({
      urn,
      name,
      phase: 'primary',
      calendar: urn,
      team: teamOf({ urn }),
      channel: channelOf({ urn }),
      head,
      data_contact: head,
      safeguarding_lead: contact,
    })),
    priorities: [
      { id: 'gaps', name: 'Closing gaps', lead: CEO, strands: [{ id: 'attendance', name: 'Attendance' }] },
    ],
    leaders: [CEO],
    schedules: {
      attendance_week: { when: 'first school day of year 05:00' },
      check_ins: { when: 'school days 08:00' },
      digest: { when: 'first school day of year 07:45' },
      radar: { when: 'first school day of year 05:10' },
      documents: { when: 'first school day of year 05:20' },
    },
    policies: {
      unchanged_approves_itself: true,
      milestones_each: size.each,
      escalate_after_days: ESCALATES_AFTER,
    },
    milestones: milestones.map(({ id, owner, school, first, due, cadence, channel }) => ({
      id,
      title: `Milestone ${id} is reached`,
      strand: 'attendance',
      school: (school as School).urn,
      owner,
      measure: 'Steps done',
      unit: 'steps',
      target: 100,
      due: dateText(due),
      cadence,
      ...(cadence === 'weekly' ? { owner_agreed: true } : {}),
      ...(channel ? { ask_in: 'channel' } : {}),
      next_check_in: dateText(first),
    })),
    people: notes.map(({ id, works, leave }) => ({
      id,
      ...(works ? { works } : {}),
      ...(leave ? { leave: { from: dateText(leave[0]), to: dateText(leave[1]) } } : {}),
    })),
  };
}
