/**
 * Reads figures back out of what people see, by its words alone: a digest's card, an answer in chat, the document and the spreadsheet of
 * a term report. Knows the sentences and nothing of the code that makes them.
 */
import { strFromU8, unzipSync } from 'fflate';

/** As it was said: `94`, `97 or more`, `nearly all`. `days`: of every ten pupils in the group, and of others: `5 and 2`. */
export type Figure = { readonly attended?: string | undefined; readonly days?: string | undefined };
export type Counts = { onTrack: number; atRisk: number; offTrack: number; notYet: number };

const NUMBERS = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

function numberOf(word: string): number {
  const small = NUMBERS.indexOf(word.toLowerCase());
  return small >= 0 ? small : Number(word);
}

const SHARE = String.raw`(\d+(?: or more| or fewer)?) in every 100|(almost every) session`;
const NUMBER = String.raw`less than a day|less than one|\d+`;

/** The first share of sessions that some words tell of. */
export function shareIn(words: string): string | undefined {
  const found = new RegExp(SHARE, 'i').exec(words);
  return found ? (found[1] ?? 'nearly all') : undefined;
}

/** The first share of sessions and the first two numbers of days that some words hold. */
export function figureIn(words: string): Figure {
  const attended = shareIn(words);
  const days =
    new RegExp(
      `disadvantage missed (${NUMBER})(?: days?)?(?: between them)?[;,] others (?:missed )?(${NUMBER})`,
    ).exec(words) ?? new RegExp(`every 10 pupils (${NUMBER})(?: days?)?, others (${NUMBER})`).exec(words);
  const alike = new RegExp(`and others alike missed (${NUMBER})`).exec(words)?.[1];
  const told = days ? pairOf(days[1], days[2]) : alike && pairOf(alike, alike);
  return { ...(attended ? { attended } : {}), ...(told ? { days: told } : {}) };
}

/** Days that ten pupils with special educational needs missed, and ten others: `5 and 2`. */
export function needsIn(words: string): string | undefined {
  const found = new RegExp(`needs missed (${NUMBER})(?: days?)?; others (${NUMBER})`).exec(words);
  return found ? pairOf(found[1], found[2]) : undefined;
}

/** A report's cell of two numbers of days; undefined where it says why there are none. */
export function cellsPair(cell: string | undefined): string | undefined {
  const found = new RegExp(`^(${NUMBER}) and (${NUMBER})$`).exec(cell ?? '');
  return found ? pairOf(found[1], found[2]) : undefined;
}

function pairOf(one: string | undefined, other: string | undefined): string {
  const said = (number = '') => (number.startsWith('less') ? '0' : number);
  return `${said(one)} and ${said(other)}`;
}

/** `two on track, one at risk and none off track`. */
export function countsIn(words: string): Counts {
  const of = (name: string) => {
    const found = new RegExp(`(\\w+) ${name}`).exec(words)?.[1];
    return found === undefined ? 0 : numberOf(found);
  };
  return {
    onTrack: of('on track'),
    atRisk: of('at risk'),
    offTrack: of('off track'),
    notYet: of('without an approved check-in'),
  };
}

/** `two moved up and one moved down`. */
export function movesIn(words: string): { up: number; down: number } {
  const of = (way: string) => numberOf(new RegExp(`(\\w+) moved ${way}`).exec(words)?.[1] ?? 'none');
  return { up: of('up'), down: of('down') };
}

/** The words behind `Name:` among lines and bullets of a card. */
export function itemOf(texts: readonly string[], name: string): string | undefined {
  const items = texts
    .flatMap((text) => text.split(/\n|\r/))
    .map((item) => item.replace(/^[-*•] /, '').trim());
  return items.find((item) => item.startsWith(`${name}: `))?.slice(name.length + 2);
}

/** Tables of a document, each as its rows of cells, header first. */
export function tablesOf(docx: Uint8Array): string[][][] {
  const xml = partOf(docx, 'word/document.xml');
  return [...xml.matchAll(/<w:tbl>.*?<\/w:tbl>/gs)].map(([table]) =>
    [...table.matchAll(/<w:tr[ >].*?<\/w:tr>/gs)].map(([row]) =>
      [...row.matchAll(/<w:tc>.*?<\/w:tc>/gs)].map(([cell]) => plain(cell)),
    ),
  );
}

/** Sheets of a spreadsheet by their names, each as its rows of cells, header first. */
export function sheetsOf(xlsx: Uint8Array): ReadonlyMap<string, string[][]> {
  const parts = unzipSync(xlsx);
  const shared = [...partOf(xlsx, 'xl/sharedStrings.xml').matchAll(/<si>.*?<\/si>/gs)].map(([one]) =>
    plain(one),
  );
  const names = [...partOf(xlsx, 'xl/workbook.xml').matchAll(/<sheet [^>]*name="([^"]*)"/g)];
  return new Map(
    names.map(([, name = ''], index) => {
      const xml = strFromU8(parts[`xl/worksheets/sheet${index + 1}.xml`] ?? new Uint8Array());
      const rows = [...xml.matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map(([, row = '']) => {
        const cells: string[] = [];
        for (const [, column = 'A', type = '', body = ''] of row.matchAll(
          /<c r="([A-Z]+)\d+"([^>]*?)(?:\/>|>(.*?)<\/c>)/gs,
        ))
          cells[column.charCodeAt(0) - 65] = type.includes('t="s"')
            ? (shared[Number(plain(body))] ?? '')
            : plain(body);
        return Array.from(cells, (cell) => cell ?? '');
      });
      return [plain(name), rows];
    }),
  );
}

function partOf(file: Uint8Array, name: string): string {
  return strFromU8(unzipSync(file)[name] ?? new Uint8Array());
}

function plain(xml: string): string {
  return xml
    .replace(/<[^>]+>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** The first table of a document whose header begins with a word. */
export function tableOf({ tables }: { readonly tables: readonly string[][][] }, header: string): string[][] {
  return tables.find(([first]) => first?.[0] === header) ?? [];
}

/** The first row that begins with these cells; empty for none. */
export function rowOf(rows: readonly string[][] | undefined, ...starts: readonly string[]): string[] {
  return rows?.find((row) => starts.every((start, index) => row[index] === start)) ?? [];
}

export function totalOf({ onTrack, atRisk, offTrack, notYet }: Counts): number {
  return onTrack + atRisk + offTrack + notYet;
}

/** A report's cells: `94 in every 100`, `5 and 2`; what is kept back or unknown is no figure. */
export function cellsFigure(attended: string | undefined, days: string | undefined): Figure {
  const [share, pair] = [shareIn(attended ?? ''), cellsPair(days)];
  return { ...(share ? { attended: share } : {}), ...(pair ? { days: pair } : {}) };
}
