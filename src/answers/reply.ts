/**
 * Turns an answer into what a person reads: text with numbered markers, citations within Teams' limits, whose words they are
 * and whether they still stand, a way to open each passage, and after a refusal a person to ask. Pure; knows no Teams.
 */
import { actionSet, button, type Card, card, hidden, line, more, own, title } from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import type { Citation, MessageReply } from '../cards/reply.ts';
import { NEUTRAL, type Neutral } from '../kernel/neutral.ts';
import { listInWords, shorten } from '../kernel/text.ts';
import { dateWithYear } from '../kernel/time.ts';
import type { Answer, Statement } from './answer.ts';
import { type Offer, offerCard } from './ask-cards.ts';
import { type ChannelOffer, channelOfferCard } from './ask-channel-cards.ts';
import type { DocumentFacts, Passage } from './corpus.ts';
import { askFor, topicOf } from './named-heading.ts';
import { recogniseSafety } from './safety.ts';
import { labelOf } from './shapes.ts';
import { isOrder, type Talk } from './smalltalk.ts';
import { citedPassages } from './turn.ts';

/** Limits of Teams' citation entities (reference/peers §1.13; learn.microsoft.com, bot-messages-ai-generated-content). */
const NAME_LIMIT = 80;
const ABSTRACT_LIMIT = 160;
const MOST_CITATIONS = 8;
/** Characters of an answer's text; what is longer is read in the passage. */
const TEXT_LIMIT = 2_400;
/** Of a reply's card for reading; suggestions have the others. */
const BUTTONS = 2;

export type ReplySetting = {
  readonly trustName: string;
  /** The person who takes questions that the documents leave open. */
  readonly contact?: string | undefined;
  readonly docs: ReadonlyMap<string, DocumentFacts>;
  /** Local date, ISO. */
  readonly today: string;
  readonly personal: boolean;
  /** Headings near a passage, to ask about next. */
  readonly near?: (passage: Passage) => readonly string[];
  /** To whom a refused question may be passed on; absent: to nobody, from here. */
  readonly offer?: PersonOffer | Omit<ChannelOffer, 'headings'> | undefined;
  /** The name of who looks after what is nearest, when nothing can be passed on to them from here. */
  readonly looksAfter?: string | undefined;
};

type PersonOffer = Omit<Offer, 'headings'> & {
  /** They look after what is nearest; otherwise they take what nobody else does. */
  readonly owns: boolean;
};

/** The setting with what makes the documents' words harmless. */
type View = ReplySetting & Neutral;

export function replyTo(answer: Answer, given: ReplySetting, neutral: Neutral = NEUTRAL): MessageReply {
  const setting: View = { ...given, ...neutral };
  if (answer.outcome === 'clarify') return askBack(answer.options, setting);
  if (answer.outcome === 'refusal') return refusalReply(answer, setting);
  const related = worthOpening(answer, setting);
  const cited = citedPassages({ ...answer, related }).slice(0, MOST_CITATIONS);
  const sources = mergeSources(cited);
  const positions = new Map(
    cited.map((passage) => [
      passage.id,
      sources.findIndex((source) => source.some((one) => one.id === passage.id)) + 1,
    ]),
  );
  const used = new Set(answer.statements.map((statement) => positions.get(statement.passage.id)));
  const lines = [
    ...(answer.note ? [answer.note] : []),
    // Before the words, which may speak of "this year".
    ...expiryLines(answer.statements, setting),
    ...ownershipLines(answer.statements, setting),
    ...shownLines(answer.statements, positions, setting),
    ...sources.flatMap((source, index) => sourceLine(source, index + 1, used.has(index + 1), setting)),
  ];
  const suggestions = suggestionsFor(answer.statements, cited, setting);
  return {
    kind: 'reply',
    text: lines.join('\n\n').replace(/\n\n(?=- )/g, '\n'),
    citations: sources.map((source, index) => citationOf(source, index + 1, setting)),
    feedback: true,
    ...(answer.byModel ? { byModel: true } : {}),
    ...(suggestions.length > 0 ? { suggestions } : {}),
    ...readingCard(sources, setting),
  };
}

/** What has run out is not offered beside words that are in force: last year's priorities beside this year's only confuse. */
function worthOpening(
  { statements, related }: Extract<Answer, { outcome: 'answer' }>,
  { docs, today }: View,
): readonly Passage[] {
  const hasRunOut = ({ doc }: Passage) => (docs.get(doc)?.to ?? today) < today;
  return statements.some(({ passage }) => !hasRunOut(passage))
    ? related.filter((passage) => !hasRunOut(passage))
    : related;
}

