/**
 * Whether a message asks how attendance is, and of whom: a school, the trust, one's own school, a smaller group, a child.
 * Narrow on purpose: what asks for a rule, a reason or a person is not ours, and goes to the documents. Pure.
 */
import { fold } from '../kernel/text.ts';

export type Asked =
  | { readonly kind: 'school'; readonly urn: string }
  | { readonly kind: 'own' }
  | { readonly kind: 'trust' }
  /** A year, a class, a group within a school: nothing is said of those in chat. */
  | { readonly kind: 'part' }
  /** A child, or children one by one. */
  | { readonly kind: 'child' }
  | { readonly kind: 'unknown-school' };

/** `week`: an ISO week that was named; `day`: something shorter or looser than a week was. */
export type Question = {
  readonly asked: Asked;
  readonly when: { readonly kind: 'newest' | 'day' } | { readonly kind: 'week'; readonly week: string };
};

type Named = { readonly urn: string; readonly name: string };

/** Asks for a rule, a reason, a person or a plan: the documents answer that. */
const NOT_OURS =
  /\b(polic\w*|persistent|severe|authorised|unauthorised|asked|wants?|wanted|governors?|guidance|rules?|codes?|should|must|need|mean\w*|why|procedure\w*|process|letters?|penalt\w*|fines?|strateg\w*|lead\w*|improv\w*|plans?|targets?|aims?|priorit\w*|officer|important|matters?|register\w*|record(?:s|ing)?|report(?:ing|s)?|monitor\w*|expect\w*|support\w*|help|raise|tackle|nationally|national|england|council|authority|between|because|training|meeting\w*|form)\b/;
const ABSENT_PEOPLE =
  /^(?:who|which (?:pupils|children|students|kids)|what (?:pupils|children|students))\b.*\b(?:absent|away|off school|off today|missing|persistently absent|late)\b|\b(?:names?|list) of (?:the )?(?:pupils|children|students|kids)\b.*\b(?:attendance|absen\w+|away)\b/;
const SUBJECT_WORD = '(?:attendance|absence|absences)';
const LEAD =
  "(?:(?:and|so|hi|hello|please|waymark|thanks|ok|okay|can you|could you|do you know)[, ]+)*(?:how(?: is|'s| was| are we doing (?:on|for|with)| are things with| did we do (?:on|for))|what(?: is|'s| was| were| are)|tell me|show me|give me)";
const TIME =
  '(?:last week|this week|today|yesterday|now|right now|at the moment|currently|so far|this (?:term|year|month)|last (?:term|year|month)|on (?:mon|tues|wednes|thurs|fri)day|week (?:of|commencing|beginning) [\\w ]+|(?:in |for )?(?:week )?\\d{4}-w\\d{2})';
const TAIL = '(?: (?:rate|rates|figures?|numbers?|percentage|data|like|looking|doing|going))*';
const ASKS = new RegExp(
  `^(?:${LEAD} )?(?<whose>(?:[\\p{L}\\p{N}'.-]+ ){0,5})${SUBJECT_WORD}${TAIL}(?<rest>(?: .*)?)$`,
  'u',
);
const DAYS_MISSED =
  /^how (?:many|much) (?:days?|sessions?|school)?\s*(?:has|have|did|was) (?<who>.+?) (?:missed?|been (?:absent|away|off)|attend(?:ed)?)\b/;
