/** Small files in the shape of the DfE's published ones, with invented numbers that keep their identities. */

export type DfeRow = {
  readonly period: string;
  readonly identifier: string;
  readonly level?: 'National' | 'Regional' | 'Local authority';
  readonly area?: readonly [code: string, name: string];
  readonly phase: 'Primary' | 'Secondary' | 'Special' | 'Total';
  readonly present: number;
  readonly late: number;
  readonly trips: number;
  readonly ill: number;
  readonly other: number;
  readonly enrolments?: number;
  /** The rate as printed; when it is not given, the true one with ten decimals. */
  readonly rate?: string;
  readonly hidden?: boolean;
};

const COUNTS = [
  'possible_sessions',
  'overall_attendance',
  'overall_absence',
  'present_sessions',
  'approved_educational_activity',
  'authorised_absence',
  'unauthorised_absence',
  'late_sessions',
  'reason_present_am',
  'reason_present_pm',
  'reason_present',
  'reason_l_present_late_before_registers_closed',
  'reason_v_aea_educational_visit_trip',
  'reason_i_authorised_illness',
  'reason_o_other_unauthorised',
  'attendance_perc',
];

/** `phaseColumn`: `education_phase` from 2025/26, `school_type` before. */
export function dfeFile(rows: readonly DfeRow[], phaseColumn = 'education_phase'): string {
  const header = [
    'time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name',
    'new_la_code,la_name',
    phaseColumn,
    'total_enrolments',
    ...COUNTS,
  ].join();
  return `${[header, ...rows.map(line)].join('\n')}\n`;
}

function line(row: DfeRow): string {
  const { level = 'National', area = ['', ''], present, late, trips, ill, other } = row;
  const attended = present + late + trips;
  const possible = attended + ill + other;
  const counts = [possible, attended, ill + other, present + late, trips, ill, other, late];
  const codes = [Math.ceil(present / 2), Math.floor(present / 2), present, late, trips, ill, other];
  const rate = row.rate ?? ((100 * attended) / possible).toFixed(10);
  const cells = row.hidden ? COUNTS.map(() => 'c') : [...counts, ...codes, rate];
  return [
    row.period,
    row.identifier,
    level,
    'E92000001',
    'England',
    level === 'Regional' ? area : ['', ''],
    level === 'Local authority' ? area : ['', ''],
    row.phase,
    row.enrolments ?? 1000,
    ...cells,
  ]
    .flat()
    .join();
}
