/**
 * Reads the training phrases of the safety recogniser and makes variants of them: templates filled from slots, slips and
 * text-speak as people type them. The same seed gives the same phrases. Knows the file format, not what is learnt.
 *
 * The format: `== kind / category` opens a section, `slot: a | b` fills `{slot}` in a template, `~ …{+}…` is a frame for the
 * section's parts, `+ …` such a part; other lines are phrases.
 */
import { type Seeded, seeded } from '../../src/kernel/seeded.ts';

export type Kind = 'child' | 'colleague' | 'self' | 'ordinary';
/** `source` is the line as written: variants of one line stay together when some are held out. */
export type Phrase = {
  readonly kind: Kind;
  readonly category: string;
  readonly source: string;
  readonly text: string;
};

const PER_PART = 3;
const KINDS: readonly Kind[] = ['child', 'colleague', 'self', 'ordinary'];

/** The phrases of one or more files joined, templates filled `perTemplate` times. Throws on a line it cannot place. */
export function readPhrases(file: string, perTemplate = 12): Phrase[] {
  const lines = file
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length > 0 && !line.startsWith('#'));
  const slots = new Map<string, readonly string[]>();
  for (const line of lines) {
    const slot = /^([a-z_]+): (.*)$/.exec(line);
    if (slot?.[1] && slot[2]?.includes('|'))
      slots.set(
        slot[1],
        slot[2].split('|').map((word) => word.trim()),
      );
  }
  const phrases: Phrase[] = [];
  const random = seeded(20_260_901);
  let section: { kind: Kind; category: string } | undefined;
  let frames: string[] = [];
  for (const line of lines) {
    const head = /^== (\w+) \/ (.+)$/.exec(line);
    const kind = KINDS.find((one) => one === head?.[1]);
    if (head?.[2] && kind) {
      section = { kind, category: head[2] };
      frames = [];
    } else if (head) throw new Error(`No such kind: ${line}`);
    else if (/^[a-z_]+: .*\|/.test(line)) continue;
    else if (!section) throw new Error(`No section before: ${line}`);
    else if (line.startsWith('~ ')) frames.push(line.slice(2));
    else if (line.startsWith('+ ')) {
      for (let time = 0; time < PER_PART; time += 1) {
        const frame = frames[random.whole(0, frames.length - 1)] ?? '{+}';
        phrases.push({
          ...section,
          source: line,
          text: fill(frame.replace('{+}', line.slice(2)), slots, random),
        });
      }
    } else if (line.includes('{')) {
      const filled = new Set<string>();
      for (let time = 0; time < perTemplate; time += 1) filled.add(fill(line, slots, random));
      for (const text of filled) phrases.push({ ...section, source: line, text });
    } else phrases.push({ ...section, source: line, text: line });
  }
  return phrases;
}

function fill(template: string, slots: ReadonlyMap<string, readonly string[]>, random: Seeded): string {
  let text = template;
  for (let depth = 0; depth < 3 && text.includes('{'); depth += 1) {
    text = text.replace(/\{([a-z_]+)\}/g, (_, name: string) => {
      const words = slots.get(name);
      if (!words) throw new Error(`No slot {${name}} for: ${template}`);
      return words[random.whole(0, words.length - 1)] ?? '';
    });
  }
  return text.replace(/\s+/g, ' ').trim();
}

const TEXT_SPEAK: Readonly<Record<string, string>> = {
  you: 'u',
  are: 'r',
  to: '2',
  for: '4',
  and: 'n',
  with: 'wiv',
  her: 'her',
  "don't": 'dont',
  "doesn't": 'doesnt',
  "can't": 'cant',
  "won't": 'wont',
  "she's": 'shes',
  "he's": 'hes',
  "i'm": 'im',
  going: 'goin',
  what: 'wot',
  said: 'sed',
  says: 'sez',
  today: '2day',
  tonight: '2nite',
  night: 'nite',
  someone: 'sum1',
  because: 'coz',
  please: 'pls',
  before: 'b4',
  about: 'abt',
  something: 'smth',
  people: 'ppl',
  teacher: 'tchr',
  really: 'rly',
  keeps: 'keeps',
  the: 'da',
  that: 'dat',
  this: 'dis',
  know: 'kno',
};

/** `text` as it might be typed in a hurry: in lower case, without marks, with slips or in text-speak. */
export function hurry(text: string, random: Seeded): string {
  let hurried = random.chance(0.7) ? text.toLowerCase() : text;
  if (random.chance(0.6)) hurried = hurried.replace(/[.,'’;:!]/g, '');
  const speak = random.chance(0.45);
  return hurried
    .split(' ')
    .map((word) => {
      const short = TEXT_SPEAK[word.toLowerCase()];
      if (speak && short !== undefined && random.chance(0.6)) return short;
      return /^[a-z]{5,}$/i.test(word) && random.chance(0.09) ? slip(word, random) : word;
    })
    .join(' ');
}

function slip(word: string, random: Seeded): string {
  const at = random.whole(1, word.length - 2);
  switch (random.whole(0, 2)) {
    case 0:
      return word.slice(0, at) + word.slice(at + 1);
    case 1:
      return word.slice(0, at) + word[at] + word.slice(at);
    default:
      return word.slice(0, at) + word.slice(at + 1, at + 2) + word[at] + word.slice(at + 2);
  }
}
