/**
 * Whether a message asks how attendance is, and of whom: a school, the trust, one's own school, a smaller group, a child.
 * Narrow on purpose: what asks for a rule, a reason or a person is not ours, and goes to the documents. Pure.
 */
import { fold } from '../kernel/text.ts';
import { type Group, groupIn } from './asking-groups.ts';
import { TIME, type When, whenOf } from './asking-when.ts';

export type Asked =
  | { readonly kind: 'school'; readonly urn: string }
  | { readonly kind: 'own' }
  | { readonly kind: 'trust' }
  /** A year, a class, a group within a school or the trust. */
  | { readonly kind: 'part'; readonly group: Group; readonly of: Place }
  /** Which school is best or worst: nothing ranks them. */
  | { readonly kind: 'ranking' }
  /** A child, or children one by one. */
  | { readonly kind: 'child' }
  | { readonly kind: 'unknown-school' };

/** Whose figures. */
export type Place =
  | { readonly kind: 'school'; readonly urn: string }
  | { readonly kind: 'own' }
  | { readonly kind: 'trust' };

/** `counted`: how many pupils was asked, which no release says. */
export type Question = { readonly asked: Asked; readonly when: When; readonly counted?: true };

type Named = { readonly urn: string; readonly name: string };
export type KnownNames = { readonly schools: readonly Named[]; readonly names: readonly string[] };

/** Asks for a rule, a reason, a person or a plan: the documents answer that. */
const NOT_OURS =
  /\b(polic\w*|persistent|severe|authorised|unauthorised|asked|wants?|wanted|governors?|guidance|rules?|codes?|should|must|need|mean\w*|why|procedure\w*|process|letters?|penalt\w*|fines?|strateg\w*|lead\w*|improv\w*|plans?|targets?|aims?|priorit\w*|officer|important|matters?|register\w*|record(?:s|ing)?|report(?:ing|s)?|monitor\w*|expect\w*|support\w*|help|raise|tackle|nationally|national|england|council|authority|between|because|training|meeting\w*|form)\b/;
const ABSENT_PEOPLE =
  /^(?:who|which (?:pupils|children|students|kids)|what (?:pupils|children|students))\b.*\b(?:absent|away|off school|off today|missing|persistently absent|late)\b|\b(?:names?|list) of (?:the )?(?:pupils|children|students|kids)\b.*\b(?:attendance|absen\w+|away)\b/;
const SUBJECT_WORD = '(?:attendance|absence|absences)';
const LEAD =
  "(?:(?:and|so|hi|hello|please|waymark|thanks|ok|okay|can you|could you|do you know)[, ]+)*(?:how(?: is|'s| was| are we doing (?:on|for|with)| are things with| did we do (?:on|for))|what(?: is|'s| was| were| are)|tell me(?: about)?|show me|give me|(?:can|could|may) (?:i|we) (?:please )?(?:see|have|get|know)(?: about)?|let me see|i'?d like(?: to see)?|do you have|have you got|any)";
const TAIL = '(?: (?:rate|rates|figures?|numbers?|percentage|data|like|looking|doing|going))*';
const ASKS = new RegExp(
  `^(?:${LEAD} )?(?<whose>(?:[\\p{L}\\p{N}'.-]+ ){0,5})${SUBJECT_WORD}${TAIL}(?<rest>(?: .*)?)$`,
  'u',
);
const DAYS_MISSED =
  /^how (?:many|much) (?:days?|sessions?|school)?\s*(?:has|have|did|was) (?<who>.+?) (?:missed?|been (?:absent|away|off)|attend(?:ed)?)\b/;
