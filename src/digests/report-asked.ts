/** What somebody asks of a term report in words: to look at one, or to have its two files made. Pure. */
import { fold } from '../kernel/text.ts';

/** `newest`: the newest term that has begun; `last`: the one before that. `year`: `2026/27`; without it the newest such term. */
export type WantedTerm = {
  readonly term: number | 'newest' | 'last';
  readonly year?: string | undefined;
};
export type ReportRequest = { readonly kind: 'preview' | 'files'; readonly wanted: WantedTerm };

const REPORT = "(?:the |a |my |our )?(?:term |governors'? |governor )?report(?: for governors)?";
const OF_TERM = String.raw`term ([1-6])(?:,? (?:of |in )?(\d{4}\/\d{2}))?`;
const FILES = new RegExp(`^make the term report for ${OF_TERM}$`);
const PREVIEW = [
  new RegExp(`^${REPORT} (?:of|for|on) (?:the |this )?(last )?term$`),
  /^(?:(?:the |a |my |our )?(?:term|governors'?) report(?: for governors)?|(?:the |a |my |our )?report for governors)$/,
];
const PREVIEW_TERM = [
  new RegExp(`^${REPORT} (?:of|for|on) ${OF_TERM}$`),
  /^(?:the )?term ([1-6]) report(?: (?:of |for )?(\d{4}\/\d{2}))?$/,
];

/** Undefined for any other words. */
export function reportAsked(text: string): ReportRequest | undefined {
  const words = fold(text).replace(/[?.!\s]+$/, '');
  const files = FILES.exec(words);
  if (files) return { kind: 'files', wanted: { term: Number(files[1]), year: files[2] } };
  for (const pattern of PREVIEW_TERM) {
    const found = pattern.exec(words);
    if (found) return { kind: 'preview', wanted: { term: Number(found[1]), year: found[2] } };
  }
  for (const pattern of PREVIEW) {
    const found = pattern.exec(words);
    if (found) return { kind: 'preview', wanted: { term: found[1] ? 'last' : 'newest' } };
  }
  return undefined;
}
