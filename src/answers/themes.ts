/**
 * What several people asked and the documents leave open, in words that several of them used. A theme needs three people, and
 * so does every word of its label: what one person alone asked, or how they put it, is never shown. Pure.
 */
import { FRAME, LIGHT } from './lexicon.ts';
import { termsOf } from './words.ts';

export type Asked = {
  readonly question: string;
  /** Tells askers apart; those without one count for nobody. */
  readonly mark: string | null;
};

/** `asked`: the questions that it joins; never to be shown. */
export type Theme<A extends Asked = Asked> = {
  readonly label: string;
  readonly people: number;
  readonly asked: readonly A[];
};

/** At least so many people, for a theme and for each word of it. */
const LEAST_PEOPLE = 3;
const MOST_WORDS = 4;
/** Alone, these say nothing of what was asked. */
const GENERAL = new Set(
  termsOf(
    'school trust staff teacher teaching pupil pupils child children student class lesson lessons policy document year term week day days time people person work help need new good best use get go make',
  ).map((term) => term.stem),
);

type Read<A extends Asked = Asked> = {
  readonly mark: string;
  readonly words: ReadonlyMap<string, string>;
  readonly one: A;
};

/** Themes by how many people asked, most first; each question counts for one. */
export function themesOf<A extends Asked>(asked: readonly A[], least = LEAST_PEOPLE): Theme<A>[] {
  let left = asked.flatMap((one): Read<A>[] =>
    one.mark ? [{ mark: one.mark, words: wordsIn(one.question), one }] : [],
  );
  const themes: Theme<A>[] = [];
  for (;;) {
    const best = strongest(left, 2, least) ?? strongest(left, 1, least);
    if (!best) return themes.sort((a, b) => b.people - a.people || (a.label < b.label ? -1 : 1));
    const covered = left.filter((read) => best.every((stem) => read.words.has(stem)));
    themes.push({
      label: labelFor(covered, least),
      people: peopleIn(covered),
      asked: covered.map(({ one }) => one),
    });
    left = left.filter((read) => !covered.includes(read));
  }
}

/** Words that carry a question, by stem, as typed. */
export function wordsIn(question: string): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const { word, stem } of termsOf(question)) {
    if (word.length < 3 || /\d/.test(word) || FRAME.has(word) || LIGHT.has(word)) continue;
    if (!words.has(stem)) words.set(stem, word);
  }
  return words;
}

function peopleIn(reads: readonly Read[]): number {
  return new Set(reads.map((read) => read.mark)).size;
}

/** The pair of words (or the word) that most people used, when enough did. */
function strongest(reads: readonly Read[], size: 1 | 2, least: number): readonly string[] | undefined {
  const users = new Map<string, Set<string>>();
  const use = (stems: readonly string[], mark: string) => {
    const key = stems.join(' ');
    users.set(key, (users.get(key) ?? new Set()).add(mark));
  };
  for (const { words, mark } of reads) {
    const stems = [...words.keys()].filter((stem) => !GENERAL.has(stem)).sort();
    for (const [index, stem] of stems.entries()) {
      if (size === 1) use([stem], mark);
      else for (const other of stems.slice(index + 1)) use([stem, other], mark);
    }
  }
  const found = [...users].filter(([, marks]) => marks.size >= least);
  found.sort(([a, one], [b, two]) => two.size - one.size || (a < b ? -1 : 1));
  return found[0]?.[0].split(' ');
}

/** The words that enough of them used, as most of them wrote each, in the order of a question that has most of them. */
function labelFor(covered: readonly Read[], least: number): string {
  const forms = new Map<string, Map<string, Set<string>>>();
  for (const { words, mark } of covered) {
    for (const [stem, word] of words) {
      const marks = forms.get(stem) ?? new Map<string, Set<string>>();
      forms.set(stem, marks.set(word, (marks.get(word) ?? new Set()).add(mark)));
    }
  }
  const shared = new Map<string, { readonly word: string; readonly people: number }>();
  for (const [stem, words] of forms) {
    const everybody = new Set([...words.values()].flatMap((marks) => [...marks]));
    const [word, marks] =
      [...words].sort(([a, one], [b, two]) => two.size - one.size || (a < b ? -1 : 1))[0] ?? [];
    if (!word || !marks || everybody.size < least) continue;
    // A spelling that too few used gives way to the stem, which all of them share.
    shared.set(stem, { word: marks.size >= least ? word : stem, people: everybody.size });
  }
  const kept = new Set(
    [...shared]
      .sort(([, a], [, b]) => b.people - a.people)
      .slice(0, MOST_WORDS)
      .map(([stem]) => stem),
  );
  const fullest = [...covered].sort(
    (a, b) =>
      [...b.words.keys()].filter((s) => kept.has(s)).length -
      [...a.words.keys()].filter((s) => kept.has(s)).length,
  )[0];
  const order = [...(fullest?.words.keys() ?? []), ...kept].filter((stem) => kept.has(stem));
  return [...new Set(order)].map((stem) => shared.get(stem)?.word ?? stem).join(' ');
}