const IS_AWAY =
  /^(?:is|was|has) (?!the |there |it |this |that )(?<who>[\p{L}' -]+?) (?:been )?(?:absent|off school|away from school|in school|at school)\b.*$/u;

/** What is asked; undefined for everything that does not ask for figures of attendance. */
export function readQuestion(
  text: string,
  trust: { readonly schools: readonly Named[]; readonly names: readonly string[] },
): Question | undefined {
  const words = fold(text)
    .replace(/[?!.]+$/g, '')
    .replace(/[,;]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (words.length > 160) return undefined;
  const when = whenOf(words);
  if (ABSENT_PEOPLE.test(words)) return { asked: { kind: 'child' }, when };
  const missed = DAYS_MISSED.exec(words)?.groups?.who ?? IS_AWAY.exec(words)?.groups?.who;
  if (missed !== undefined) {
    const asked = subjectOf(missed, trust);
    return asked?.kind === 'child' ? { asked, when } : undefined;
  }
  const found = ASKS.exec(words)?.groups;
  if (!found || NOT_OURS.test(withoutNames(words, trust))) return undefined;
  const plain = new RegExp(`^(?:${LEAD}) `).test(words) || /^\S+(?: \S+){0,6}$/.test(words);
  if (!plain) return undefined;
  const asked = askedOf(found.whose ?? '', found.rest ?? '', trust);
  return asked && { asked, when };
}

function askedOf(
  whose: string,
  rest: string,
  trust: { readonly schools: readonly Named[]; readonly names: readonly string[] },
): Asked | undefined {
  const time = new RegExp(`\\b${TIME}\\b`, 'gu');
  const before = whose
    .replace(time, ' ')
    .replace(/'s?(?= |$)/g, ' ')
    .trim();
  const after = rest
    .replace(time, ' ')
    .replace(/\b(?:at|in|for|of|across|among|over|within|during|the|like|looking|doing)\b/g, ' ')
    .replace(/'s?(?= |$)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const owner = before
    .replace(/\b(?:the|our|my|latest|current|whole|school|overall|weekly|please|is|was|last|week)\b/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const own = /\b(?:our|my|us|we|here)\b/.test(`${before} ${after}`) || (owner === '' && after === '');
  const subject = [after, owner].filter((part) => part !== '').join(' ');
  if (subject === '') return { kind: 'own' };
  return subjectOf(subject, trust) ?? (own ? { kind: 'own' } : undefined);
}

const OWN = /^(?:our|my|the|this)?\s*(?:school|us|we|here|academy|primary)$/;
const TRUST =
  /^(?:the |our )?(?:whole |all )?(?:trust|(?:of )?(?:our |the )?schools|every school|everyone|everybody)$/;
const PART =
  /\b(?:years?|reception|nursery|class|classes|form|tutor|group|groups|key stage|ks\d|y\d{1,2}|\d{1,2}[a-z]|boys|girls|sixth|send|sen|eal|fsm|pp|pupil premium|premium|disadvantaged?|looked after)\b/;
const SCHOOLISH = /\b(?:school|academy|primary|secondary|college|infants|juniors|high)\b/;
/** Words that may stand in a subject without anybody being meant. */
const NOBODY =
  /^(?:pupils?|children|students?|kids|staff|everyone|people|good|bad|ok|okay|well|going)(?: .*)?$/;

function subjectOf(
  subject: string,
  trust: { readonly schools: readonly Named[]; readonly names: readonly string[] },
): Asked | undefined {
  const words = subject.replace(/\s+/g, ' ').trim();
  const school = schoolIn(words, trust.schools);
  if (PART.test(school ? words.replace(fold(school.name), ' ') : words)) return { kind: 'part' };
  if (school) return { kind: 'school', urn: school.urn };
  if (OWN.test(words)) return { kind: 'own' };
  if (TRUST.test(words) || trust.names.some((name) => fold(name) === words.replace(/^the /, '')))
    return { kind: 'trust' };
  if (SCHOOLISH.test(words)) return { kind: 'unknown-school' };
  if (NOBODY.test(words)) return undefined;
  // What is left after all that a school can be asked of is a name.
  return /^[\p{L}'-]+(?: [\p{L}'.-]+){0,3}$/u.test(words) ? { kind: 'child' } : undefined;
}

/** By its whole name, or by the first word of it where no other school has that. */
function schoolIn(words: string, schools: readonly Named[]): Named | undefined {
  const whole = schools.filter(({ name }) => ` ${words} `.includes(` ${fold(name)} `));
  if (whole.length > 0) return whole.length === 1 ? whole[0] : undefined;
  const first = (name: string) => fold(name).split(' ')[0] ?? '';
  const part = schools.filter(({ name }) => words.split(' ')[0] === first(name) && first(name).length > 2);
  const rest = words.split(' ').slice(1).join(' ');
  return part.length === 1 && (rest === '' || SCHOOLISH.test(rest)) ? part[0] : undefined;
}

/** A school may be called after a word that is otherwise not ours. */
function withoutNames(words: string, trust: { readonly schools: readonly Named[] }): string {
  return trust.schools.reduce((left, { name }) => left.replaceAll(fold(name), ' '), words);
}

function whenOf(words: string): Question['when'] {
  const week = /\b(\d{4}-w\d{2})\b/.exec(words)?.[1];
  if (week) return { kind: 'week', week: week.toUpperCase() };
  const shorter =
    /\b(?:today|yesterday|this (?:morning|afternoon)|on (?:mon|tues|wednes|thurs|fri)day|this week|this (?:month|term|year)|last (?:month|term|year))\b/;
  return { kind: shorter.test(words) ? 'day' : 'newest' };
}