/** Passages of one section in a row, and headings of one document, share a source: a list of ten is not ten citations. */
function mergeSources(cited: readonly Passage[]): Passage[][] {
  const sources: Passage[][] = [];
  for (const passage of cited) {
    const group = sources.find(
      ([first]) =>
        first?.doc === passage.doc &&
        ((first.kind === 'heading' && passage.kind === 'heading') || sectionOf(first) === sectionOf(passage)),
    );
    if (!group) sources.push([passage]);
    else if (group[0]?.kind === 'heading' && passage.kind !== 'heading') group.unshift(passage);
    else group.push(passage);
  }
  return sources;
}

/** The section a passage stands in; a heading stands in the one that it opens. */
function sectionOf(passage: Passage): string {
  return [...passage.path, ...(passage.kind === 'heading' ? [passage.text] : [])].join('\n');
}

function shownLines(
  statements: readonly Statement[],
  positions: ReadonlyMap<string, number>,
  setting: View,
): string[] {
  const lines: string[] = [];
  let length = 0;
  statements.forEach((statement, index) => {
    const text = setting.marked(statement.text);
    length += text.length;
    if (length > TEXT_LIMIT && lines.length > 0) return;
    const position = positions.get(statement.passage.id);
    const next = statements[index + 1];
    const ends = position !== undefined && (!next || positions.get(next.passage.id) !== position);
    const marked = ends ? `${text} [${position}]` : text;
    lines.push(statement.item ? `- ${marked}` : marked);
  });
  return lines;
}

/** Whose words these are, said before them when they are not the trust's own policy. */
function ownershipLines(statements: readonly Statement[], setting: View): string[] {
  const kinds = new Set(statements.map((statement) => setting.docs.get(statement.passage.doc)?.kind));
  if (kinds.size !== 1) return [];
  const author = statements[0]?.passage.author;
  if (kinds.has('note'))
    return [
      own(author ? `From a note by ${setting.marked(author)}, not policy:` : 'From a note, not policy:'),
    ];
  if (kinds.has('outside')) return [own(`Outside reading, not ${setting.trustName} policy:`)];
  if (kinds.has('essay'))
    return [
      own(author ? `From an essay by ${setting.marked(author)}, not policy:` : 'From an essay, not policy:'),
    ];
  return [];
}

const WHOSE: Readonly<Record<DocumentFacts['kind'], string>> = {
  policy: 'Our policy',
  essay: "A leader's essay",
  outside: 'Outside reading',
  note: "A colleague's note",
};

function sourceLine(source: readonly Passage[], position: number, used: boolean, setting: View): string[] {
  const first = source[0];
  const doc = first && setting.docs.get(first.doc);
  if (!first || !doc) return [];
  return [
    `${used ? '' : 'See also '}[${position}] ${setting.marked(shorten(nameOf(first, doc), 120))}. ${WHOSE[doc.kind]}${forceOf(doc)}.`,
  ];
}

function nameOf(passage: Passage, doc: DocumentFacts): string {
  const heading = passage.path.at(-1);
  const page = passage.page ? `, p. ${passage.page}` : '';
  return `${doc.title}${heading && heading !== doc.title ? `, ${heading}` : ''}${page}`;
}

function forceOf(doc: DocumentFacts): string {
  if (doc.kind === 'note' && doc.from) return `, from ${dateWithYear(doc.from)}`;
  return doc.to ? `, to ${dateWithYear(doc.to)}` : doc.from ? `, from ${dateWithYear(doc.from)}` : '';
}

function expiryLines(statements: readonly Statement[], setting: View): string[] {
  const docs = new Set(statements.flatMap((statement) => setting.docs.get(statement.passage.doc) ?? []));
  return [...docs].flatMap((doc) => {
    if (doc.to && doc.to < setting.today)
      return [`Please note: ${setting.marked(doc.title)} ran out on ${dateWithYear(doc.to)}.`];
    if (doc.from && doc.from > setting.today)
      return [`Please note: ${setting.marked(doc.title)} begins on ${dateWithYear(doc.from)}.`];
    return [];
  });
}

