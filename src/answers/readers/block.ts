/**
 * The one structured form that every reader produces. Blocks keep the document's own words in reading order; what is
 * left out (navigation, repeated lines) leaves a `break`, so that no passage claims to run across it. Knows no format.
 */

export type Block = {
  readonly kind: 'heading' | 'paragraph' | 'item' | 'row' | 'byline' | 'break';
  readonly text: string;
  /** Headings: 1 is a work's title. */
  readonly level?: number;
  /** Items and numbered headings: `•`, `3.`, `Two:`, as printed. */
  readonly marker?: string;
  /** A byline printed above the title it belongs to; otherwise it belongs to the title before it. */
  readonly leads?: boolean;
  /** Of a point of a list within a point: the words of that one. */
  readonly within?: string;
  readonly page?: number;
};

const MONTH = 'January|February|March|April|May|June|July|August|September|October|November|December';
const NAME = "\\p{Lu}[\\p{L}'’.-]+(?: (?:(?:de|van|von|al|bin|of) )?\\p{Lu}[\\p{L}'’.-]*){1,4}";
const BYLINE = new RegExp(
  `^(?:(?:By |Author: ?)?(${NAME})(?:,? and ${NAME})?,? ?[|,·–-] ?)?((?:\\d{1,2} )?(?:${MONTH}) \\d{4})$`,
  'u',
);
const BY = new RegExp(`^(?:By|Written by|Author:) (${NAME}(?:,? and ${NAME})*)$`, 'u');

/** Author and date of a byline such as `Name Surname | May 2026`; undefined when the line is none. */
export function readByline(text: string): { readonly author?: string; readonly date?: string } | undefined {
  const dated = BYLINE.exec(text);
  if (dated) {
    return { ...(dated[1] ? { author: dated[1] } : {}), ...(dated[2] ? { date: dated[2] } : {}) };
  }
  const by = BY.exec(text);
  return by?.[1] ? { author: by[1] } : undefined;
}

/** Word's own bullets are letters of a symbol font, which a PDF gives as private characters. */
const BULLET = /^(?:[•▪◦‣·●○■□➢➤✓✔*–-]|[\uE000-\uF8FF]|o(?= \p{L})|\(?\d{1,2}[.)]|[a-z][.)])(?=\s)/u;
const ORDINAL = /^\+?(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten):(?=\s)/;

/** The list marker that a line begins with, and the rest. */
export function readMarker(line: string): { readonly marker: string; readonly text: string } | undefined {
  const found = BULLET.exec(line) ?? ORDINAL.exec(line);
  return found ? { marker: found[0], text: line.slice(found[0].length).trim() } : undefined;
}

/** Whether a line that stands alone has the shape of a heading: short, capitalised, not a sentence, not a quotation. */
export function isHeadingShaped(line: string): boolean {
  const words = line.split(/\s+/).length;
  if (words > 20 || line.length > 130 || !/^[\p{Lu}\p{N}+‘“'"]/u.test(line)) return false;
  if (/[.;,:…!]["”’')]*$/.test(line) || /[.!?]["”]/.test(line)) return false;
  return !(/^[“"]/.test(line) && (words > 8 || /[”"].+$/.test(line)));
}

/** A table's row in words: `name: value` of two columns, else the first cell and the others with their headers. */
export function rowText(headers: readonly string[], cells: readonly string[]): string {
  const [first = '', ...others] = cells;
  if (others.length === 1) return `${first}: ${others[0]}`;
  return [
    first,
    ...others.map((cell, index) => (headers[index + 1] ? `${headers[index + 1]}: ${cell}` : cell)),
  ].join('; ');
}
