/**
 * What blocks may hold, whatever format they came from: visible characters, words of a length that somebody could read,
 * paragraphs that fit a screen, no more text than the longest handbook. What is longer is cut at sentences, not refused.
 */
import { type Refusal, refuse } from '../../kernel/errors.ts';
import { visible } from '../../kernel/neutral.ts';
import type { Block } from './block.ts';

/** Characters. The longest statutory guidance has about half a million. */
const MOST_TEXT = 5_000_000;
const MOST_BLOCKS = 20_000;
const LONGEST_BLOCK = 4_000;
const LONGEST_HEADING = 300;
const LONGEST_WORD = 200;
const UNREADABLE = new RegExp(`\\S{${LONGEST_WORD},}`, 'gu');

/** Refuses `too-large` and `empty`. */
export function boundBlocks(blocks: readonly Block[]): readonly Block[] | Refusal {
  const bounded: Block[] = [];
  let total = 0;
  for (const block of blocks) {
    const text = visible(block.text).replace(UNREADABLE, '…').trim();
    total += text.length;
    if (total > MOST_TEXT) return refuse('too-large', 'it holds more than five million characters of text');
    if (bounded.length > MOST_BLOCKS)
      return refuse('too-large', `it holds more than ${MOST_BLOCKS} paragraphs`);
    if (!text && block.kind !== 'break') continue;
    const kind = block.kind === 'heading' && text.length > LONGEST_HEADING ? 'paragraph' : block.kind;
    const pieces = text.length > LONGEST_BLOCK ? cut(text) : [text];
    bounded.push(...pieces.map((piece) => ({ ...block, kind, text: piece })));
  }
  return bounded.some((block) => /\p{L}/u.test(block.text)) ? bounded : refuse('empty', 'it holds no text');
}

/** Pieces of at most `LONGEST_BLOCK` characters, ended at a sentence where there is one, else between words. */
function cut(text: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  while (text.length - from > LONGEST_BLOCK) {
    const piece = text.slice(from, from + LONGEST_BLOCK);
    const sentence = Math.max(piece.lastIndexOf('. '), piece.lastIndexOf('? '), piece.lastIndexOf('! ')) + 1;
    const end = sentence > LONGEST_BLOCK / 2 ? sentence : piece.lastIndexOf(' ');
    pieces.push(piece.slice(0, end).trim());
    from += end;
  }
  return [...pieces, text.slice(from).trim()].filter(Boolean);
}
