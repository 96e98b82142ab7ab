/** Old codes in a file: they are read, as DfE reads them, and said. */
import { count } from '../kernel/text.ts';
import { type CodeRule, isLegacy } from './codes.ts';

export type LegacyUse = { readonly rule: CodeRule; readonly day: number };

/** The signs worth a second look: H, F, J and Y ended in 2024, and X depends on the pupil's age. */
const LOOKED_AT = new Set([...'HFJYX'].map((code) => code.charCodeAt(0)));

export function isLegacyUse(character: number): boolean {
  return LOOKED_AT.has(character);
}

export function legacyNotes(uses: readonly LegacyUse[], dates: readonly string[]): string[] {
  const found = new Map<CodeRule, number>();
  for (const { rule, day } of uses)
    if (isLegacy(rule, dates[day] ?? '')) found.set(rule, (found.get(rule) ?? 0) + 1);
  return [...found].map(
    ([rule, marks]) => `Old code ${rule.code} (${count(marks, 'mark')}): ended on ${rule.to}, still read.`,
  );
}
