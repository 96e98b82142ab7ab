/**
 * Cuts a document's blocks into passages: what can be cited and opened. Every passage is verbatim from its document and has
 * an id made of its content, so that a link stays good while the words stay. Lists are kept whole; a sentence that announces
 * "these six areas" is tied to the headings it announces. Knows nothing of questions.
 */
import { contentId } from '../kernel/ids.ts';
import { fold } from '../kernel/text.ts';
import { type Block, readByline } from './readers/block.ts';
import { countAnnounced, isNameShaped } from './shapes.ts';

/** Whose words a document holds. */
export type DocumentKind = 'policy' | 'essay' | 'outside' | 'note';

export type DocumentFacts = {
  /** The file's path below the content folder, or the library's item id. */
  readonly id: string;
  readonly title: string;
  readonly kind: DocumentKind;
  readonly owner?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly group?: string | undefined;
  readonly url?: string | undefined;
  /** Its item in the document library, whose own permissions are asked for. */
  readonly item?: string | undefined;
  /** Of a note: whoever reads it must be allowed to open all of these too. */
  readonly within?: readonly Restriction[] | undefined;
};

/** What may be opened by some staff only: the group that trust.yaml names, or the item whose permissions the library has. */
export type Restriction = { readonly group?: string | undefined; readonly item?: string | undefined };

export type Passage = {
  readonly id: string;
  readonly doc: string;
  readonly kind: 'paragraph' | 'item' | 'list' | 'section' | 'heading' | 'byline';
  /** Titles above it, outermost first. */
  readonly path: readonly string[];
  /** Verbatim; the lines of a list or section are separated by line feeds. */
  readonly text: string;
  /** Of a list: its members, verbatim, in order. Of an announcing sentence: the headings it announces. */
  readonly items?: readonly string[] | undefined;
  /** Of an announcing sentence: the ids of the heading passages it announces. */
  readonly members?: readonly string[] | undefined;
  /** Of a point of a list: the words that lead into the list. */
  readonly lead?: string | undefined;
  /** The first paragraph under its heading. */
  readonly opens?: boolean | undefined;
  /** Names members that the document then does not list. */
  readonly unlisted?: boolean | undefined;
  readonly author?: string | undefined;
  readonly date?: string | undefined;
  readonly page?: number | undefined;
  /** Place in the document, for reading order. */
  readonly order: number;
};

type Section = {
  readonly work: string;
  readonly heading?: Block;
  readonly path: readonly string[];
  readonly blocks: Block[];
  byline?: string;
  author?: string;
  date?: string;
};

/** A section this short is worth citing whole (characters); longer ones are cited by paragraph. */
const WHOLE_SECTION = 1_200;

/** Passages of one document in reading order. Equal texts at different places get different ids. */
export function cutPassages(doc: Pick<DocumentFacts, 'id' | 'title'>, blocks: readonly Block[]): Passage[] {
  const sections = sectionsOf(doc.title, blocks);
  const passages: Passage[] = [];
  const seen = new Map<string, number>();
  const put = (
    section: Section,
    part: Omit<Passage, 'id' | 'doc' | 'path' | 'order'> & { path?: readonly string[] },
  ) => {
    const path = part.path ?? section.path;
    const key = JSON.stringify([part.kind, path, part.text]);
    const again = seen.get(key) ?? 0;
    seen.set(key, again + 1);
    const passage: Passage = {
      ...(section.author ? { author: section.author } : {}),
      ...(section.date ? { date: section.date } : {}),
      ...part,
      id: contentId([doc.id, part.kind, ...path, part.text, String(again)], 16),
      doc: doc.id,
      path,
      order: passages.length,
    };
    passages.push(passage);
    return passage;
  };
  for (const section of sections) cutSection(section, put);
  return tieAnnouncements(passages);
}

type Put = (
  section: Section,
  part: Omit<Passage, 'id' | 'doc' | 'path' | 'order'> & { path?: readonly string[] },
) => Passage;

