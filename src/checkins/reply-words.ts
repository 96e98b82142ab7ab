/**
 * Reads a check-in from what somebody wrote in a thread: "amber, 60%, waiting on the LA". Pure. It takes only what is said
 * outright and leaves the rest as words; what it reads is a draft that its author looks at before anything is sent. A reply
 * that says nothing of how it is going is none.
 */
import { fold } from '../kernel/text.ts';
import { BLOCKER_LIMIT, EVIDENCE_LIMIT, NOTE_LIMIT, type Typed, typedAgain } from './form.ts';
import type { Answer, Confidence, Status } from './lifecycle.ts';

export type ReplyFacts = {
  readonly unit: string;
  readonly target: number;
  /** The last approved answer. */
  readonly last?: Answer | undefined;
};

/** Words that may stand before a status and change nothing of it. */
const LEAD =
  "(?:(?:we|we're|we are|it|it's|it is|this|this is|that's|is|are|am|i'm|i'd say|i would say|think|i think|still|now|currently|status|rag|update|a|an|at|on|back|to|gone|going|turned|moved|moving|from|probably|just|so|ok|hi|hello|morning|all|definitely|very much|remains?|staying|stays|but|though|and)[\\s:]+)*";
const STATUSES: readonly (readonly [Status, string])[] = [
  [
    'on-track',
    'green|on[ -]track|on course|on schedule|going well|done|complete|completed|finished|achieved',
  ],
  [
    'at-risk',
    'amber|yellow|orange|at[ -]risk|behind|a bit behind|slightly behind|running late|slipping|slower than planned',
  ],
  ['off-track', 'red|off[ -]track|way behind|far behind|well behind|stalled|stopped|not happening'],
];
const HEDGE =
  '(?:about|around|roughly|nearly|almost|just (?:over|under)|over|under|now|at|up to|still|so far|currently|is|are|c\\.|~)';
/** A minus is a sign only where no figure stands before it: "50-60" is a range. */
const FIGURE =
  '((?:(?<![^\\s(:]|\\d\\s*%?\\s*)-)?(?<![\\d.,])(?:\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?))';
const PER_CENT = '(?:%|per ?cent\\b)';
const FIGURE_NEXT = `(?:${HEDGE}\\s+)*\\d[\\d,.]*\\s?(?:${PER_CENT}|(?:/|of|out of)\\s?\\d|$)`;
const AFTER =
  '(?=$|[\\s:(]+(?:because|as|since|but|with|and|for|due|this|so|though|at|again|until|now|still|today|overall|please|thanks|thank|i\\b|we\\b|\\(|' +
  `${FIGURE_NEXT})|:)`;
const STATUS = STATUSES.map(
  ([status, words]) => [status, new RegExp(`^${LEAD}(?:${words})${AFTER}`, 'i')] as const,
);

