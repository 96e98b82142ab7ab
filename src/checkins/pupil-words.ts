/**
 * Whether somebody's words look as if they named a pupil. Pure; which words are known (English, the trust's own, colleagues'
 * names) is given. Grown-ups, places and bodies are told by what stands beside them and set aside; what is left is looked
 * through for names and for the frames in which pupils are spoken of. It prefers catching: a draft held back costs a moment,
 * a name in a leader's digest cannot be taken back.
 */
import {
  type Colleagues,
  isAtWork,
  isPupilsDay,
  NO_COLLEAGUES,
  withoutFullNames,
} from './colleague-words.ts';
import { ALSO_WORDS, GIVEN, LETTERS, NOBODY } from './pupil-names.ts';

/** `isKnown`: of a word in lower case, that it is no pupil's name; `colleagues`: names that somebody on the staff bears. */
export function namesPupil(
  text: string,
  isKnown: (word: string) => boolean,
  colleagues: Colleagues = NO_COLLEAGUES,
): boolean {
  const plain = withoutFullNames(text.normalize('NFC'), colleagues)
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(NO_WORD, ' ')
    .replace(CAPITALS, (word) => (isShouted(word, isKnown) ? word[0] + word.slice(1).toLowerCase() : word));
  const left = setAside(plain);
  const kindOf = kinds(isKnown, colleagues);
  return (
    SURE.some((frame) => frame.test(left)) ||
    BY_CLASS.some((frame) =>
      [...left.matchAll(frame)].some(([, first = '', second]) => standsInClass(kindOf, first, second)),
    ) ||
    FRAMED.some((frame) => [...left.matchAll(frame)].some(([, name = '']) => kindOf(name) !== 'word')) ||
    [...left.matchAll(TOGETHER)].some(
      ([, name = '']) => !isNobody(name) && !COHORTS.has(name.toLowerCase()),
    ) ||
    [...left.matchAll(KINDRED)].some(([, name = '']) => GIVEN.has(name.toLowerCase())) ||
    [...left.matchAll(LOWER_KIN)].some(([, name = '']) => isChildsName(name)) ||
    standsAlone(left, kindOf)
  );
}

