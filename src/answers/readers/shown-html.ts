/**
 * What of an HTML page is for readers: comments, scripts, styles and elements that are hidden by an attribute or by their
 * own style are left out. In one pass over the tags, so that no page can make it slow. What a style sheet hides is not seen.
 */

const TAG = /<(\/?)([a-z][a-z0-9]*)\b([^<>]*)>/gi;
const NEVER = /^(?:script|style|template|noscript|svg|head|iframe|object|select|textarea)$/i;
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i;
const HIDING =
  /(?:^|\s)hidden(?:[\s=/]|$)|\baria-hidden\s*=\s*["']?true|\bstyle\s*=[^>]*(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:[;"']|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:[;"']|$))/i;

export function shownHtml(html: string): string {
  const source = withoutComments(html);
  const shown: string[] = [];
  let from = 0;
  let skipped: { readonly name: string; depth: number } | undefined;
  for (const tag of source.matchAll(TAG)) {
    const [whole, slash, named = '', attributes = ''] = tag;
    const name = named.toLowerCase();
    if (skipped) {
      if (name !== skipped.name) continue;
      skipped.depth += slash ? -1 : 1;
      if (skipped.depth > 0) continue;
      skipped = undefined;
      from = tag.index + whole.length;
    } else if (!slash && !VOID.test(name) && (NEVER.test(name) || HIDING.test(attributes))) {
      shown.push(source.slice(from, tag.index), ' ');
      skipped = { name, depth: 1 };
    }
  }
  if (!skipped) shown.push(source.slice(from));
  return shown.join('');
}

function withoutComments(html: string): string {
  const parts: string[] = [];
  let from = 0;
  for (;;) {
    const open = html.indexOf('<!--', from);
    if (open < 0) break;
    parts.push(html.slice(from, open), ' ');
    const close = html.indexOf('-->', open + 4);
    if (close < 0) return parts.join('');
    from = close + 3;
  }
  return [...parts, html.slice(from)].join('');
}
