/** Markdown through marked's lexer: its tokens become blocks, inline marks become plain words. Refuses nothing. */
import { marked, type Token, type Tokens } from 'marked';
import { type Block, readByline, rowText } from './block.ts';

export function readMarkdown(text: string): Block[] {
  const body = text.replace(/^---\n[\s\S]*?\n---\n/, '');
  return marked.lexer(body).flatMap((token) => blocksOf(token));
}

function blocksOf(token: Token): Block[] {
  switch (token.type) {
    case 'heading':
      return [{ kind: 'heading', level: (token as Tokens.Heading).depth, text: words(token) }];
    case 'list':
      return (token as Tokens.List).items.flatMap((item, index) =>
        itemBlocks(token as Tokens.List, item, index),
      );
    case 'table':
      return (token as Tokens.Table).rows.map((row) => ({
        kind: 'row',
        text: rowText(
          (token as Tokens.Table).header.map((cell) => inline(cell.tokens)),
          row.map((cell) => inline(cell.tokens)),
        ),
      }));
    case 'blockquote':
      return ((token as Tokens.Blockquote).tokens ?? []).flatMap((inner) => blocksOf(inner));
    case 'paragraph':
    case 'text':
    case 'code': {
      const said = words(token);
      return said ? [{ kind: readByline(said) ? 'byline' : 'paragraph', text: said }] : [];
    }
    case 'hr':
      return [{ kind: 'break', text: '' }];
    default:
      return [];
  }
}

function itemBlocks(list: Tokens.List, item: Tokens.ListItem, index: number): Block[] {
  const nested = item.tokens.filter((inner) => inner.type === 'list');
  const own = item.tokens.filter((inner) => inner.type !== 'list');
  const marker = list.ordered ? `${Number(list.start || 1) + index}.` : '•';
  const text = own
    .map((inner) => words(inner))
    .join(' ')
    .trim();
  return [
    ...(text ? [{ kind: 'item' as const, marker, text }] : []),
    ...nested
      .flatMap((inner) => blocksOf(inner))
      .map((block) => (text && block.kind === 'item' ? { within: text, ...block } : block)),
  ];
}

function words(token: Token): string {
  return tidy(spoken(token));
}

function inline(tokens: readonly Token[]): string {
  return tidy(tokens.map(spoken).join(''));
}

/** The words of a token without links, emphasis or HTML tags, spaces as they stand. */
function spoken(token: Token): string {
  if (token.type === 'br') return ' ';
  if (token.type === 'html' || token.type === 'image') return '';
  const inner = (token as { tokens?: Token[] }).tokens;
  if (inner) return inner.map(spoken).join('');
  return 'text' in token ? String(token.text) : '';
}

function tidy(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();
}
