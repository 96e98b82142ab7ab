/**
 * Reads what kind of answer a question asks for, and what it is about. Kinds are told from the question's frame alone, so
 * that they hold for any documents.
 */
import { type Concept, conceptsOf, mendedTerms, writeOut } from './concepts.ts';
import type { Index } from './retrieval.ts';
import { numberOf } from './shapes.ts';
import { readSource } from './sources.ts';
import { stemOf } from './words.ts';

export type QuestionKind =
  | 'acronym'
  | 'author'
  | 'quoted'
  | 'entries'
  | 'each'
  | 'how-many'
  | 'money'
  | 'figure'
  | 'contact'
  | 'writer'
  | 'tell'
  | 'when'
  | 'length'
  | 'amount'
  | 'often'
  | 'where'
  | 'time'
  | 'who'
  | 'doer'
  | 'brand'
  | 'list'
  | 'definition'
  | 'why'
  | 'other';

export type Question = {
  readonly text: string;
  readonly kind: QuestionKind;
  readonly concepts: readonly Concept[];
  /** It asks about us: a passage about somebody else's organisation is no answer. */
  readonly ours: boolean;
  /** Numbers typed, as values. */
  readonly numbers: readonly number[];
  /** Of `how many`: stems of the nouns counted. Of an acronym: the initials, folded. */
  readonly target: readonly string[];
  /** The works whose words are asked for (`workOf`), where the question names them. */
  readonly works?: ReadonlySet<string>;
};

const WRITING = '(?:wr(?:ote|ite|itten)|author(?:ed)?|penned|publish(?:ed)?|dated)';
const WORKS =
  '(?:articles?|insights?|pieces?|essays?|posts?|blogs?|papers?|reports?|entries|titles|stories|documents?|policies|guides?)';