const IS_AWAY =
  /^(?:is|was|has) (?!the |there |it |this |that )(?<who>[\p{L}' -]+?) (?:been )?(?:absent|off school|away from school|in school|at school)\b.*$/u;

/** `How many pupils were away`, `what % are in`. */
const HOW_MANY =
  /^(?:(?:and|so|please|waymark)[, ]+)*(?:(?:do you know|can you tell me|tell me) )?(?<measure>how many|what(?:'s| is)? (?:the )?(?:%|per ?cent|percentage|proportion|share)(?: of)?)(?: of)?(?<who>(?: [\p{L}\p{N}'-]+){0,5}?) (?:are|is|were|was|have been|has been|came|missed|attended)(?: (?:absent|away|off|missing|present|attending|not in|in(?= school\b| today\b| this\b| last\b| now\b| at\b|$)|(?:in|off|at|to) school|school|days?|sessions?))+(?<rest>(?: .*)?)$/u;
/** Sets schools side by side. */
const RANKS =
  /\b(?:worst|best|lowest|highest|poorest|weakest|strongest|bottom|top|rank\w*|league|compar\w+|better|worse|most|least)\b/;
const BETTER =
  /^(?:and |so )?(?:are|is|were|was|did|have|has|how (?:are|is|do|does)) (?<who>we|our school|.{2,40}?)(?: (?:doing|going|looking|getting|done|do|compared?|any|been|attendance|absence))*(?: (?:better|worse|up|down|higher|lower|improved|improving|different|the same))?(?: (?:or|than|on|from|as|to|with|compared|better|worse|down|up))+ (?:last week|the week before|the previous week)(?: (?:for|on|in) (?:attendance|absence))?$/;

/** Things that are called after attendance, and no figure of it: the documents know of them. */
const CALLED_AFTER_IT =
  /\battendance (?:awards?|prizes?|rewards?|certificates?|assembl\w+|badges?|stars?|trophy|trophies|cups?|champions?|challenge\w*|competitions?|celebrat\w+|panels?|clinics?|contracts?|agreements?|team|ladder|racing|bingo|incentives?|schemes?|events?|posters?|leaflets?|forms?|app|software|system|tracker|calendar)\b/;
/** One word behind it without "of" or "for" is what the thing is called, not whose it is. */
const COMPOUND =
  /^ (?!(?:at|in|for|of|across|among|over|within|during|by|this|last|today|yesterday|now|here|please|like|so)\b)[\p{L}'-]+$/u;

/** What is asked; undefined for everything that does not ask for figures of attendance. */
export function readQuestion(text: string, trust: KnownNames): Question | undefined {
  const words = plainWords(text);
  if (words.length > 160) return undefined;
  const when = whenOf(words);
  if (asksToRank(words, trust)) return { asked: { kind: 'ranking' }, when };
  if (ABSENT_PEOPLE.test(words)) return { asked: { kind: 'child' }, when };
  const missed = DAYS_MISSED.exec(words)?.groups?.who ?? IS_AWAY.exec(words)?.groups?.who;
  if (missed !== undefined) {
    const asked = subjectOf(missed, trust);
    return asked?.kind === 'child' ? { asked, when } : undefined;
  }
  const counted = HOW_MANY.exec(words)?.groups;
  if (counted && !NOT_OURS.test(withoutNames(words, trust))) {
    const who = (counted.who ?? '').replace(STAFF_ROLL, ' ').trim();
    const asked = STAFF.test(who) ? undefined : askedOf(who, counted.rest ?? '', trust);
    if (asked?.kind === 'child') return undefined;
    return asked && { asked, when, ...(counted.measure === 'how many' ? { counted: true } : {}) };
  }
  const better = BETTER.exec(words)?.groups?.who;
  if (better !== undefined) {
    const asked = better === 'we' ? ({ kind: 'own' } as const) : askedOf('', better, trust);
    if (asked && asked.kind !== 'child') return { asked, when: { kind: 'day' } };
  }
  if (CALLED_AFTER_IT.test(words)) return undefined;
  const found = ASKS.exec(words)?.groups;
  if (found && COMPOUND.test(found.rest ?? '') && !isPlace((found.rest ?? '').trim(), trust))
    return undefined;
  if (!found || NOT_OURS.test(withoutNames(words, trust))) return undefined;
  const plain = new RegExp(`^(?:${LEAD}) `).test(words) || /^\S+(?: \S+){0,6}$/.test(words);
  if (!plain) return undefined;
  const asked = askedOf(found.whose ?? '', found.rest ?? '', trust);
  return asked && { asked, when };
}

/** A school's own figures beside its earlier ones: nothing is ranked. */
const COMPARES =
  /^(?:and |so )?(?:how (?:does|do|did|has|is|was)|is|was|has) ((?:[\p{L}'-]+ ){0,5}?(?:attendance|absence)) (?:compared?|better|worse|up|down|higher|lower|improved|changed|any (?:better|worse))(?: (?:with|to|than|on|from|since|against))? (?=(?:this|last|the previous|previous) (?:(?:school|academic) )?year\b)/u;

/** As `fold` leaves them, without stops, with the apostrophes and letters that are often left out put back. */
export function plainWords(text: string): string {
  return fold(text)
    .replace(/[?!.]+$/g, '')
    .replace(/\b(20\d{2}) ?(?:\/|–|-|to) ?(?:20)?(\d{2})\b(?!-)/g, '$1-$2')
    .replace(/[,;?!]/g, ' ')
    .replace(/\b(what|how|who)s\b/g, "$1's")
    .replace(/\bwhat (?:our|the) (?=attend)/g, "what's our ")
    .replace(COMPARES, 'how is $1 ')
    .replace(/\b(?:attendence|attendace|atendance|attandance|attendnace)\b/g, 'attendance')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Whom a count of pupils is of, where it is of all. */
const STAFF_ROLL = /\b(?:of (?:our|the|my)|pupils?|children|students?|kids|of)\b/g;
const STAFF = /\b(?:staff|teachers?|tas?|adults?|governors?|people|documents?|milestones?)\b/;

function asksToRank(words: string, trust: KnownNames): boolean {
  if (!/\b(?:attendance|absences?|attending|absent)\b/.test(words) || !RANKS.test(words)) return false;
  if (/\bhow (?:do|can|should|could)\b|\bwhy\b|\b(?:pupils|children|students|kids)\b/.test(words))
    return false;
  const named = trust.schools.filter(({ name }) => new RegExp(`\\b${firstWord(name)}\\b`).test(words));
  return (
    named.length > 1 ||
    /\b(?:which|what|whose|who's|rank|compare|list|order|table)\b.*\b(?:schools?|school's|academy|academies|primary|primaries|secondary|secondaries|years?|classes|year groups?|one)\b/.test(
      words,
    ) ||
    /^(?:the )?(?:worst|best|lowest|highest|poorest) (?:schools?|attendance)\b|\b(?:worst|best|lowest|highest|poorest) schools?\b|\bleague table\b/.test(
      words,
    )
  );
}

function firstWord(name: string): string {
  return (fold(name).split(' ')[0] ?? '').replace(/[^\p{L}\p{N}]/gu, '.');
}

function askedOf(whose: string, rest: string, trust: KnownNames): Asked | undefined {
  const time = new RegExp(`\\b${TIME}\\b`, 'gu');
  const before = whose
    .replace(time, ' ')
    .replace(/'s?(?= |$)/g, ' ')
    .trim();
  const after = rest
    .replace(time, ' ')
    .replace(/\b(?:at|in|for|of|across|among|over|within|during|the|like|looking|doing|please)\b/g, ' ')
    .replace(/'s?(?= |$)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const owner = before
    .replace(
      /\b(?:the|our|my|latest|current|whole|school|overall|weekly|please|is|was|last|week|any)\b/g,
      ' ',
    )
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
  /^(?:pupils?|children|students?|kids|staff|everyone|people|good|bad|ok|okay|well|going|and|so|but|(?:what|how) about)(?: .*)?$/;

function subjectOf(subject: string, trust: KnownNames): Asked | undefined {
  const words = subject.replace(/\s+/g, ' ').trim();
  const school = schoolIn(words, trust.schools);
  const left = school ? words.replace(fold(school.name), ' ') : words;
  if (PART.test(left)) return { kind: 'part', group: groupIn(left), of: placeOf(left, school, trust) };
  if (school) return { kind: 'school', urn: school.urn };
  if (OWN.test(words)) return { kind: 'own' };
  if (TRUST.test(words) || trust.names.some((name) => fold(name) === words.replace(/^the /, '')))
    return { kind: 'trust' };
  if (SCHOOLISH.test(words)) return { kind: 'unknown-school' };
  if (NOBODY.test(words)) return undefined;
  // What is left after all that a school can be asked of is a name.
  return /^[\p{L}'-]+(?: [\p{L}'.-]+){0,3}$/u.test(words) ? { kind: 'child' } : undefined;
}

/** A school, the trust or a group, named right behind "attendance" as people type it in haste. */
function isPlace(words: string, trust: KnownNames): boolean {
  const asked = subjectOf(words, trust);
  return asked !== undefined && asked.kind !== 'child';
}

function placeOf(words: string, school: Named | undefined, trust: KnownNames): Place {
  if (school) return { kind: 'school', urn: school.urn };
  const whole =
    /\b(?:trust|all (?:our )?schools|every school)\b/.test(words) ||
    trust.names.some((name) => ` ${words} `.includes(` ${fold(name)} `));
  return { kind: whole ? 'trust' : 'own' };
}

/** By its whole name, or by the first word of it where no other school has that. */
export function schoolIn(words: string, schools: readonly Named[]): Named | undefined {
  const whole = schools.filter(({ name }) => ` ${words} `.includes(` ${fold(name)} `));
  if (whole.length > 0) return whole.length === 1 ? whole[0] : undefined;
  const first = (name: string) => fold(name).split(' ')[0] ?? '';
  const part = schools.filter(({ name }) => words.split(' ').includes(first(name)) && first(name).length > 2);
  const [only] = part;
  if (!only || part.length > 1) return undefined;
  const rest = words
    .split(' ')
    .filter((word) => word !== first(only.name))
    .join(' ');
  return rest === '' || SCHOOLISH.test(rest) || PART.test(rest) ? only : undefined;
}

/** A school may be called after a word that is otherwise not ours. */
function withoutNames(words: string, trust: { readonly schools: readonly Named[] }): string {
  return trust.schools.reduce((left, { name }) => left.replaceAll(fold(name), ' '), words);
}
