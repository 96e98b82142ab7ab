/** Chooses the reader for a file, and refuses what none can read by one sentence that names the file and its problem. */
import { isRefusal, type Refusal, refuse } from '../../kernel/errors.ts';
import type { Block } from './block.ts';
import { boundBlocks } from './bounds.ts';
import { type Format, formatOf, MAX_BYTES } from './formats.ts';

/** Loaded when the first file of a format comes: the libraries for Word and PDF are large, and many trusts write neither. */
const READERS: Readonly<Record<Format, (bytes: Buffer) => Promise<Block[] | Refusal>>> = {
  md: async (bytes) => textOf(bytes, (await import('./markdown.ts')).readMarkdown),
  markdown: (bytes) => READERS.md(bytes),
  txt: async (bytes) => textOf(bytes, (await import('./plain.ts')).readPlain),
  html: async (bytes) => textOf(bytes, (await import('./html.ts')).readHtml),
  htm: (bytes) => READERS.html(bytes),
  docx: async (bytes) => (await import('./docx.ts')).readDocx(bytes),
  pdf: async (bytes) => (await import('./pdf.ts')).readPdf(bytes),
};

/** How some files begin, whatever they are called. */
const BEGINNINGS: readonly (readonly [string, readonly string[], string])[] = [
  ['%PDF-', ['pdf'], 'a PDF'],
  ['PK\u0003\u0004', ['docx'], 'a Word or another packed file'],
  ['{\\rtf', [], 'rich text (.rtf)'],
  ['\u0089PNG', [], 'a picture'],
  ['\u00ff\u00d8\u00ff', [], 'a picture'],
  ['\u001f\u008b', [], 'a packed file'],
];

/**
 * Blocks of a file, at least one with words; or why not: `unknown-format`, `wrong-format`, `too-large`, `empty`, `corrupt`,
 * `encrypted`. It runs for as long as the file makes it: callers go through `openReader`, which has limits.
 */
export async function readDocument(file: string, bytes: Buffer): Promise<readonly Block[] | Refusal> {
  const format = formatOf(file);
  const no = (reason: string, problem: string) => refuse(reason, `${file} was left out: ${problem}.`);
  if (!format) return no('unknown-format', 'only Markdown, text, HTML, Word (.docx) and PDF are read');
  if (bytes.length > MAX_BYTES) return no('too-large', 'it is larger than 30 MB');
  if (bytes.length === 0) return no('empty', 'it is empty');
  const start = bytes.toString('latin1', 0, 8);
  const other = BEGINNINGS.find(([begins, own]) => start.startsWith(begins) && !own.includes(format));
  if (other) return no('wrong-format', `it is ${other[2]} under another name`);
  const blocks = await READERS[format](bytes);
  const bounded = isRefusal(blocks) ? blocks : boundBlocks(blocks);
  return isRefusal(bounded) ? no(bounded.reason, bounded.message) : bounded;
}

function textOf(bytes: Buffer, read: (text: string) => Block[]): Block[] | Refusal {
  const mark = bytes.toString('hex', 0, 2);
  if (mark === 'fffe') return readWide(bytes.subarray(2), 'utf-16le', read);
  if (mark === 'feff') return readWide(bytes.subarray(2), 'utf-16be', read);
  if (bytes.includes(0)) return refuse('corrupt', 'it is not text, or not saved as UTF-8');
  const text = new TextDecoder('utf-8').decode(bytes);
  const broken = text.split('\ufffd').length - 1;
  if (broken > text.length / 50) return refuse('corrupt', 'it is not text');
  return read(broken > 0 ? new TextDecoder('windows-1252').decode(bytes) : text);
}

/** UTF-16, as Notepad saves it; what only begins like it is full of characters that no text has. */
function readWide(bytes: Buffer, encoding: string, read: (text: string) => Block[]): Block[] | Refusal {
  const text = new TextDecoder(encoding).decode(bytes);
  const odd = text.match(/[\ufffd\p{Cn}\p{Co}\p{Cs}\0]/gu)?.length ?? 0;
  return odd > text.length / 50 ? refuse('corrupt', 'it is not text') : read(text);
}