function citationOf(source: readonly Passage[], position: number, setting: View): Citation {
  const first = source[0];
  const doc = first && setting.docs.get(first.doc);
  const text = source.map((passage) => passage.text).join(' · ');
  return {
    position,
    name: shorten(setting.plain(first && doc ? nameOf(first, doc) : 'A document'), NAME_LIMIT),
    abstract: shorten(setting.plain(text), ABSTRACT_LIMIT),
    ...(doc?.url?.startsWith('https://') ? { url: doc.url } : {}),
  };
}

/** Buttons that open the passages which have no link of their own. */
function readingCard(sources: readonly (readonly Passage[])[], setting: View): { card?: Card } {
  const unlinked = sources.flatMap((source, index) => {
    const first = source[0];
    return first && !setting.docs.get(first.doc)?.url ? [{ first, position: index + 1 }] : [];
  });
  if (unlinked.length === 0) return {};
  const only = unlinked.length === 1;
  const buttons = unlinked.map(({ first, position }) =>
    button(only ? 'Read the passage' : `Read passage ${position}`, envelope('answers.read', first.id)),
  );
  // Two at most, so that there is room to ask on; the others stand behind one.
  const [shown, rest] =
    buttons.length <= BUTTONS ? [buttons, []] : [buttons.slice(0, BUTTONS - 1), buttons.slice(BUTTONS - 1)];
  return {
    card: card({
      summary: `An answer from ${setting.trustName}'s documents`,
      body: [
        line(only ? 'Read it where it stands:' : 'Read them where they stand:', { subtle: true }),
        ...(rest.length > 0 ? [hidden('passages', [actionSet(rest)])] : []),
      ],
      actions: [...shown, ...(rest.length > 0 ? [more('Other passages', 'passages')] : [])],
    }),
  };
}

/** Questions that the documents answer: the points of the list shown by their labels, else what else was found. */
function suggestionsFor(
  statements: readonly Statement[],
  cited: readonly Passage[],
  setting: View,
): string[] {
  const labels = statements
    .filter((statement) => statement.item)
    .flatMap((statement) => labelOf(statement.text) ?? []);
  const own = cited[0]?.path.at(-1);
  const headings = cited.flatMap((passage) => passage.path.at(-1) ?? []).filter((heading) => heading !== own);
  const topics = labels.length > 1 ? labels : headings.map((heading) => heading.split(' | ')[0] ?? heading);
  const short = topics.filter((topic) => topic.length > 3 && topic.length <= 60);
  const near = cited[0] ? (setting.near?.(cited[0]) ?? []) : [];
  const close = near.filter((heading) => !short.includes(heading) && heading.length <= 60);
  return askAbout([...short.slice(0, 3), ...close.map(topicOf)], setting).slice(0, 3);
}

/** Pressed, these are typed in the reader's name: a heading that had to be mended, or would be met otherwise, is not offered. */
function askAbout(topics: readonly string[], setting: View): string[] {
  const sound = topics.filter((topic) => setting.plain(topic) === topic && !isOrder(topic));
  return [...new Set(sound)].map(askFor).filter((asked) => !recogniseSafety(asked));
}

function askBack(options: readonly Passage[], setting: View): MessageReply {
  const headings = options.flatMap((passage) => passage.path.at(-1) ?? []);
  const suggestions = askAbout(headings.map(topicOf), setting);
  const named =
    headings.length > 0
      ? ` For example: ${listInWords(headings.map((heading) => `"${setting.marked(shorten(heading, 60))}"`))}.`
      : '';
  return {
    kind: 'reply',
    text: `Which part of ${setting.trustName}'s documents do you mean?${named}`,
    ...(suggestions.length > 0 ? { suggestions } : {}),
  };
}