function cutSection(section: Section, put: Put): void {
  const { heading, blocks } = section;
  if (heading)
    put(section, {
      kind: 'heading',
      text: printed(heading),
      path: section.path.slice(0, -1),
      ...paged(heading),
    });
  const words = blocks.filter((block) => block.kind !== 'break');
  for (let index = 0; index < blocks.length; index += 1) {
    const block = blocks[index];
    if (!block || block.kind === 'break') continue;
    if (block.kind === 'byline') {
      put(section, { kind: 'byline', text: block.text, path: [section.work], ...paged(block) });
    } else if (isMember(block)) {
      const before = blocks[index - 1];
      if (!before || !isMember(before)) putList(section, blocks, index, put);
      const lead = leadOf(blocks, index);
      put(section, { kind: 'item', text: printed(block), ...(lead ? { lead } : {}), ...paged(block) });
    } else {
      const next = blocks[index + 1];
      const runsOn = /[:…]["”]?$/.test(block.text);
      // "Succeeding in our mission:" says nothing without what follows it.
      const text = runsOn && next?.kind === 'paragraph' ? `${block.text}\n${next.text}` : block.text;
      const unlisted = /:["”]?$/.test(block.text) && (!next || next.kind === 'break');
      const opens = heading !== undefined && block === words.find((other) => other.kind !== 'byline');
      put(section, {
        kind: 'paragraph',
        text,
        ...(opens ? { opens } : {}),
        ...(unlisted ? { unlisted } : {}),
        ...paged(block),
      });
    }
  }
  putInterrupted(section, put);
  const text = [heading, ...words].flatMap((block) => (block ? [printed(block)] : [])).join('\n');
  const whole = !blocks.slice(0, -1).some((block) => block.kind === 'break');
  if (heading && whole && words.length > 0 && text.length <= WHOLE_SECTION && !words.every(isMember)) {
    put(section, { kind: 'section', text, ...paged(heading) });
  }
}

/** "When a request comes, we:" says what each point after it is about. */
function leadOf(blocks: readonly Block[], at: number): string | undefined {
  const within = blocks[at]?.within;
  if (within) return within.slice(-LONGEST_LEAD);
  let from = at;
  while (isMember(blocks[from - 1])) from -= 1;
  const before = blocks[from - 1];
  return before?.kind === 'paragraph' && /[:…]$/.test(before.text)
    ? before.text.slice(-LONGEST_LEAD)
    : undefined;
}
/** Of a long paragraph, what stands last leads into the list (characters). */
const LONGEST_LEAD = 200;

function putList(section: Section, blocks: readonly Block[], from: number, put: Put): void {
  let to = from;
  while (blocks[to] && isMember(blocks[to])) to += 1;
  const members = blocks.slice(from, to);
  if (members.length < 2) return;
  const lead = blocks[from - 1]?.kind === 'paragraph' ? blocks[from - 1] : undefined;
  const text = [...(lead ? [lead] : []), ...members].map(printed).join('\n');
  put(section, { kind: 'list', text, items: members.map((member) => member.text), ...paged(members[0]) });
}

/** A numbered list with quotations or paragraphs between its points is still one list; it is cited point by point. */
function putInterrupted(section: Section, put: Put): void {
  const numbered = section.blocks.filter((block) => block.kind === 'item' && /\d/.test(block.marker ?? ''));
  const places = numbered.map((block) => section.blocks.indexOf(block));
  const interrupted = places.some((place, index) => index > 0 && place !== (places[index - 1] ?? 0) + 1);
  const rises = numbered.every((block, index) => Number.parseInt(block.marker ?? '', 10) === index + 1);
  if (!interrupted || !rises || numbered.length < 3 || !section.heading) return;
  put(section, {
    kind: 'list',
    text: printed(section.heading),
    items: numbered.map((block) => block.text),
    ...paged(section.heading),
  });
}

function isMember(block: Block | undefined): boolean {
  return block?.kind === 'item' || block?.kind === 'row';
}

function printed(block: Block): string {
  return block.marker ? `${block.marker} ${block.text}` : block.text;
}

function paged(block: Block | undefined): { page?: number } {
  return block?.page === undefined ? {} : { page: block.page };
}

/** Blocks under each heading; bylines are given to the works they belong to. */
function sectionsOf(title: string, blocks: readonly Block[]): Section[] {
  const sections: Section[] = [];
  let work = title;
  let trail: { level: number; text: string }[] = [];
  let current: Section | undefined;
  let waiting: Block | undefined;
  const begin = (heading: Block | undefined): Section => {
    const path = [...new Set(trail.map((entry) => entry.text))];
    const section: Section = {
      work,
      path: path.length > 0 ? path : [title],
      blocks: [],
      ...(heading ? { heading } : {}),
    };
    sections.push(section);
    return section;
  };
  for (const block of blocks) {
    if (block.kind === 'byline' && block.leads) waiting = block;
    else if (block.kind === 'heading') {
      const repeated = current?.heading && fold(current.heading.text) === fold(block.text);
      if (repeated && current?.blocks.every((inner) => inner.kind === 'byline')) {
        current.blocks.push({ ...block, kind: 'byline' });
        continue;
      }
      const level = block.level ?? 2;
      if (level === 1) work = block.text;
      trail = [...trail.filter((entry) => entry.level < level), { level, text: block.text }];
      current = begin(block);
      if (waiting) {
        current.author = waiting.text.replace(/^By /, '');
        current.byline = waiting.text;
        current = withLeadingByline(sections, current, waiting);
      }
      waiting = undefined;
    } else {
      current ??= begin(undefined);
      current.blocks.push(block);
      if (block.kind === 'byline') assignByline(sections, current, block);
    }
  }
  return sections;
}

/** A name printed above the title: the entry is cited from the name on. */
function withLeadingByline(sections: Section[], section: Section, byline: Block): Section {
  const heading = section.heading;
  if (!heading) return section;
  const led: Section = { ...section, heading: { ...heading, text: `${byline.text}\n${heading.text}` } };
  sections[sections.length - 1] = led;
  return led;
}

function assignByline(sections: readonly Section[], current: Section, block: Block): void {
  const read = readByline(block.text);
  if (read?.date || read?.author) {
    for (const section of sections.filter((candidate) => candidate.work === current.work)) {
      if (read.author) section.author ??= read.author;
      if (read.date) section.date ??= read.date;
    }
  } else if (!isNameShaped(block.text)) {
    current.author ??= block.text.slice(0, (block.text.length - 1) / 2);
  }
}

/**
 * Ties a sentence such as "we will prioritise these six areas:" to the run of exactly six alike headings after it: all
 * numbered, or all with a list below. Without such a run an announcement stays unlisted.
 */
function tieAnnouncements(passages: readonly Passage[]): Passage[] {
  const headings = passages.filter((passage) => passage.kind === 'heading');
  const lists = new Map(
    passages.flatMap((passage) =>
      passage.kind === 'list' ? [[passage.path.join('\n'), listMarker(passage)] as const] : [],
    ),
  );
  const shapeOf = (heading: Passage) => {
    if (NUMBERED.test(heading.text)) return 'numbered';
    return lists.get([...heading.path, lastLine(heading.text)].join('\n')) ?? 'plain';
  };
  return passages.map((passage) => {
    const mayAnnounce = passage.kind === 'paragraph' || passage.kind === 'heading';
    const announced = mayAnnounce ? countAnnounced(passage.text) : undefined;
    const listedHere =
      passage.kind === 'paragraph' && lists.has(passage.path.join('\n')) && !passage.unlisted;
    if (!announced || listedHere) return passage;
    const work = passage.path[0] ?? lastLine(passage.text);
    const later = headings.filter((heading) => heading.order > passage.order && heading.path[0] === work);
    for (const shape of ['bulleted', 'ordered', 'numbered']) {
      const run = firstRun(later, shape, shapeOf);
      if (run.length !== announced) continue;
      const { unlisted: _, ...rest } = passage;
      return {
        ...rest,
        items: run.map((heading) => heading.text),
        members: run.map((heading) => heading.id),
      };
    }
    return passage;
  });
}

const NUMBERED = /^(?:\(?\d+[.)]|\+?(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten):) /;

/** Lists with bullets and lists with numbers are different shapes below a heading. */
function listMarker(list: Passage): string {
  return /^\(?\d/.test(list.text.split('\n').at(-1) ?? '') ? 'ordered' : 'bulleted';
}

/** Headings of one shape in order; numbered ones may have others between them, listed ones stand together. */
function firstRun(
  headings: readonly Passage[],
  shape: string,
  shapeOf: (heading: Passage) => string,
): Passage[] {
  if (shape === 'numbered') return headings.filter((heading) => shapeOf(heading) === shape);
  const start = headings.findIndex((heading) => shapeOf(heading) === shape);
  if (start < 0) return [];
  const end = headings.findIndex((heading, index) => index > start && shapeOf(heading) !== shape);
  return headings.slice(start, end < 0 ? undefined : end);
}

function lastLine(text: string): string {
  return (text.split('\n').at(-1) ?? text).replace(/^(?:\(?\d+[.)]|\+?\p{Lu}\p{Ll}+:) /u, '');
}
