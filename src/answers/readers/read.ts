/** Chooses the reader for a file, and refuses what none can read by one sentence that names the file and its problem. */
import { isRefusal, type Refusal, refuse } from '../../kernel/errors.ts';
import type { Block } from './block.ts';
import { readDocx } from './docx.ts';
import { readHtml } from './html.ts';
import { readMarkdown } from './markdown.ts';
import { readPdf } from './pdf.ts';
import { readPlain } from './plain.ts';

const MAX_BYTES = 30_000_000;

const READERS: Readonly<Record<string, (bytes: Buffer) => Block[] | Refusal | Promise<Block[] | Refusal>>> = {
  md: (bytes) => textOf(bytes, readMarkdown),
  markdown: (bytes) => textOf(bytes, readMarkdown),
  txt: (bytes) => textOf(bytes, readPlain),
  html: (bytes) => textOf(bytes, readHtml),
  htm: (bytes) => textOf(bytes, readHtml),
  docx: readDocx,
  pdf: readPdf,
};

export function isReadable(file: string): boolean {
  return extensionOf(file) in READERS;
}

function extensionOf(file: string): string {
  return /\.([a-z0-9]+)$/i.exec(file)?.[1]?.toLowerCase() ?? '';
}

/** Blocks of a file, at least one with words; or why not: `unknown-format`, `too-large`, `empty`, `corrupt`, `encrypted`. */
export async function readDocument(file: string, bytes: Buffer): Promise<readonly Block[] | Refusal> {
  const reader = READERS[extensionOf(file)];
  const no = (reason: string, problem: string) => refuse(reason, `${file} was left out: ${problem}.`);
  if (!reader) return no('unknown-format', 'only Markdown, text, HTML, Word (.docx) and PDF are read');
  if (bytes.length > MAX_BYTES) return no('too-large', 'it is larger than 30 MB');
  if (bytes.length === 0) return no('empty', 'it is empty');
  const blocks = await reader(bytes);
  if (isRefusal(blocks)) return no(blocks.reason, blocks.message);
  return blocks.some((block) => /\p{L}/u.test(block.text)) ? blocks : no('empty', 'it holds no text');
}

function textOf(bytes: Buffer, read: (text: string) => Block[]): Block[] | Refusal {
  if (bytes.subarray(0, 2).toString('hex') === 'fffe') return read(bytes.toString('utf16le').slice(1));
  if (bytes.includes(0)) return refuse('corrupt', 'it is not text');
  const text = new TextDecoder('utf-8').decode(bytes);
  const broken = text.split('\ufffd').length - 1;
  if (broken > text.length / 50) return refuse('corrupt', 'it is not text');
  return read(broken > 0 ? new TextDecoder('windows-1252').decode(bytes) : text);
}
