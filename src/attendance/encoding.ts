/**
 * Turns a file's bytes into text as they come. The encoding is known by its mark or by what the bytes can only be; what
 * could be two things, or is not a text file at all, is refused in words. Pure: bytes in, text or a problem out.
 */
import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';

export type Decoded = { readonly text: string } | { readonly problem: string };

export interface ByteReader {
  take(chunk: Uint8Array): Decoded;
  end(): Decoded;
  /** What was found out, for the receipt; undefined when it goes without saying. */
  note(): string | undefined;
}

type Decode = (chunk: Uint8Array | undefined) => Decoded;

const SAVE = 'save it as “CSV UTF-8 (comma delimited)”';
const NOT_TEXT = `the file holds characters that no CSV has; ${SAVE}`;
const UNKNOWN = `the file is neither UTF-8 nor surely Windows-1252; ${SAVE}`;
const MIXED = `the file mixes two encodings; ${SAVE}`;

/** What a file that is no CSV begins with. */
const OTHERS: readonly (readonly [start: string, problem: string])[] = [
  ['PK\x03\x04', `the file is an Excel workbook or a zip, not a CSV; open it and ${SAVE}`],
  ['\xd0\xcf\x11\xe0', `the file is an old Excel workbook, not a CSV; open it and ${SAVE}`],
  ['%PDF', 'the file is a PDF, not a CSV; export the marks as a CSV'],
  ['<', 'the file is a web page or XML, not a CSV; export the marks as a CSV'],
];
/** Enough to know a file by: a byte order mark is four bytes at most. */
const HEAD = 32;

export function createByteReader(): ByteReader {
  let head: Uint8Array = new Uint8Array();
  let decode: Decode | undefined;
  let note: string | undefined;

  function begin(): Decode | string {
    const start = latin1(head.subarray(0, 8));
    const other = OTHERS.find(([text]) => start.startsWith(text));
    if (other) return other[1];
    const wide = utf16Of(head);
    if (wide) {
      note = `The file is in ${wide.toUpperCase()}.`;
      return strict(wide, NOT_TEXT);
    }
    if (start.startsWith('\xef\xbb\xbf')) return strict('utf-8', MIXED);
    return byContent((said) => {
      note = said;
    });
  }

  function feed(chunk: Uint8Array | undefined): Decoded {
    if (!decode) {
      if (chunk) head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      if (chunk && head.length < HEAD) return { text: '' };
      const begun = begin();
      if (typeof begun === 'string') return { problem: begun };
      decode = begun;
      const first = checked(decode(head));
      if (chunk || 'problem' in first) return first;
      const rest = checked(decode(undefined));
      return 'problem' in rest ? rest : { text: first.text + rest.text };
    }
    return checked(decode(chunk));
  }

  return { take: feed, end: () => feed(undefined), note: () => note };
}

function checked(decoded: Decoded): Decoded {
  return 'text' in decoded && decoded.text.includes('\0') ? { problem: NOT_TEXT } : decoded;
}

/** By the byte order mark, or because every second byte of plain text is zero. */
function utf16Of(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const pairs = Math.floor(Math.min(head.length, HEAD) / 2);
  if (pairs < 2) return undefined;
  const zero = (offset: number) =>
    Array.from({ length: pairs }, (_, pair) => head[pair * 2 + offset]).every((byte) => byte === 0);
  const even = zero(0);
  const odd = zero(1);
  if (even === odd) return undefined;
  return odd ? 'utf-16le' : 'utf-16be';
}

function strict(encoding: string, problem: string): Decode {
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (chunk) => {
    try {
      return { text: decoder.decode(chunk, { stream: chunk !== undefined }) };
    } catch (error) {
      if (error instanceof TypeError) return { problem };
      throw error;
    }
  };
}

/** Plain ASCII until the first byte above it, which says by itself whether the file is UTF-8. */
function byContent(say: (note: string) => void): Decode {
  let inner: Decode | undefined;
  let rest: Uint8Array = new Uint8Array();
  return (chunk) => {
    if (inner) return inner(chunk);
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk ?? new Uint8Array()]) : chunk;
    if (!bytes || isAscii(bytes)) {
      rest = new Uint8Array();
      return { text: bytes ? latin1(bytes) : '' };
    }
    const at = bytes.findIndex((byte) => byte > 0x7f);
    if (chunk && bytes.length - at < 4) {
      rest = bytes;
      return { text: '' };
    }
    if (isSequence(bytes, at)) inner = strict('utf-8', MIXED);
    else {
      say('The file is in Windows-1252, not UTF-8.');
      inner = windows1252;
    }
    rest = new Uint8Array();
    const first = inner(bytes);
    if (chunk || 'problem' in first) return first;
    const last = inner(undefined);
    return 'problem' in last ? last : { text: first.text + last.text };
  };
}

function isSequence(bytes: Uint8Array, at: number): boolean {
  const lead = bytes[at] ?? 0;
  const more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
  if (lead < 0xc2 || lead > 0xf4) return false;
  return Array.from({ length: more }, (_, index) => bytes[at + 1 + index] ?? 0).every(
    (byte) => byte >= 0x80 && byte <= 0xbf,
  );
}

/**
 * Bytes that Windows-1252 leaves empty or that stand in no name; capitals after a small letter, and a dash inside a word:
 * that is how a Mac's or a DOS file looks when it is taken for Windows-1252.
 */
const IMPLAUSIBLE =
  /[\x80-\x89\x8b\x8d\x8f\x90\x98\x99\x9b\x9d\xa1\xa2\xa4-\xa9\xab-\xaf\xb1-\xb6\xb8\xb9\xbb-\xbf\xd7\xf7]|[a-z][\x8a\x8c\x8e\x9f\xc0-\xde]|[A-Za-z][\x93-\x97][A-Za-z]/;
const SEQUENCE = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}/;
const DECODER_1252 = new TextDecoder('windows-1252');

function windows1252(chunk: Uint8Array | undefined): Decoded {
  if (!chunk) return { text: '' };
  const raw = latin1(chunk);
  if (SEQUENCE.test(raw)) return { problem: MIXED };
  if (IMPLAUSIBLE.test(raw)) return { problem: UNKNOWN };
  return { text: DECODER_1252.decode(chunk) };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