function refusalReply(answer: Extract<Answer, { outcome: 'refusal' }>, setting: View): MessageReply {
  if (answer.reason === 'command') {
    return {
      kind: 'reply',
      text: `I can't do that. I answer questions from ${setting.trustName}'s documents, and show where each answer comes from.`,
    };
  }
  const headings = answer.nearest.flatMap(
    (passage) => passage.path.at(-1) ?? setting.docs.get(passage.doc)?.title ?? [],
  );
  const first = answer.nearest[0];
  const opening = {
    'not-said': `${setting.trustName}'s documents don't say, so I won't guess.`,
    'not-then': `None of ${setting.trustName}'s documents was in force then, so I won't guess.`,
    'not-ours': `${setting.trustName}'s documents don't say this of us, so I won't guess.`,
    'not-listed': `The documents speak of this but don't list it, so I won't guess.${first ? ` They say only: "${setting.marked(shorten(first.text, 160))}"` : ''}`,
    'not-for-role':
      "No part of the documents says that it is for your role. Ask me about a topic, and I'll show what they say.",
    'not-explained': 'The documents use these initials but never say what they stand for.',
  }[answer.reason];
  const lines = [
    opening,
    ...(headings.length > 0
      ? [
          `Nearest: ${listInWords([...new Set(headings)].map((heading) => `"${setting.marked(shorten(heading, 80))}"`))}.`,
        ]
      : []),
    ...(setting.personal
      ? []
      : ['In a channel I use only what all staff may see. You can also ask me in our personal chat.']),
    helperLine(setting),
  ];
  const suggestions = askAbout(headings.map(topicOf), setting).slice(0, 2);
  return {
    kind: 'reply',
    text: lines.join('\n\n'),
    feedback: true,
    ...(suggestions.length > 0 ? { suggestions } : {}),
    ...(setting.offer ? { card: cardOf(setting.offer, [...new Set(headings.map(setting.plain))]) } : {}),
  };
}

function cardOf(offer: NonNullable<ReplySetting['offer']>, headings: readonly string[]): Card {
  return 'channel' in offer ? channelOfferCard({ ...offer, headings }) : offerCard({ ...offer, headings });
}

function helperLine({ offer, looksAfter, contact, marked }: View): string {
  const sent = 'Nothing has been sent yet.';
  if (offer && 'channel' in offer) return `A colleague may know. ${sent}`;
  const owner = offer?.owns ? offer.reader.name : looksAfter;
  if (owner) return `${marked(owner)} looks after the nearest of these. ${sent}`;
  const helper = offer?.reader.name ?? contact;
  return helper ? `${marked(helper)} can help. ${sent}` : sent;
}

/** Chat is answered as chat: nothing is searched. */
export function replyToTalk(
  talk: Exclude<Talk, 'order'>,
  setting: Pick<ReplySetting, 'trustName'>,
): MessageReply {
  const words: Readonly<Record<Exclude<Talk, 'order'>, string>> = {
    greeting: `Hello. Ask me what ${setting.trustName}'s priorities mean for your work; I show where each answer comes from.`,
    thanks: 'You are welcome.',
    bye: 'Goodbye. I am here when you need me.',
    help: `I answer questions from ${setting.trustName}'s documents and show where each answer comes from. If they don't say, I tell you and suggest a person. I also bring the weekly attendance picture, check-ins on milestones and a digest for leaders. In our own chat, "help" lists what you can type.`,
    pupil: "I don't look up pupils. For a pupil's attendance, marks or contacts, please use your MIS.",
  };
  const asks = talk === 'help' || talk === 'greeting';
  return {
    kind: 'reply',
    text: words[talk],
    ...(asks
      ? {
          suggestions: [
            'What are our priorities this year?',
            'What are our first steps this term?',
            'What can you do?',
          ].slice(0, talk === 'help' ? 2 : 3),
        }
      : {}),
  };
}

/** A passage to read where its document has no link, with `after`, the rest of its section, behind a button. */
export function passageCard(
  passage: Passage,
  doc: DocumentFacts,
  after: readonly string[],
  { marked }: Neutral = NEUTRAL,
): Card {
  const words = passage.text.split(/(?<=\s)/);
  const lines = words.slice(0, 60).join('').split('\n');
  const left = [
    lines.slice(5).join('\n\n'),
    words.slice(60).join('').replaceAll('\n', '\n\n'),
    ...after,
  ].filter(Boolean);
  const source = `${marked(shorten(nameOf({ ...passage, path: [] }, doc), 90))}. ${WHOSE[doc.kind]}${forceOf(doc)}.`;
  return card({
    summary: 'A passage from our documents',
    body: [
      title(marked(shorten(passage.path.at(-1) ?? doc.title, 90))),
      line(marked(lines.slice(0, 5).join('\n\n'))),
      ...(left.length > 0 ? [hidden('rest', [line(marked(left.join('\n\n').slice(0, 10_000)))])] : []),
      line(source, { subtle: true }),
    ],
    ...(left.length > 0 ? { actions: [more('Read on', 'rest')] } : {}),
  });
}
