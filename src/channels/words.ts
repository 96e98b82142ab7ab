/**
 * The plain words of a reply, from the markup that Teams' clients send: without quotations of others, mentions and
 * attachments, with the addresses of links. Pure. What the words mean is the listener's.
 */
import { storable } from '../kernel/text.ts';

/** Longer than anybody says how a milestone is going; the rest is left. */
const LONGEST = 2_000;

const NAMED: Readonly<Record<string, string>> = {
  nbsp: ' ',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

export function plainWords(content: string, html: boolean): string {
  const text = html ? withoutMarkup(content.slice(0, LONGEST * 20)) : content;
  const lines = storable(text)
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter(Boolean);
  return lines.join('\n').slice(0, LONGEST);
}

/** Each step takes tags away and none can make one: text is decoded last, and once. */
function withoutMarkup(content: string): string {
  return content
    .replace(/\s+/g, ' ')
    .replace(/<(blockquote|attachment|at|style|script)\b[^>]*>.*?<\/\1\s*>/gi, ' ')
    .replace(/<a\b[^>]*?\bhref="(https:\/\/[^"<>\s]{1,600})"[^>]*>.*?<\/a\s*>/gi, ' $1 ')
    .replace(/<(?:br|\/p|\/div|\/li|\/h\d)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) =>
      decoded(whole, decimal, hex, name),
    );
}

function decoded(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
  const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
}