/** Whether a word with a capital is one that children are called, whatever else it means. */
export function holdsGivenName(text: string): boolean {
  return (text.match(/(?<!\p{L})\p{Lu}[\p{L}'-]*/gu) ?? []).some((word) => {
    const bare = word.toLowerCase().replace(/'(?:s|d|m|ll|re|ve)?$/, '');
    return GIVEN.has(bare) || ALSO_WORDS.has(bare);
  });
}

/** A place, a tongue, a scheme or a maker that schools write of. */
export function isNobody(word: string): boolean {
  return NOBODY.has(word.toLowerCase().replace(/'s?$/, ''));
}

/** Nobody is called so, and looking through it takes long. */
const NO_WORD = /[\p{L}'-]{61,}/gu;

/** Capitals are mostly short for something; registers and tired people write names so as well. */
const CAPITALS = /(?<![\p{L}\d])\p{Lu}{4,}(?![\p{L}\d])/gu;

function isShouted(word: string, isKnown: (word: string) => boolean): boolean {
  const low = word.toLowerCase();
  return GIVEN.has(low) && !isNobody(low) && !isKnown(low);
}

type Kind = 'given' | 'either' | 'strange' | 'colleague' | 'shared' | 'word';

/** Given names that a dictionary has as words, too, which nobody writes in a note. */
const NAMES_FIRST = new Set(['harry', 'maria', 'mike', 'peter']);

/**
 * `given`: a given name and nothing else; `either`: a given name that is a word too; `strange`: no word we know; `shared`: a
 * child's given name that a colleague has as well; `colleague`: a colleague's that children seldom have.
 */
function kinds(isKnown: (word: string) => boolean, colleagues: Colleagues): (typed: string) => Kind {
  const kept = new Map<string, Kind>();
  const plain = (typed: string): Kind => {
    if (/n't$/i.test(typed)) return 'word';
    const word = typed.toLowerCase().replace(/'(?:s|d|m|ll|re|ve)?$/, '');
    const bare = word.normalize('NFD').replace(/\p{M}/gu, '');
    if (isNobody(bare) || bare.length < 2) return 'word';
    const child = GIVEN.has(bare) || ALSO_WORDS.has(bare);
    if (colleagues.given.has(word)) return child ? 'shared' : 'colleague';
    const known = isKnown(word) || isKnown(bare);
    if (ALSO_WORDS.has(bare) || (GIVEN.has(bare) && known && !NAMES_FIRST.has(bare))) return 'either';
    if (GIVEN.has(bare)) return 'given';
    if (known || isKnown(bare.replace(/e?s$/, '')) || isSlip(bare, isKnown)) return 'word';
    return 'strange';
  };
  return (typed) => {
    const found = kept.get(typed);
    if (found) return found;
    const parts = typed.split(/[-]/).filter(Boolean);
    const all = parts.map(plain);
    // "Lily-Rose": two such words together are a name.
    const double = all.length > 1 && all.every((one) => one === 'either');
    const kind =
      (double ? 'given' : all.find((one) => one === 'given' || one === 'shared')) ??
      (all.every((one) => one === 'word')
        ? 'word'
        : (all.find((one) => one === 'strange' || one === 'colleague') ?? 'either'));
    kept.set(typed, kind);
    return kind;
  };
}

/** Whether a long word is one slip away from a known one: a letter too many, two that changed places, one wrong or left out. */
function isSlip(word: string, isKnown: (word: string) => boolean): boolean {
  if (word.length < 6) return false;
  for (let place = 1; place < word.length; place += 1) {
    const before = word.slice(0, place);
    const after = word.slice(place + 1);
    if (isKnown(before + after)) return true;
    if (after && isKnown(`${before}${after[0]}${word[place]}${after.slice(1)}`)) return true;
    for (const letter of 'abcdefghijklmnopqrstuvwxyz')
      if (isKnown(`${before}${letter}${after}`) || isKnown(`${before}${letter}${word[place]}${after}`))
        return true;
  }
  return false;
}

const L = "[\\p{L}'-]";
/** A word with a capital: not all of capitals, nor one within, but for McKenzie, O'Shea and D'Andre. */
const NAME = `(?:(?:Mc|Mac|O'|D'|De|La|Le|Ja'|Fitz)?\\p{Lu}(?:\\p{Ll}|')*\\p{Ll}(?:-\\p{Lu}\\p{Ll}+)*)`;
const ANY = `(?:\\p{L}${L}*\\p{Ll})`;
const YEAR = `(?:(?:[Yy]ear|[Yy]r|[Yy])s?\\.?\\s?\\d{1,2}s?(?:\\s?[A-Z]{1,2})?|\\d{1,2}\\s?(?:[A-Z]{1,2}|Oak|Ash|Elm|Beech|Birch|Willow)|[Rr]eception|[Nn]ursery|[Ff]orm \\d+\\p{L}?|[Cc]lass \\d+\\p{L}?)(?![\\p{L}\\d%])`;
/** Between a name and its class, either way. */
const JOIN = '(?:\\s+(?:in|from|of)\\s+|\\s*[,(]\\s*|\\s+)';
const KIN =
  '(?:attendance|behaviour|progress|mum|mother|mam|dad|father|stepdad|parents?|nan|nana|gran|grandma|grandad|grandmother|grandfather|auntie?|aunt|uncle|sister|brother|siblings?|twin|family|families|foster|carers?|home|house|plan|absences?|support|EHCP|PEP|EHA|reading age|timetable|social worker|key ?worker|tutor|teacher|lates|lateness|referral|place|review)';
const CHILD =
  "(?:pupil|student|child|boy|girl|lad|lass|kid|learner|tutee|starter|reader|absentee|attender|refuser|carer|mentee|captain|prefect|twin|sister|brother|daughter|son)(?:'s)?";

const TITLE =
  '(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lady|Lord|Rev|Reverend|Revd|Fr|Father|Sister|Sr|Nurse|Coach|PC|PCSO|Sgt|Officer|Inspector|Cllr|Councillor|Canon|Imam|Rabbi|Bishop)';
const ROLE =
  '(?:head ?teacher|head|deputy(?: head)?|assistant head|principal|teacher|TA|HLTA|LSA|ECT|NQT|teaching assistant|assistant|learning mentor|mentor|SENC[oO]|SENDC[oO]|DSL|EWO|EP|ed(?:ucational)? psych(?:ologist)?|psychologist|therapist|counsellor|officer|technician|manager|business manager|caretaker|secretary|receptionist|bursar|clerk|cook|cleaner|governors?|chair|chair of governors|trustee|adviser|advisor|consultant|trainer|coach|inspector|worker|family worker|interpreter|translator|nurse|doctor|librarian|lead|leader|head of (?:year|department|\\p{L}+)|coordinator|co-ordinator|director|CEO|COO|CFO|vicar|builder|driver|colleague|volunteer|speaker|author|poet|invigilator|supervisor|supply|agency|cover|MP|liaison officer|attendance officer|coordinators|partner)';
const OFFICE =
  '(?:the )?(?:LA|L\\.A\\.|local authority|council|county|CAMHS|camhs|HR|hr|finance|payroll|admin|IT|ICT|estates|premises|catering|the hub|hub|maths hub|english hub|trust|MAT|DfE|dfe|Ofsted|NHS|social care|early help|virtual school|safeguarding team|central team|agency|union|charity|EWS|SALT|CYPS|MASH)(?![\\p{L}])';
const THING =
  '(?i:day|week|month|trip|cop(?:y|ies)|books?|book club|reading (?:club|scheme|tree|challenge)|library|training|programme|scheme|project|course|topic|unit|texts?|licen[cs]es?|logins?|accounts?|quizzes|platform|app|award|trust|foundation|framework|walkthrus|principles|approach|model|school|schools|academy|college|primary|infants?|juniors?|high|grammar|nursery|hub|council|university|hospital|surgery|road|street|lane|house system|centre|church|cathedral|team|cluster|region|conference|office|offices|advisers?|city|county|borough|screening|sessions?|volunteers|chapel|community|people|bank|charity|group|groups|workshops?|deliver(?:y|ies)|history|maths|tablets?|laptops?|devices?|software|system|website|page|sheet|file|census|assembly|inspector|helpline|grids?|check|screener|materials|resources|posters|cards)(?![\\p{L}])';
const USED =
  '(?:(?:is|are|was|were|has been|have been)\\s+(?:\\p{Ll}+\\s+)?(?:used|taught|live|installed|set up|bought|in place|rolled out|bedded in|available|finished|expired|slow|popular|ordered|delivered|replaced|renewed|trialled|funded|open)|has changed|have changed|logins?|expire[sd]?|do not reply|has dates)';

/** Grown-ups, places and things that have a name: put out of sight before pupils are looked for. */
const ASIDE: readonly RegExp[] = [
  new RegExp(
    `(?<![\\p{L}])${TITLE}\\.?\\s+${NAME}(?:[\\s-]+${NAME})?(?:'s)?(?!\\s+(?:${KIN}|twins|brothers|sisters))`,
    'gu',
  ),
  // "the SENCo, Karen Whitfield", "our new TA Gemma", "site manager Steve".
  new RegExp(
    `(?<![\\p{L}])${ROLE}(?:\\s+at\\s+\\p{L}+|\\s+\\(\\p{L}+\\))?,?\\s+(?:is\\s+|called\\s+)?${NAME}(?:\\s+${NAME})?(?!\\s*,?\\s*(?:in|from|of)?\\s*${YEAR})(?:,)?`,
    'gu',
  ),
  // "Sarah Jones, SENCo", "Dave (EWO)", "Chris Hall the attendance officer", "Tom, our ICT technician".
  new RegExp(
    `(?<![\\p{L}])${NAME}(?:\\s+${NAME})?(?:,\\s*|\\s*\\(\\s*|\\s+)(?:is\\s+)?(?:(?:our|the|my|a|their|new|lead|senior|school|trust|link|site|ICT|IT|family|attendance|speech|deputy|assistant|supply|office|year|phase|subject|maths|english|science|reading|phonics|pastoral|parent)\\s+)*${ROLE}(?![\\p{L}])\\)?`,
    'gu',
  ),
  new RegExp(`(?<![\\p{L}])${ANY}(?:\\s+${NAME})?\\s+(?:at|from|in|of|with|\\()\\s*${OFFICE}`, 'gu'),
  new RegExp(
    `(?<![\\p{L}])${NAME}(?:\\s+${NAME})?\\s+(?:in|at|from)\\s+the\\s+(?:(?:school|main|front)\\s+)?(?:office|library|kitchen)`,
    'gu',
  ),
  // "Sarah and Priya are leading the training".
  new RegExp(
    `(?<![\\p{L}])${NAME}(?:\\s+${NAME})?(?:\\s+and\\s+${NAME}(?:\\s+${NAME})?)?\\s+(?:is|are|will be|was|were)?\\s*(?:leading|leads|teaching|teaches|delivering|delivers|covering|covers|training|trains|coaching|coaches|observing|chairing|chairs)(?![\\p{L}])(?! the (?:assembly|school council|line|prayers))`,
    'gu',
  ),
  new RegExp(`(?<![\\p{L}])St\\.?\\s+${NAME}(?:'s)?(?:\\s+${NAME})?`, 'gu'),
  new RegExp(`(?<![\\p{L}])${NAME}(?:'s)?(?:\\s+(?:and|of|${NAME})){0,4}\\s+(?:${NAME}\\s+)?${THING}`, 'gu'),
  new RegExp(`(?<![\\p{L}])${NAME}(?:\\s+${NAME}){0,3}\\s+${USED}`, 'gu'),
];

/** A pupil may be in the office, too: a child's given name is left standing there. */
function setAside(text: string): string {
  return ASIDE.reduce(
    (left, pattern) =>
      left.replace(pattern, (found) =>
        / the (?:\p{Ll}+ )?(?:office|library|kitchen)$/u.test(found) &&
        GIVEN.has(found.split(' ')[0]?.toLowerCase() ?? '')
          ? found
          : ' \u00b7 ',
      ),
    text,
  );
}

/** These say a pupil by themselves. */
const SURE: readonly RegExp[] = [
  /(?<![\p{L}])(?:the|my|our|both|these|those)(?: \p{Ll}+)? (?:twins|triplets)(?![\p{L}])/iu,
  // "J.S. still out": letters with points are nobody's shorthand for a thing.
  /(?<![\p{L}.])(?!U\.K|U\.S|L\.A|N\.B|P\.E|R\.E|I\.T|D\.T|P\.S|A\.M|P\.M)\p{Lu}\.\s?\p{Lu}\.?(?![\p{L}\d])/u,
];

const INITIALS = '\\p{Lu}\\.?\\s?\\p{Lu}\\.?(?:\\s?\\p{Lu}\\.?)?';
const BY_CLASS: readonly RegExp[] = [
  new RegExp(`(?<![\\p{L}])(${INITIALS})${JOIN}${YEAR}`, 'gu'),
  new RegExp(`${YEAR}\\s*[:,(-]?\\s*(${INITIALS})(?![\\p{L}\\d])`, 'gu'),
  // "JS & TK (9B)", "Y9: JS, TK and RB".
  new RegExp(`(?<![\\p{L}])(${INITIALS})\\s*(?:,|&|and)\\s*${INITIALS}(?![\\p{L}\\d])`, 'gu'),
  new RegExp(`(?<![\\p{L}])(${ANY})(?:\\s+(${ANY}))?${JOIN}${YEAR}`, 'gu'),
  new RegExp(`(?<![\\p{L}])(${ANY})\\s+(\\p{Lu})\\.?${JOIN}${YEAR}`, 'gu'),
  new RegExp(`(?<![\\p{L}])([B-HJ-Z])\\.?\\s+${NAME}${JOIN}${YEAR}`, 'gu'),
  new RegExp(`${YEAR}\\s*(?:,|:|-)?\\s+(?:${CHILD},?\\s+)?(${NAME})(?![\\p{L}])`, 'gu'),
];

/** A name in such a place is a pupil's, unless it is a word. */
const FRAMED: readonly RegExp[] = [
  new RegExp(`(?<![\\p{L}])${CHILD},?\\s*\\(?(?:called\\s+|named\\s+|is\\s+)?(${NAME})`, 'gu'),
  new RegExp(`(?<![\\p{L}])${CHILD}\\s+(?:called|named)\\s+(${ANY})`, 'gu'),
  new RegExp(`(?<![\\p{L}])(${NAME})(?:'s?|s)\\s+(?:\\p{Ll}+\\s+)?${KIN}(?![\\p{L}])`, 'gu'),
  new RegExp(`(?<![\\p{L}])(${NAME})\\s+and (?:his|her|their) (?:${KIN})`, 'gu'),
  new RegExp(`(?<![\\p{L}])(?:family|mum|dad|parents|nan|mother|father)\\s+of\\s+(${ANY})`, 'gu'),
  // "Freddie B", "Tom P."
  new RegExp(`(?<![\\p{L}])(${NAME})\\s+(?![AI]\\s)\\p{Lu}\\.?(?:'s)?(?![\\p{L}\\d.])`, 'gu'),
];

/** "the Turner boys": a capital where none is due makes a surname even of a word. */
const TOGETHER = new RegExp(
  `(?:the|both|three|two|four|other)\\s+(?:(?:three|two|four|other)\\s+)?(${NAME})\\s+(?:twins|triplets|brothers|sisters|siblings|boys|girls|children|family)(?![\\p{L}])`,
  'gu',
);
const COHORTS = new Set([
  'reception',
  'nursery',
  'year',
  'form',
  'class',
  'key',
  'early',
  'pupil',
  'premium',
  'primary',
  'secondary',
]);
/** "connors dad". */
const KINDRED = new RegExp(`(?<![\\p{L}])(\\p{L}+?)s\\s+${KIN}(?![\\p{L}])`, 'gu');
/** "grace's parents": written small, a name that is a word too tells only beside people. */
const LOWER_KIN =
  /(?<![\p{L}])(\p{Ll}+)'s (?:mum|mam|mother|dad|father|stepdad|parents?|nan|nana|gran|grandma|sister|brother|siblings?|family|carers?)(?![\p{L}])/gu;

function isChildsName(name: string): boolean {
  return !SEASONS.has(name) && (GIVEN.has(name) || ALSO_WORDS.has(name));
}

function standsInClass(kindOf: (typed: string) => Kind, first: string, second: string | undefined): boolean {
  const letters = first.replace(/[^\p{L}]/gu, '');
  if (letters.length > 0 && letters === letters.toUpperCase())
    return !LETTERS.has(letters.toLowerCase()) && letters.length < 4;
  const isNamed = (word: string) => {
    const kind = kindOf(word);
    if (kind === 'given') return true;
    return isCapital(word) && kind !== 'word' && !SEASONS.has(word.toLowerCase());
  };
  // "Sophie covers Year 4": what stands between is done by a colleague, and is judged where the name stands.
  const borne = ['shared', 'colleague'].includes(kindOf(first));
  if (borne && second !== undefined && second.length > 1 && !isCapital(second)) return isNamed(second);
  return isNamed(first) || (second !== undefined && second.length > 1 && isNamed(second));
}

/** Of words that are names too, those that stand before a class and name nobody. */
const SEASONS = new Set([
  'art',
  'may',
  'june',
  'april',
  'august',
  'summer',
  'spring',
  'winter',
  'autumn',
  'will',
  'trip',
]);

/** Colours, wishes and months, which begin sentences more often than names do. */
const NEVER_FIRST = new Set([...SEASONS, 'amber', 'hope', 'mark', 'max', 'grant', 'rose', 'bill']);

/** Names that stand where they like: a given name, or a strange word with a capital where a sentence does not begin. */
function standsAlone(text: string, kindOf: (typed: string) => Kind): boolean {
  const words = [...text.matchAll(new RegExp(`(?<![\\p{L}\\d.@/])${ANY}(?![\\p{L}\\d@/])`, 'gu'))];
  return words.some((found, place) => {
    const word = found[0];
    const kind = kindOf(word);
    if (kind === 'given') return true;
    if (kind === 'shared' || kind === 'colleague') {
      const end = found.index + word.replace(/'s?$/, '').length;
      return isChild(kind, word, text.slice(0, found.index), text.slice(end));
    }
    if (kind === 'word' || !isCapital(word) || !new RegExp(`^${NAME}(?:'s)?$`, 'u').test(word)) return false;
    const before = text.slice(0, found.index);
    const after = text.slice(found.index + word.length);
    const next = words[place + 1];
    const begins = BEGINS.test(before);
    if (
      kind === 'either' &&
      begins &&
      !NEVER_FIRST.has(word.toLowerCase()) &&
      DOES.test(after) &&
      isPupilsDay(after)
    )
      return true;
    if (kind === 'either')
      return (
        !SEASONS.has(word.toLowerCase()) &&
        !ASKED_OF.test(before) &&
        !begins &&
        /\p{Ll}[,:]?\s$/u.test(before) &&
        !/^\s+\p{Lu}/u.test(after)
      );
    if (PLACED.test(before)) return false;
    if (!begins) return true;
    const together = next && /^\s+$/.test(text.slice(found.index + word.length, next.index));
    return DOES.test(after) || (together === true && isCapital(next[0]) && kindOf(next[0]) !== 'word');
  });
}

/** Of a colleague's given name that stands alone, whether a child is meant. Where nothing tells, a name that children have is one. */
function isChild(kind: 'shared' | 'colleague', word: string, before: string, after: string): boolean {
  const plain = !isCapital(word) && ALSO_WORDS.has(word.toLowerCase());
  if (plain || (ASKED_OF.test(before) && !isPupilsDay(after))) return false;
  if (kind === 'colleague') return isCapital(word) && isPupilsDay(after);
  return !isAtWork(before, after);
}

function isCapital(word: string): boolean {
  return /^\p{Lu}/u.test(word);
}

/** Whom work waits for is a colleague, where the name is known as one's or is a word; "waiting on Amira's mum" is framed above. */
const ASKED_OF =
  /(?:waiting (?:on|for)|(?:have |has |had )?(?:asked|chased)|chasing|meeting with|agreed with|(?:reply|answer|decision|sign-off|approval|cover|support|figures|data|dates?) (?:from|by)|unblocked by)(?: \p{Lu}\p{Ll}+ (?:and|or))?\s$/iu;

/** Who is "in Whitby" is nobody: a place stands there. */
const PLACED = /(?:^|\s)(?:in|near|around|outside|across)\s$/iu;

const BEGINS = /(?:^|[.!?:\n\u2013-]\s*|[.!?]["']?\s+)$/u;

/** What a name at the beginning is followed by, and a misspelt word less often. */
const DOES =
  /^(?:'s)?(?:\s*[,:(\u2013-]\s*|\s+(?:is|isn't|was|wasn't|has|hasn't|still|keeps|refuse[sd]|won't|can't|cannot|came|attends?|attended|miss(?:ed|es)|absent|late|now|and|did|does|will|left|walked|needs?|got|broke|started|moved|passed|reads?|never|not|back|out|off|in)(?![\p{L}])|\s+\d|\s*$)/u;
