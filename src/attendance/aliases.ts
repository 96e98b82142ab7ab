/**
 * What columns are called where: our own names, and those of exports from Bromcom, Arbor, Wonde, Assembly, SIMS and the
 * census, as far as public code or their manuals show them. A trust adds its own under `imports.columns`. A name that is
 * not here is not guessed at.
 */

export const COLUMNS = [
  'school_urn',
  'pupil_id',
  'upn',
  'surname',
  'forename',
  'year_group',
  'reg_group',
  'date',
  'session',
  'mark',
  'minutes_late',
  'week_commencing',
  'MonAM',
  'MonPM',
  'TueAM',
  'TuePM',
  'WedAM',
  'WedPM',
  'ThuAM',
  'ThuPM',
  'FriAM',
  'FriPM',
  'pp',
  'sen',
  'dob',
  'compulsory_age',
  'group_type',
  'group',
  'pupils',
  'possible',
  'attended',
  'authorised',
  'unauthorised',
  'late_before',
  'late_after',
  'missing',
  'not_possible',
] as const;

export type Column = (typeof COLUMNS)[number];

/** Names as written there; case, spaces and signs do not count. */
const ALIASES: Partial<Readonly<Record<Column, readonly string[]>>> = {
  school_urn: ['URN', 'Establishment URN'],
  pupil_id: [
    // Bromcom and Assembly
    'StudentId',
    // Arbor and Wonde name the record itself
    'student',
    // SIMS reports: the number that a school gives at admission
    'Adno',
    'Admission Number',
    'Admission No',
    'MIS ID',
  ],
  upn: ['Unique Pupil Number'],
  surname: ['Last Name', 'Legal Surname', 'Family Name'],
  forename: ['First Name', 'Legal Forename', 'Given Name'],
  year_group: [
    'Year',
    'NCYear',
    'NC Year',
    'NCyearActual',
    'current_nc_year',
    'Year taught in',
    'Curriculum Year',
  ],
  reg_group: ['TutorGroup', 'Reg', 'Registration Group', 'Registration Form', 'Form'],
  date: ['CalendarStartDate', 'recordDate', 'session_date', 'Attendance Date', 'Mark Date'],
  session: ['PeriodDisplayName', 'session_name', 'AM/PM'],
  mark: ['attendanceMark', 'attendance_mark', 'Attendance Code', 'Mark Code', 'Code'],
  minutes_late: ['minutesLate', 'Mins Late', 'Late Minutes'],
  week_commencing: ['Week Start', 'Week Start Date', 'WeekBeginning', 'W/C'],
  pp: ['IsPupilPremium', 'is_pp', 'premium_pupil_indicator', 'Pupil Premium', 'Pupil Premium Indicator'],
  sen: ['SendStatusCode', 'sen_status', 'sen_category', 'SEN Status', 'SEND Status', 'SEN Code'],
  dob: ['Date of Birth', 'Birth Date'],
  compulsory_age: ['Compulsory School Age', 'Of Compulsory Age'],
  group_type: ['Breakdown'],
  group: ['Group Name'],
  pupils: ['Number of Pupils', 'Pupil Count'],
  possible: ['possible_sessions', 'Sessions Possible', 'SessionsPossible'],
  attended: ['attended_sessions', 'SessionsAttended'],
  authorised: ['authorised_absence_sessions', 'SessionsAuthorised', 'Authorised Absence'],
  unauthorised: ['unauthorised_absence_sessions', 'SessionsUnauthorised', 'Unauthorised Absence'],
  late_before: ['Late Before Registers Close'],
  late_after: ['Late After Registers Close'],
  missing: ['Missing Marks'],
  not_possible: ['Not Possible', 'Attendance not required'],
};

const KNOWN: ReadonlyMap<string, Column> = new Map(
  COLUMNS.flatMap((column) =>
    [column, ...(ALIASES[column] ?? [])].map((name) => [simple(name), column] as const),
  ),
);

/** A trust's own names of columns, each with the one of ours that it means. */
export type ExtraNames = Readonly<Record<string, string>>;

/** The columns under the names that a trust added, and all others. */
export function columnNames(extra: ExtraNames = {}): (name: string) => Column | undefined {
  const own = new Map(
    Object.entries(extra).map(([name, column]) => [simple(name), KNOWN.get(simple(column))]),
  );
  return (name) => own.get(simple(name)) ?? KNOWN.get(simple(name));
}

/** Names whose column is none of ours. */
export function unknownColumns(extra: ExtraNames): string[] {
  return Object.entries(extra).flatMap(([name, column]) => (KNOWN.has(simple(column)) ? [] : [name]));
}

/** `Pupil ID`, `pupil_id` and `PupilId` are one name. */
function simple(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
