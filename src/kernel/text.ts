/** Small operations on words. Knows nothing of cards or documents. */

/** Lower case, straight quotes, single spaces: for comparing what people typed. */
export function fold(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKC')
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/[\u2013\u2014]/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

/** Words of ASCII with single spaces between them: only their case can differ. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

/** Cuts at a word boundary and adds an ellipsis when the text is longer than `limit` characters. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // Half of a letter that takes two units, such as an emoji, is none.
  const cut = text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '');
  const space = cut.lastIndexOf(' ');
  return `${(space > limit / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

/** `1 school`, `2 schools`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}

/** Whole days, rounded: `3 days`, `1 day`; of nought nobody knows that it was none: `less than a day`. */
export function daysInWords(days: number): string {
  return days === 0 ? 'less than a day' : count(days, 'day');
}

/** The same without the word, after another number of days: `3`, `less than one`. */
export function daysAlone(days: number): string {
  return days === 0 ? 'less than one' : String(days);
}

/** The first `most` of them, and how many more: `a, b and 12 more`. */
export function someInWords(items: readonly string[], most: number): string {
  const more = items.length - most;
  return listInWords(more > 0 ? [...items.slice(0, most), `${numberInWords(more)} more`] : items);
}

/** `a, b and c`. */
export function listInWords(items: readonly string[]): string {
  if (items.length <= 1) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

const SMALL = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** Numbers under ten in words, others in figures: `three`, `14`. */
export function numberInWords(number: number): string {
  return SMALL[number] ?? String(number);
}

export function countWords(text: string): number {
  return text.match(/[\p{L}\p{M}\p{N}%'’-]+/gu)?.length ?? 0;
}

/** What a store or a document's XML cannot keep and a reader cannot see; tabs and line ends stay. */
const CONTROLS = /(?![\t\n\r])[\p{Cc}\uFFFE\uFFFF]/gu;

/** Seen by nobody, and carried along by pasting: soft hyphens, spaces of no width, turns of the direction of writing. */
const UNSEEN = /[\u00ad\u200b\u202a-\u202e\u2060-\u206f\ufeff]/gu;

/** What somebody typed into a field, as others will see it; nothing at all where there is nothing to be seen. */
export function readable(text: string): string {
  const plain = storable(text).replace(UNSEEN, '');
  return /[^\p{C}\p{Z}]/u.test(plain) ? plain : '';
}

/** Text from outside without the characters that cannot be kept: control characters, no characters, halves of a surrogate pair. */
export function storable(text: string): string {
  return text.replace(CONTROLS, '').toWellFormed();
}

/** With a capital at its beginning, as a sentence has. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Whose figures stand together: `All schools together`, `3 of 7 schools together`, `1 of 7 schools`. */
export function togetherInWords({ schools, of }: { readonly schools: number; readonly of: number }): string {
  return `${schools < of ? `${schools} of ${of} schools` : 'All schools'}${schools > 1 ? ' together' : ''}`;
}
