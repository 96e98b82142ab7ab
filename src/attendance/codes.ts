/**
 * The attendance codes of England as data: what each one counts as, and since when. The source is the School Attendance
 * (Pupil Registration) (England) Regulations 2024 (SI 2024/208), in force 19 August 2024, and the classes of "Working
 * together to improve school attendance". A person must compare this table with the current guidance before a release.
 */

/** What a session counts as. The first four are possible sessions; the first two are attended. */
export type SessionClass =
  | 'present'
  | 'approved-activity'
  | 'authorised'
  | 'unauthorised'
  | 'not-possible'
  | 'not-collected';

/** `to` is the last day of a code that was abolished; it is still read, with a warning, as DfE does. */
export type CodeRule = {
  readonly code: string;
  readonly counts: SessionClass;
  readonly meaning: string;
  readonly from: string;
  readonly to?: string;
};

const IN_FORCE = '2024-08-19';
/** The Education (Pupil Registration) (England) Regulations 2006, which the 2024 ones replaced. */
const BEFORE = '2006-09-01';
const ABOLISHED = '2024-08-18';

function now(counts: SessionClass, rows: Readonly<Record<string, string>>): CodeRule[] {
  return Object.entries(rows).map(([code, meaning]) => ({ code, counts, meaning, from: IN_FORCE }));
}

function legacy(code: string, counts: SessionClass, meaning: string): CodeRule {
  return { code, counts, meaning, from: BEFORE, to: ABOLISHED };
}

export const CODES: readonly CodeRule[] = [
  ...now('present', {
    '/': 'present, morning',
    '\\': 'present, afternoon',
    L: 'late, before the register closed',
  }),
  ...now('approved-activity', {
    K: 'education arranged by the local authority',
    V: 'educational visit or trip',
    P: 'sporting activity',
    W: 'work experience',
    B: 'another approved educational activity',
  }),
  // J1 was an approved activity (J) until 2024; it lowers the rate now. C2 sessions are possible, and missed.
  ...now('authorised', {
    C: 'leave, exceptional circumstances',
    C1: 'regulated performance or employment abroad',
    C2: 'part-time timetable, compulsory school age',
    E: 'suspended or excluded, nothing arranged',
    I: 'illness',
    J1: 'interview',
    M: 'medical or dental appointment',
    R: 'religious observance',
    S: 'study leave',
    T: 'parent travelling for work',
  }),
  ...now('unauthorised', {
    G: 'holiday not granted',
    N: 'reason not yet known',
    O: 'other or unknown circumstances',
    U: 'arrived after the register closed',
  }),
  ...now('not-possible', {
    D: 'due at the other school',
    Q: 'lack of access arrangements',
    X: 'not of compulsory school age, not required',
    Y1: 'usual transport not provided',
    Y2: 'widespread travel disruption',
    Y3: 'part of the premises closed',
    Y4: 'whole site unexpectedly closed',
    Y5: 'criminal justice detention',
    Y6: 'public health guidance or law',
    Y7: 'another unavoidable cause',
  }),
  ...now('not-collected', { Z: 'not yet on roll', '#': 'planned closure of the whole school' }),
  legacy('H', 'authorised', 'agreed family holiday'),
  legacy('F', 'authorised', 'agreed extended family holiday'),
  legacy('J', 'approved-activity', 'interview'),
  legacy('Y', 'not-possible', 'exceptional circumstances'),
];

const BY_CODE: ReadonlyMap<string, CodeRule> = new Map(CODES.map((rule) => [rule.code, rule]));

/** The rule of a code as written in a register, or undefined. Codes are exact: `i` and `C9` are not codes. */
export function ruleOf(code: string): CodeRule | undefined {
  return BY_CODE.get(code);
}

/** Whether a code stood in a register after it was abolished. */
export function isLegacy(rule: CodeRule, date: string): boolean {
  return rule.to !== undefined && date > rule.to;
}

/** No mark recorded: an empty cell, or the dash that several systems print. */
export function isMissing(mark: string | null | undefined): boolean {
  return mark === null || mark === undefined || mark === '' || mark === '-';
}

/** The marks that a penalty notice counts (Working together, national threshold): unauthorised, whatever the reason. */
export const PENALTY_CODES: ReadonlySet<string> = new Set(['G', 'N', 'O', 'U']);