const KINDS: readonly (readonly [QuestionKind, RegExp])[] = [
  ['acronym', /\b(?:stands? for|short for|abbreviat\w+|acronym|initials)\b/i],
  [
    'each',
    /\beach\b.*\b(?:say|says|saying|said|mean|think|argue|describe)\b|\b(?:which|what) (?:of (?:our|the) )?documents\b.*\b(?:talk|say|mention|discuss|cover|are about)\b|\bwhat do (?:the|our|all) (?:the )?documents say\b|\bcompare\b|\bdifferen(?:ce|t) between\b/i,
  ],
  [
    'quoted',
    /\b(?:who(?:'s| is| was)? (?:said|says|quoted|asks|asked|described|describes|called|argued?s?|claims?|claimed|once)|who is quoted|(?:which|what) (?:author|writer|thinker|person|poet|leader|book)\b.*\b(?:quoted|said|says|saying|from)|whose (?:words|quote|quotation|phrase|saying)|whom? (?:do|does|did) .* quote)\b/i,
  ],
  [
    'author',
    new RegExp(
      `\\bwho(?: has| have)? ${WRITING}\\b|\\bwho (?:is|was|are|were) .*\\bauthors?\\b|\\b(?:when|what (?:date|month|year|month and year)|which (?:month|year))\\b.*\\b${WRITING}\\b|\\bwho (?:is|was) [\\w' -]+ by\\b\\??$`,
      'i',
    ),
  ],
  [
    'entries',
    new RegExp(
      `\\b(?:which|what|list|name|any|show)(?: \\w+){0,3} ${WORKS}\\b.*\\b(?:about|by|on|from|pieces?|written|discuss|cover|mention|deal|(?:did|has|have) .* wr(?:ite|ote|itten))\\b`,
      'i',
    ),
  ],
  ['entries', /\bwhat (?:else )?(?:has|have|did) .{3,60} (?:written|write|published|publish)\b/i],
  ['often', /\bhow many times (?:a|an|each|every|per|in an?|during the) \w+/i],
  ['how-many', /\bhow many\b|\bnumber of\b/i],
  [
    'contact',
    /\b(?:what|which) (?:e-?mail|phone number|telephone number|number|web ?site|web address)\b.*\b(?:do|should|can|is|for|to)\b|\b(?:e-?mail|web) address\b|\b(?:what|which) address\b.*\be-?mail\b|\b(?:phone|telephone|contact|extension) (?:number|details)\b/i,
  ],
  ['length', /\bhow much (?:\w+ ){0,2}(?:time|leave|holiday|notice|warning)\b/i],
  [
    'money',
    /\bhow much (?:is|are|was|were|will|do|does|can) (?!there|left|time|of)|\bhow much\b(?! (?:of|time|notice)).*\b(?:pay(?:ing)?|paid|costs?|spend(?:ing)?|spent|earns?|charge[ds]?|worth|money)\b|\bwhat\b.*\b(?:salary|salaries|costs?|price|fee|fees|budget|fine|fines|in pounds)\b/i,
  ],
  [
    'figure',
    /\b(?:what(?:'s| is| are| was)|how (?:high|low|big|large))\b.*\b(?:target|percentage|rate|proportion|ratio|figure|score|threshold|phone number|limit)\b/i,
  ],
  [
    'time',
    /\bwhat time\b|\bwhen does\b.*\b(?:school|day|lesson)s?\b.*\b(?:start|finish|begin|end|open|close)\b/i,
  ],
  [
    'length',
    /\bhow (?:long|much (?:notice|time|warning))\b|\bwhat (?:length|notice)\b|\bhow (?:soon|quickly|fast|early|late|far (?:ahead|in advance))\b/i,
  ],
  ['amount', /\bhow much\b(?! (?:does|do|did) )/i],
  ['often', /\bhow (?:often|frequently|regularly)\b/i],
  [
    'when',
    /^(?:and |so |but )?(?:by )?when\b(?! (?:i|we|you|someone|somebody|a|an|the)\b.*\b(?:what|who|how)\b)|\b(?:what|which) (?:date|day|month|year|term)\b|\bwhat(?:'s| is| was| are) (?:the|our) (?:\w+ )?dates?\b|\bdeadline\b/i,
  ],
  [
    'tell',
    /\b(?:who|whom) (?:do|should|must|can|would|shall) (?:i|we|you|they|staff|teachers?|\w+)(?: \w+){0,3} (?:tell|speak|talk|contact|ask|report|go|turn|see|ring|call|phone|email|inform|let|write|send|complain)\b|\bwho (?:gets|is|has to be|must be|needs to be) (?:told|informed|asked|contacted)\b/i,
  ],
  ['where', /^(?:and |so |but )?where\b|\b(?:what|which) (?:address|room|building|city|town|county)\b/i],
  [
    'who',
    /^(?:and |so |but )?who(?:'s| is| was) (?:the|our|my|your|in charge|responsible)\b|\bwho (?:leads|chairs|heads|runs|manages|owns|won|wins|directs|teaches|oversees|looks? after|deals? with|is in charge of|is responsible)\b/i,
  ],
  [
    'brand',
    /\b(?:which|what) (?:[\w-]+ ){0,3}(?:company|firm|supplier|provider|brand|make|app|software|website|platform|bank|agency|exam board)\b|\b(?:which|what) [\w-]+ scheme (?:do|does|are|is) (?:we|our|the|they)\b/i,
  ],
  [
    'doer',
    /^(?:and |so |but )?who(?:se job)? (?!is\b|was\b|are\b|were\b|else\b|should\b|can\b|may\b|must\b|do\b|does\b|did\b)/i,
  ],
  [
    'list',
    /\bwhat matters\b|\bwhat (?:counts|qualifies|is (?:classed|regarded|treated|seen)) as\b|\b(?:what|which) (?:are|were)\b(?! (?:we|you|they|i)\b)|\b(?:which|what) (?:[\w-]+ ){0,3}[\w-]+s (?:are|were|do|does|did|sit|come|make|should|can|may|must|is|will|have)\b|\b(?:list|name)\b.*\b(?:the|our|all|\d|two|three|four|five|six)\b|\bwhat (?:[\w-]+ )?(?:steps|priorities|areas|functions|ideas|values|goals|commitments|principles)\b/i,
  ],
  ['why', /^(?:and |so |but )?why\b/i],
  [
    'definition',
    /\bwhat(?:'s| is| are| does| do)\b.*\b(?:mean|means|meant)\b|\bdefin(?:e|ition)\b|\bwhat(?:'s| is| are) (?:an? |the |our )?[\w' -]{1,40}\??$/i,
  ],
];

/** Words that say what kind of question it is, not what it is about. */
const SET_ASIDE: Readonly<Partial<Record<QuestionKind, string>>> = {
  acronym: 'stand stands short abbreviation acronym initials full',
  author: 'wrote write written author authored publish published dated date month year thing',
  quoted:
    'said says quoted quote asks asked described describes author writer thinker person words adapt adapts quotation which',
  entries:
    'write wrote written article articles insight insights piece pieces essay essays post posts blog blogs paper papers report reports listing list listed journal entries titles',
  each: 'each document documents compare difference different saying',
  'how-many': 'number',
  list: 'name names list areas area members',
  definition: 'mean meant define definition describe statement',
  when: 'date day month year deadline',
  amount: 'much need needs needed',
  length: 'quickly fast soon ahead advance long much notice length time',
  contact: 'email mail address phone telephone number contact website web use ring call details',
  tell: 'tell speak talk contact ask report go turn see ring call phone email inform let write send gets',
  often: 'often frequently regularly',
  where: 'where address',
  time: 'time',
};

export function readQuestion(typed: string, index: Index): Question {
  const whole = writeOut(typed);
  const sourced = readSource(whole, index);
  const text = sourced?.rest ?? whole;
  const terms = mendedTerms(text, index.vocabulary);
  const mended = terms.map((term) => term.word).join(' ');
  const kind = kindOf(text, mended);
  const aside = new Set((SET_ASIDE[kind] ?? '').split(' ').filter(Boolean).map(stemOf));
  const found = conceptsOf(
    topicOf(text, kind),
    kind === 'entries' || kind === 'each' ? mendedTerms(topicOf(text, kind), index.vocabulary) : terms,
    index.initials,
    index.vocabulary,
    aside,
  );
  const headed = withLightTrust(withLightHead(found, mended), mended);
  const concepts = kind === 'doer' ? withDeed(headed, mended) : headed;
  return {
    text,
    kind,
    concepts,
    ours: /\b(?:our|ours|we|us|my)\b/i.test(text) || /\bthe trust\b/i.test(text),
    numbers: (
      text.match(/\d[\d,]*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b/gi) ?? []
    ).flatMap((word) => numberOf(word) ?? []),
    target: targetOf(kind, text, mended),
    ...(sourced ? { works: sourced.works } : {}),
  };
}

function kindOf(text: string, mended: string): QuestionKind {
  for (const [kind, shape] of KINDS) if (shape.test(text) || shape.test(mended)) return kind;
  return 'other';
}

/** The part of a question over several documents or entries that says what they should be about. */
function topicOf(text: string, kind: QuestionKind): string {
  if (kind !== 'entries' && kind !== 'each') return text;
  return (
    /\bwhat (?:else )?(?:has|have|did) (.{3,60}?) (?:written|write|published|publish)\b/i.exec(text)?.[1] ??
    /\b(?:about|by|on|regarding|concerning|mention(?:ing|s)?|discuss(?:es)?|covers?)\s+(.+?)(?:,? and (?:what|who|how)\b.*)?\??$/i.exec(
      text,
    )?.[1] ??
    text
  );
}

/** "Which elements are …", "what system …": the noun that says what sort of thing is wanted is seldom said where the thing stands. */
function withLightHead(concepts: readonly Concept[], mended: string): readonly Concept[] {
  if (concepts.length < 2) return concepts;
  const head =
    /\b(?:what|which) (?:(?!is |are |was |were |do |does |did )[\p{L}\d-]+ ){0,3}?([\p{L}\d-]+) (?:are|were|do|does|did|is|was|sit|sits|come|comes|make|makes|should|can|may|will|have|has|replaces?)\b/u.exec(
      mended,
    )?.[1] ?? COUNTED_HEAD.exec(mended)?.[1];
  if (!head || /^(?:is|are|was|were)$/.test(head)) return concepts;
  return concepts.map((concept) => (concept.word === head ? { ...concept, share: TYPE_WORD } : concept));
}
const TYPE_WORD = 0.4;
/** "What are the ten steps …": the same, after its number. */
const COUNTED_HEAD =
  /\bwhat (?:are|were) (?:the|our|your|these) (?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) ([\p{L}]+)\b/u;

/** "Who decides on …?" turns on what is done. */
function withDeed(concepts: readonly Concept[], mended: string): readonly Concept[] {
  const deed = /\bwho (?:\p{L}+ )?(\p{L}+)/u.exec(mended)?.[0].split(' ').slice(1) ?? [];
  const done = concepts.find(({ word }) => deed.includes(word));
  return concepts.map((concept) => (concept === done ? { ...concept, share: DEED } : concept));
}
const DEED = 2;

/** "The trust", "our trust": whoever asks means us, and documents say "we". */
function withLightTrust(concepts: readonly Concept[], mended: string): readonly Concept[] {
  if (concepts.length < 2 || !SELF.test(mended)) return concepts;
  return concepts.map((concept) => (concept.word === 'trust' ? { ...concept, share: 0.3 } : concept));
}
const SELF =
  /\b(?:the|our|this|your) trust\b(?! (?:leaders?|wide|improvement|growth|curriculum|dividend|journal|leadership))/i;

function targetOf(kind: QuestionKind, text: string, mended: string): string[] {
  if (kind === 'how-many') {
    const counted =
      /\b(?:how many|number of) (.+?)(?= (?:is|are|was|were|do|does|did|will|would|can|should|have|has|from|in|at|on|of|there|we|you|they|our|the|per|to|for)\b|$)/i.exec(
        mended,
      )?.[1] ?? '';
    return counted
      .split(' ')
      .filter((word) => word.length > 2 && !/^(?:and|the|different|other|main|key)$/.test(word))
      .map(stemOf);
  }
  if (kind === 'definition') {
    const only =
      /^(?:[Aa]nd |[Ss]o )?[Ww]hat(?: is| are|'s|s| does| do) (?:an? |the |our )?([A-Z][A-Za-z]?[A-Z]{1,4})s?(?: mean)?\s*\??$/.exec(
        text,
      )?.[1];
    return only ? [only.toLowerCase()] : [];
  }
  if (kind !== 'acronym') return [];
  const shown =
    /\b([A-Z][A-Za-z]*[A-Z])s?\b/.exec(text)?.[1] ??
    /\bdoes (\w{2,7}) stand|\bis (\w{2,7}) short/i.exec(text)?.slice(1).find(Boolean);
  return shown ? [shown.toLowerCase()] : [];
}

const NEXT_PART = /(?:,? and|\?|;|,)\s+(?=(?:who|what|when|where|why|how|which)\b)/i;

/** The questions within a question, in order; one when it does not fall apart. */
export function partsOf(typed: string): string[] {
  const parts = writeOut(typed)
    .split(NEXT_PART)
    .map((part) => part.trim())
    .filter((part) => part.length > 1);
  const asks = (part: string) => /\b(?:who|what|when|where|why|how|which)\b/i.test(part);
  return parts.length > 1 && parts.length <= 3 && parts.every(asks) ? parts : [writeOut(typed)];
}
