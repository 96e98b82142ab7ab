/**
 * What a library's columns say of a document: whose words they are, who looks after it, from when and until when. Read as people
 * fill columns in; what cannot be read is named, never guessed. Pure.
 */
import { type Refusal, refuse } from '../kernel/errors.ts';
import { fold } from '../kernel/text.ts';
import { dateOf, isDate } from '../kernel/time.ts';

/** Values of one file's columns, as the library gives them. */
export type LibraryColumns = {
  readonly kind?: string | undefined;
  /** A mail address. */
  readonly owner?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

export type ColumnFacts = {
  readonly kind: 'policy' | 'essay' | 'outside';
  readonly owner: string;
  readonly from?: string;
  readonly to?: string;
};

export type ReadColumns = { readonly facts: ColumnFacts | undefined; readonly problems: readonly Refusal[] };

const KINDS: readonly (readonly [RegExp, ColumnFacts['kind']])[] = [
  [/^(?:our )?polic(?:y|ies)$/, 'policy'],
  [/^(?:(?:our|a) )?(?:leader'?s? )?essay$/, 'essay'],
  [/^outside(?: reading)?$/, 'outside'],
];

/** `ownerOf`: the member of staff with a mail address. An owner who is not found leaves the document to `contact`. */
export async function readColumns(
  file: string,
  columns: LibraryColumns,
  given: {
    readonly ownerOf: (mail: string) => Promise<string | undefined>;
    readonly contact: string;
    readonly zone: string;
  },
): Promise<ReadColumns> {
  const said = fold(columns.kind ?? '');
  const kind = KINDS.find(([shape]) => shape.test(said))?.[1];
  if (!kind) {
    const what = said ? `its kind is "${columns.kind}"` : 'it has no kind';
    const message = `${file} in the library was left out: ${what}. Choose Our policy, Our leader's essay or Outside reading.`;
    return { facts: undefined, problems: [refuse('no-kind', message)] };
  }
  const from = dateIn(columns.from, given.zone);
  const to = dateIn(columns.to, given.zone);
  if (from === null || to === null || (from && to && to < from)) {
    const message = `${file} in the library was left out: its dates of force cannot be read (${columns.from ?? ''} to ${columns.to ?? ''}).`;
    return { facts: undefined, problems: [refuse('no-dates', message)] };
  }
  const owner = columns.owner ? await given.ownerOf(columns.owner) : undefined;
  const message = `${file} in the library has no owner who is on the staff; your contact for questions stands in.`;
  return {
    facts: { kind, owner: owner ?? given.contact, ...(from ? { from } : {}), ...(to ? { to } : {}) },
    problems: owner ? [] : [refuse('no-owner', message)],
  };
}

/** The local date; undefined for an empty column, null for what is no date. SharePoint gives a day as an instant: its midnight. */
function dateIn(value: string | undefined, zone: string): string | undefined | null {
  const text = value?.trim();
  if (!text) return undefined;
  if (isDate(text)) return text;
  const instant = /^\d{4}-\d\d-\d\dT/.test(text) ? new Date(text) : new Date(Number.NaN);
  return Number.isNaN(instant.getTime()) ? null : dateOf(instant, zone);
}
