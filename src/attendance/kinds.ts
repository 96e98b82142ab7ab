/**
 * What a cell of a register counts as: the one small number that is kept of a mark. Ten kinds, and none of them says why a
 * child was away: illness, an appointment and a festival are all `authorised`.
 */
import { CODES, type CodeRule, type SessionClass } from './codes.ts';

/** `none`: the file has no row. `missing`: a row without a mark. The rest are sessions by what they count as. */
export const KINDS = [
  'none',
  'missing',
  'present',
  'late',
  'approved',
  'authorised',
  'unauthorised',
  'unexplained',
  'late-after',
  'not-possible',
  'not-collected',
] as const;

export type Kind = (typeof KINDS)[number];

export const NONE = 0;
export const MISSING = 1;

const OF_CLASS: Readonly<Record<SessionClass, Kind>> = {
  present: 'present',
  'approved-activity': 'approved',
  authorised: 'authorised',
  unauthorised: 'unauthorised',
  'not-possible': 'not-possible',
  'not-collected': 'not-collected',
};
/** Codes that figures count by themselves. */
const OF_CODE: Readonly<Record<string, Kind>> = { L: 'late', N: 'unexplained', U: 'late-after' };

export function kindOf(rule: CodeRule): number {
  return KINDS.indexOf(OF_CODE[rule.code] ?? OF_CLASS[rule.counts]);
}

/** Codes have one or two characters, so that a cell is looked up without being copied: first × 128 + second. */
const BY_CHARACTERS = new Uint8Array(128 * 128);
const RULES: (CodeRule | undefined)[] = [];
for (const rule of CODES) {
  const place = placeOf(rule.code.charCodeAt(0), rule.code.length > 1 ? rule.code.charCodeAt(1) : 0);
  BY_CHARACTERS[place] = kindOf(rule);
  RULES[place] = rule;
}

function placeOf(first: number, second: number): number {
  return first < 128 && second < 128 ? first * 128 + second : 0;
}

/** The kind of a mark between two places of a text; `NONE` when it is no code. `-` and nothing are a missing mark. */
export function readKind(text: string, start: number, end: number): number {
  const length = end - start;
  if (length === 0) return MISSING;
  if (length > 2) return NONE;
  const first = text.charCodeAt(start);
  if (length === 1 && first === 45) return MISSING;
  return BY_CHARACTERS[placeOf(first, length > 1 ? text.charCodeAt(start + 1) : 0)] ?? NONE;
}

export function ruleAt(text: string, start: number, end: number): CodeRule | undefined {
  return RULES[placeOf(text.charCodeAt(start), end - start > 1 ? text.charCodeAt(start + 1) : 0)];
}
