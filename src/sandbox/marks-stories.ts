/**
 * How often pupils of the sample schools are away, week by week: proportions like England's (DfE, pupil attendance in
 * schools, 2025/26), and one story a school for the card to tell. Rates are the share of possible days missed.
 */
import type { TrustSchool } from '../config/trust.ts';

export type AbsenceRates = { readonly disadvantaged: number; readonly others: number };

export type Story = {
  readonly pupils: number;
  readonly disadvantaged: number;
  /** The last two weeks: the one before, and the one that Monday's card is about. */
  readonly before: AbsenceRates;
  readonly last: AbsenceRates;
  /** Registers that have not come: year groups without marks on the last days of the last week. */
  readonly late?: { readonly years: readonly string[]; readonly days: number };
  /** Sessions of the week before that a second file corrects from absent to present. */
  readonly corrected?: number;
  /** A year group that is away more, on Fridays above all. */
  readonly hardFridays?: string;
};

const USUAL: Readonly<Record<TrustSchool['phase'], AbsenceRates>> = {
  primary: { disadvantaged: 0.088, others: 0.042 },
  secondary: { disadvantaged: 0.138, others: 0.066 },
  special: { disadvantaged: 0.15, others: 0.118 },
};

/** By school name; the schools of `samples/trust.yaml`. Together they have 1,500 pupils. */
const STORIES: Readonly<Record<string, Story>> = {
  'Harbour Primary': {
    pupils: 210,
    disadvantaged: 56,
    before: { disadvantaged: 0.122, others: 0.042 },
    last: { disadvantaged: 0.099, others: 0.041 },
    hardFridays: '5',
  },
  'Lantern Primary': {
    pupils: 105,
    disadvantaged: 8,
    before: { disadvantaged: 0.09, others: 0.046 },
    last: { disadvantaged: 0.08, others: 0.045 },
  },
  'Saltmarsh Primary': {
    pupils: 180,
    disadvantaged: 41,
    before: { disadvantaged: 0.081, others: 0.04 },
    last: { disadvantaged: 0.084, others: 0.041 },
  },
  'Sandpiper Primary': {
    pupils: 150,
    disadvantaged: 38,
    before: { disadvantaged: 0.112, others: 0.052 },
    last: { disadvantaged: 0.078, others: 0.031 },
  },
  'Quayside Academy': {
    pupils: 430,
    disadvantaged: 118,
    before: { disadvantaged: 0.124, others: 0.066 },
    last: { disadvantaged: 0.156, others: 0.063 },
    corrected: 14,
  },
  'Kingfisher Academy': {
    pupils: 365,
    disadvantaged: 97,
    before: { disadvantaged: 0.14, others: 0.068 },
    last: { disadvantaged: 0.141, others: 0.069 },
    late: { years: ['8', '9'], days: 2 },
  },
  'Driftwood School': {
    pupils: 60,
    disadvantaged: 27,
    before: { disadvantaged: 0.149, others: 0.12 },
    last: { disadvantaged: 0.149, others: 0.12 },
  },
};

/** A school that is not in the sample trust gets the usual rates of its phase. */
export function storyOf(school: TrustSchool): Story {
  const usual = USUAL[school.phase];
  return STORIES[school.name] ?? { pupils: 120, disadvantaged: 30, before: usual, last: usual };
}

/** Any other week: the phase's usual rates, lower in September than in November, and a little higher the year before. */
export function usualRates(phase: TrustSchool['phase'], weekIndex: number, lastYear: boolean): AbsenceRates {
  const factor = (0.92 + weekIndex * 0.025) * (lastYear ? 1.03 : 1);
  const { disadvantaged, others } = USUAL[phase];
  return { disadvantaged: disadvantaged * factor, others: others * factor };
}

/** Shares of missed days by code, in percent; M and U are single sessions. N stands for reasons still open. */
export const REASONS: Readonly<
  Record<TrustSchool['phase'], readonly (readonly [code: string, share: number])[]>
> = {
  primary: [
    ['I', 53],
    ['O', 15],
    ['G', 10],
    ['C', 7],
    ['M', 6],
    ['C2', 3],
    ['U', 3],
    ['R', 2],
    ['N', 1],
  ],
  secondary: [
    ['I', 43],
    ['O', 31],
    ['C', 5],
    ['M', 5],
    ['C2', 4],
    ['G', 4],
    ['U', 4],
    ['E', 3],
    ['N', 1],
  ],
  special: [
    ['I', 38],
    ['O', 21],
    ['C', 13],
    ['C2', 12],
    ['M', 10],
    ['T', 2],
    ['U', 3],
    ['N', 1],
  ],
};

export const YEARS: Readonly<Record<TrustSchool['phase'], readonly [string, ...string[]]>> = {
  primary: ['R', '1', '2', '3', '4', '5', '6'],
  secondary: ['7', '8', '9', '10', '11'],
  special: ['3', '4', '5', '6', '7', '8', '9', '10', '11'],
};

export const FORENAMES: readonly [string, ...string[]] = [
  'Ada',
  'Ben',
  'Cass',
  'Dov',
  'Ela',
  'Finn',
  'Gia',
  'Hal',
  'Ines',
  'Jude',
  'Kit',
  'Lena',
  'Milo',
  'Nia',
  'Otis',
  'Pia',
  'Quin',
  'Remy',
  'Sol',
  'Tess',
  'Uma',
  'Vic',
  'Wren',
  'Yara',
  'Zeb',
];

export const SURNAMES: readonly [string, ...string[]] = [
  'Ashgrove',
  'Brindle',
  'Coldwell',
  'Dunmore',
  'Eastlake',
  'Fernley',
  'Goldhay',
  'Hartwood',
  'Inglebrook',
  'Juniper',
  'Kestrelow',
  'Larkmead',
  'Merriden',
  'Northey',
  'Oakhanger',
  'Pennyfold',
  'Quarrington',
  'Rushmere',
  'Stonebeck',
  'Thornaby',
  'Underhay',
  'Velland',
  'Wraybourne',
  'Yewdale',
];