const CONFIDENCES: readonly (readonly [Confidence, RegExp])[] = [
  [
    'low',
    /\b(?:not (?:very |that |so |too |yet )?(?:confident|sure)|unsure|doubtful|low confidence|confidence(?: is)? low)\b/i,
  ],
  [
    'medium',
    /\b(?:fairly|quite|reasonably|mostly|pretty) (?:confident|sure)\b|\b(?:medium confidence|confidence(?: is)? medium)\b/i,
  ],
  [
    'high',
    /\b(?:100\s?(?:%|per ?cent) (?:sure|confident|certain)|(?:very |really |completely )?confident|high confidence|confidence(?: is)? high|sure we(?:'ll| will))\b/i,
  ],
];

const BLOCKED =
  /^(?:(?:we're|we are|i'm|i am|still|just|now|but|currently|as|because|though|it's|all) )*((?:waiting|awaiting|blocked|held up|held back|stuck|delayed|depends|dependent|hoping to hear)\b.*|(?:need|needs|needing|short of|no answer from|nothing (?:back )?from|no reply from|can't (?:start|go on|finish|move)|cannot (?:start|go on|finish|move))\b.*)$/i;

/** How sure somebody is, in figures; what less than all of it means is theirs to say. */
const SURENESS = new RegExp(`${FIGURE}\\s?${PER_CENT} (?:sure|confident|certain)\\b`, 'gi');
/** Of another time, or of what is wanted. */
const NOT_NOW =
  /\b(?:targets?|aim(?:s|ing)?|goals?|was|were|last (?:time|week|half-term|term|month|year|round)|by (?:january|february|march|april|may|june|july|august|september|october|november|december|easter|christmas|summer|then|next|the end)|hop(?:e|es|ing)|expect(?:s|ed|ing)?|should be|will be)\b/i;
const BETWEEN = `(?:[-\\u2013\\u2014]|\\bto\\b|\\band\\b|\\bor\\b|/|\\bout of\\b|\\bof\\b)`;
const RANGE_BEFORE = new RegExp(`${FIGURE}\\s?${PER_CENT}?\\s?${BETWEEN}\\s?$`, 'i');
/** What a range puts before its second figure is no longer than this. Characters. */
const NEAR = 40;
const RANGE_AFTER = new RegExp(
  `^(?:\\s?${PER_CENT}|\\s+\\p{L}+)?\\s?(?:[-\\u2013\\u2014]|\\bto\\b|\\bor\\b)\\s?${FIGURE}`,
  'iu',
);

const UNCHANGED =
  /^(?:still )?(?:no (?:real |great )?change|nothing (?:new|has changed|to add|different)|unchanged|as before|as last time|same as (?:before|last time))$/i;

const LINK = /https:\/\/[^\s<>"]+/i;
export function readReply(text: string, facts: ReplyFacts): Typed | undefined {
  const link = LINK.exec(text)?.[0].replace(/[).,;]+$/, '') ?? '';
  const clauses = clausesOf(link ? text.replace(link, ' ') : text);
  const said = { statuses: new Set<Status>(), notes: [] as string[], blockers: [] as string[] };
  const figures = new Set(clauses.flatMap((clause) => figuresIn(plainly(clause), facts)));
  const [only, another] = figures;
  const value = another === undefined ? only : OPEN;
  let confidence: Confidence | undefined;
  let unchanged = false;
  const isTaken = (plain: string) => value !== OPEN && figuresIn(plain, facts).length > 0;
  for (const clause of clauses) {
    const plain = plainly(clause);
    if (UNCHANGED.test(plain)) {
      unchanged = true;
      continue;
    }
    const status = statusOf(plain);
    if (status) said.statuses.add(status.status);
    const inFigures = plain.replace(SURENESS, (said, figure: string) => (figure === '100' ? said : ' '));
    const sure: Confidence | undefined =
      confidence ?? CONFIDENCES.find(([, words]) => words.test(inFigures))?.[0];
    const onlySure = sure !== undefined && confidence === undefined && isOnly(plain, sure);
    confidence = sure;
    const rest = status
      ? clause
          .slice(status.length)
          .replace(/^[\s:(-]+(?:because|as|since|but|with|and|due to)?\s*/i, '')
          .trim()
      : clause;
    if (onlySure || rest === '' || (isTaken(plain) && isOnlyFigure(fold(rest), facts))) continue;
    const blocked = BLOCKED.exec(rest.replace(/\u2019/g, "'"));
    if (blocked?.[1]) said.blockers.push(blocked[1].trim());
    else said.notes.push(rest);
  }
  const tells = said.statuses.size > 0 || value !== undefined || said.blockers.length > 0 || unchanged;
  if (!tells) return undefined;
  const before = facts.last ? typedAgain(facts.last) : undefined;
  const base = unchanged && before ? before : undefined;
  const [status, other] = [...said.statuses];
  return {
    // Said both ways, it is for the author to choose.
    status: other === undefined ? (status ?? base?.status ?? '') : '',
    confidence: confidence ?? before?.confidence ?? '',
    value: value ?? base?.value ?? '',
    note: (said.notes.join('. ') || (base?.note ?? '')).slice(0, NOTE_LIMIT),
    blocker: (said.blockers.join(', ') || (base?.blocker ?? '')).slice(0, BLOCKER_LIMIT),
    unblocker: base?.unblocker ?? '',
    unblockerId: base?.unblockerId ?? '',
    evidence: (link || (base?.evidence ?? '')).slice(0, EVIDENCE_LIMIT),
  };
}

/** Cut where people pause: at commas that are no thousands, semicolons, full stops, dashes and lines. */
function clausesOf(text: string): string[] {
  return text
    .split(/\n|;|,(?!\d{3}\b)|[.!?](?=\s|$)|\s[-\u2013\u2014]\s/)
    .map((clause) => clause.replace(/\s+/g, ' ').trim())
    .filter(Boolean)
    .slice(0, 40);
}

function statusOf(plain: string): { readonly status: Status; readonly length: number } | undefined {
  if (
    /\b(?:not|isn't|aren't|no longer|never|was|were|if|from)\b/.test(
      plain.split(/\b(?:because|as|since|but)\b/)[0] ?? '',
    ) &&
    !/^not happening/.test(plain)
  )
    return undefined;
  const found = STATUS.flatMap(([status, pattern]) => {
    const match = pattern.exec(plain);
    return match ? [{ status, length: match[0].length }] : [];
  });
  return found.sort((one, other) => other.length - one.length)[0];
}

/** Figures that do not agree, or are of another time: the author says which one it is. */
const OPEN = '';

function plainly(clause: string): string {
  return fold(clause).replace(/[!?.]+$/, '');
}

/** The figures of a clause in the milestone's own unit, and those that a range joins to them; a share of something else is left as words. */
function figuresIn(said: string, facts: ReplyFacts): string[] {
  const plain = said.replace(SURENESS, ' ');
  const found = inUnit(plain, facts);
  if (found.length > 0 && NOT_NOW.test(plain)) return [OPEN, ...found.map(([figure]) => clean(figure))];
  return found.flatMap(([figure, start]) => {
    const before = RANGE_BEFORE.exec(plain.slice(Math.max(0, start - NEAR), start))?.[1];
    const after = RANGE_AFTER.exec(plain.slice(start + figure.length))?.[1];
    return [figure, before ?? [], after ?? []].flat().map(clean);
  });
}

type Found = readonly [figure: string, start: number];

function inUnit(plain: string, { unit, target }: ReplyFacts): readonly Found[] {
  const all = (pattern: string) => [...plain.matchAll(new RegExp(pattern, 'gi'))];
  const foundIn = (matches: readonly RegExpMatchArray[]): Found[] =>
    matches.map(({ 1: figure = '', index = 0 }) => [figure, index]);
  const percents = foundIn(all(`${FIGURE}\\s?${PER_CENT}`));
  if (isPercent(unit)) return percents.length > 0 ? percents : onlyNumber(plain);
  const shares = all(`${FIGURE}\\s?(?:/|of|out of)\\s?${FIGURE}`);
  const ofTarget = foundIn(shares.filter(({ 2: whole = '' }) => Number(clean(whole)) === target));
  if (ofTarget.length > 0) return ofTarget;
  if (percents.length > 0) return [];
  const noun = fold(unit).split(' ')[0]?.replace(/s$/, '') ?? '';
  const counted = noun ? foundIn(all(`${FIGURE}\\s+(?:more\\s+)?${escaped(noun)}`)) : [];
  return counted.length > 0 ? counted : onlyNumber(plain);
}

function onlyNumber(plain: string): Found[] {
  const found = new RegExp(`^(?:${HEDGE}\\s+)*${FIGURE}(?: (?:now|today|so far))*$`, 'di').exec(plain);
  const start = found?.indices?.[1]?.[0];
  return found?.[1] === undefined || start === undefined ? [] : [[found[1], start]];
}

/** Nothing but the figure and what belongs to it. */
function isOnlyFigure(plain: string, { unit }: ReplyFacts): boolean {
  const rest = plain
    .replace(new RegExp(`${FIGURE}\\s?(?:(?:/|of|out of)\\s?${FIGURE})?\\s?(?:%|per ?cent\\b)?`, 'i'), ' ')
    .replace(new RegExp(`\\b${HEDGE}`, 'gi'), ' ');
  const nouns = new Set(fold(unit).split(' '));
  return rest.split(/\s+/).every((word) => word === '' || nouns.has(word) || nouns.has(`${word}s`));
}

function isOnly(plain: string, sure: Confidence): boolean {
  const pattern = CONFIDENCES.find(([name]) => name === sure)?.[1];
  const rest = pattern ? plain.replace(pattern, ' ') : plain;
  return (
    rest
      .split(/\s+/)
      .filter(
        (word) =>
          word !== '' && !/^(?:i'm|i|am|we|we're|are|it|of|that|about|this|still|but|and|yet)$/.test(word),
      ).length === 0
  );
}

function isPercent(unit: string): boolean {
  return /^(?:%|per ?cent\b)/i.test(unit);
}

function clean(figure: string): string {
  return figure.replaceAll(',', '');
}

function escaped(word: string): string {
  return word.replace(/[^\p{L}\p{N}]/gu, '\\$&');
}
