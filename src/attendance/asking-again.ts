/**
 * What a question leaves to the attendance answer before it ("and the disadvantaged ones?", "and last week?"): the place and
 * the week stay unless it names others. Only whole, short forms are heard; all else is a question of its own. Pure.
 */
import { fold } from '../kernel/text.ts';
import { addDays, mondayOf, weekOf } from '../kernel/time.ts';
import { type KnownNames, type Place, plainWords, type Question, schoolIn } from './asking.ts';
import { type Group, groupIn } from './asking-groups.ts';
import { TIME_AGAIN, type When, whenOf } from './asking-when.ts';

/** What was spoken of last. `place`: undefined when it was asked for; `group`: of a group of it. No figure. */
export type Thread = {
  readonly place: Place | undefined;
  readonly when: When;
  readonly group?: Group | undefined;
};

/** Names its subject, so it leans on nothing. */
const OWN_QUESTION = /\b(?:attendance|absences?)\b/;
const LEAD =
  /^(?:(?:and|so|but|ok|okay|then|please)\b[, ]*)*(?:(?:what (?:about|of|was|were)|how (?:about|is|was|are|were|did)|how's) )?(?:for|at|in|with|of)? ?/;
const FILLER =
  /\b(?:the|our|their|its|for|at|in|of|those|these|ones?|pupils?|children|students?|kids|there|then|just|only|please|experiencing|were|are|was|is|it|doing|with|figures?|like)\b/g;
const TIMES = new RegExp(`\\b(?:${TIME_AGAIN})\\b`, 'g');
const YEAR_BEFORE = /\b(?:the )?year before(?: that)?\b/;
const EARLIER = /\b(?:the )?(?:week before(?: that)?|previous week|one before)\b/;
const BETTER =
  /^(?:(?:and|so) )?(?:is|are|was|were) (?:that|it|this|they|we) (?:any )?(?:doing )?(?:better|worse|up|down)(?: (?:or (?:better|worse|up|down)|than|on|from) ?(?:last week|the week before|the previous week|before)?)?$/;
const GROUP =
  /^(?:(?:disadvantaged?|pupil premium|premium|pp|fsm|send|sen|special educational needs|reception|nursery|boys|girls|eal|sixth|form|looked after|(?:years?|yr|y) ?\d{1,2}|key stage \d|ks\d|\d{1,2}[a-z]) ?)+$/;

/** Undefined when it stands on its own, or says nothing that an attendance answer could go on from. */
export function readAgain(text: string, known: KnownNames, before: Thread): Question | undefined {
  const words = plainWords(text);
  if (words.length > 80 || OWN_QUESTION.test(words)) return undefined;
  const { place } = before;
  if (BETTER.test(words)) return place && { asked: askedIn(place, before.group), when: before.when };
  const body = words.replace(LEAD, '');
  const times = body.match(TIMES);
  const named = whenOf(words);
  const yearEarlier = !times && YEAR_BEFORE.test(body);
  const weekEarlier = !times && EARLIER.test(body);
  const earlier = yearEarlier || weekEarlier;
  const when = yearEarlier
    ? yearBefore(before.when)
    : weekEarlier
      ? weekBefore(before.when)
      : times
        ? named
        : before.when;
  const bare = body
    .replace(yearEarlier ? YEAR_BEFORE : weekEarlier ? EARLIER : TIMES, ' ')
    .replace(/'s?(?= |$)/g, ' ')
    .replace(FILLER, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (bare === '')
    return place && (times || earlier) ? { asked: askedIn(place, before.group), when } : undefined;
  if (GROUP.test(bare)) return place && { asked: askedIn(place, groupIn(bare)), when };
  if (/^(?:whole|all|everyone|everybody|overall)(?: school)?$/.test(bare))
    return place && { asked: place, when };
  const school = schoolIn(bare, known.schools);
  if (school) {
    const name = fold(school.name).split(' ');
    const left = bare.split(' ').filter((word) => !name.includes(word));
    const group = GROUP.test(left.join(' ')) ? groupIn(left.join(' ')) : before.group;
    if (left.length > 0 && !GROUP.test(left.join(' '))) return undefined;
    return { asked: askedIn({ kind: 'school', urn: school.urn }, group), when };
  }
  const trust = /^(?:whole )?(?:trust|all schools|across trust)$/.test(bare);
  return trust || known.names.some((name) => fold(name) === bare)
    ? { asked: askedIn({ kind: 'trust' }, before.group), when }
    : undefined;
}

function askedIn(place: Place, group: Group | undefined): Question['asked'] {
  return group ? { kind: 'part', group, of: place } : place;
}

function yearBefore(when: When): When {
  if (when.kind === 'year') return { kind: 'year', start: when.start - 1 };
  return { kind: 'years-ago', years: when.kind === 'years-ago' ? when.years + 1 : 1 };
}

function weekBefore(when: When): When {
  if (when.kind === 'week') return { kind: 'week', week: weekOf(addDays(mondayOf(when.week), -7)) };
  return { kind: 'ago', weeks: when.kind === 'ago' ? when.weeks + 1 : 2 };
}
