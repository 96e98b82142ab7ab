/** What stands behind a digest's "See more": what had no place before it, each priority and school, pictures, and what can be done. Pure. */
import { titled } from '../cards/charts.ts';
import { type Action, type Element, line, said } from '../cards/elements.ts';
import { daysAlone, listInWords, numberInWords, shorten } from '../kernel/text.ts';
import { chartsOf } from './charts.ts';
import type { Digest, DigestAttendance } from './compose.ts';
import { actionSets, inEvery100, section } from './detail.ts';
import { furtherDocumentActs, furtherHelpActs, furtherThemeActs, priorityAct } from './line-acts.ts';
import { countsInWords, type DigestLine, movesInWords, weekInWords } from './lines.ts';
import type { GapMove } from './ports.ts';
import type { Room } from './room.ts';

/** The same as buttons, for those who do not press on words; each once. */
function actsOf(shown: readonly DigestLine[], left: readonly DigestLine[]): Action[] {
  const all = [...shown.filter(({ isWaiting }) => !isWaiting), ...left].flatMap(({ acts }) => acts);
  return [...new Map(all.map((act) => [JSON.stringify(act), act])).values()];
}

/** `shown` and `left`: the lines before "See more", and those for which there was no place. */
export function detailOf(
  digest: Digest,
  about: {
    readonly shown: readonly DigestLine[];
    readonly left: readonly DigestLine[];
    readonly past: boolean;
    readonly room: Room;
  },
): Element[] {
  const { shown, left, past, room } = about;
  const { names, listed, further: most } = room;
  const name = (words: string) => said(shorten(words, names));
  const acts = past ? [] : actsOf(shown, left).slice(0, room.acts);
  const priorities = digest.priorities.map(({ name: priority, statuses, moved }) => {
    const moves = moved && movesInWords(moved);
    return `${name(priority)}: ${listInWords(countsInWords(statuses))}${moves ? ` (${moves})` : ''}`;
  });
  const all = digest.attendance?.schools ?? [];
  // A head's one school is in the lines above; of the whole trust they give sums alone.
  const schools = all.length > 1 || digest.wholeTrust ? all : [];
  const attendance = schools.map((school) => `${name(school.name)}: ${schoolInWords(school)}`);
  const [, ...furtherBlockers] = digest.blockers.slice(0, most + 1);
  const [, ...furtherThemes] = digest.themes.slice(0, most + 1);
  const [, ...furtherDocuments] = digest.documents.slice(0, most + 1);
  const further = (acts: readonly Action[]) => (past ? [] : actionSets(acts));
  const blockers = digest.blockers
    .slice(1)
    .map(({ title, blocker }) => `${name(title)} (${said(shorten(blocker, 1.5 * names))})`);
  const waiting = digest.waiting.map((one) => `${said(shorten(one.ownerName, 40))}: ${name(one.title)}`);
  const late = digest.late.map((one) => `${said(shorten(one.ownerName, 40))}: ${name(one.title)}`);
  const themes = digest.themes
    .slice(1)
    .map(({ label, people }) => `${said(shorten(label, 60))} (${numberInWords(people)} people)`);
  const documents = digest.documents.slice(1).map(({ title }) => name(title));
  const { byStatus, overWeeks, bySchool } = chartsOf(digest);
  return [
    ...leftInRoom(left, 2 * listed),
    ...(acts.length > 0 ? [line('**To do something about it**'), ...actionSets(acts)] : []),
    ...section('Each priority', priorities, listed),
    ...(past || digest.priorities.length < 2
      ? []
      : actionSets(digest.priorities.slice(0, listed).map((one) => priorityAct(one.name)))),
    ...(room.pictures ? pictured(byStatus) : []),
    ...section('Attendance, each school', attendance, schools.length),
    ...(room.pictures ? [...pictured(overWeeks), ...titled(bySchool)] : []),
    ...section('Also in the way', blockers, most),
    ...further(furtherHelpActs(furtherBlockers)),
    ...section('Waiting for you', waiting, listed),
    ...section('Not heard from for a fortnight', late, listed),
    ...section("Documents don't yet answer", themes, most),
    ...further(furtherThemeActs(furtherThemes)),
    ...section('Also out of date', documents, most),
    ...further(furtherDocumentActs(furtherDocuments)),
  ];
}

/** Lines that would fill a screen are counted; the lists below hold what they are made of. */
function leftInRoom(left: readonly DigestLine[], most: number): Element[] {
  const over = left.length - most;
  const texts = left.slice(0, most).map(({ text }) => text);
  return [...texts, ...(over > 0 ? [`And ${numberInWords(over)} more of these.`] : [])].map((text) =>
    line(text),
  );
}

/** The picture, and its numbers in words. */
function pictured(chart: Element | undefined): Element[] {
  return chart ? [...titled(chart), chart.fallback as Element] : [];
}

const GAP_ALONE: Readonly<Record<GapMove, string>> = {
  narrowed: 'the gap narrowed',
  held: 'the gap held',
  widened: 'the gap widened',
  'too-few': 'the gap is kept back, since it would point to a child',
  unknown: 'no week to compare with yet',
};

function schoolInWords(school: DigestAttendance['schools'][number]): string {
  const attended =
    school.attendedIn100 === undefined
      ? []
      : [`${inEvery100(school.attendedIn100, school.bound)} sessions attended`];
  const { missedByTen } = school;
  const days = missedByTen
    ? [
        `days missed for every 10 pupils ${daysAlone(missedByTen.disadvantaged)}, others ${daysAlone(missedByTen.others)}`,
      ]
    : [];
  return [
    ...(school.week === undefined ? [] : [`of ${weekInWords(school.week)}`]),
    ...attended,
    ...days,
    GAP_ALONE[school.gap],
    ...(school.queried ? ['being checked'] : []),
  ].join('; ');
}
