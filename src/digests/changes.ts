/**
 * What has changed between two days, from two digests of one scope: which milestones moved, and released figures then and
 * now side by side. It sets numbers beside each other and calls none of them better: what is noise is decided elsewhere. Pure.
 */
import { button, type Card, card, type Element, hidden, line, more, said, title } from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { ONLY_YOURS, whoSees } from '../cards/who-sees.ts';
import type { Status } from '../checkins/lifecycle.ts';
import type { StatusCounts } from '../checkins/summary.ts';
import {
  daysAlone,
  daysInWords,
  listInWords,
  numberInWords,
  shorten,
  togetherInWords,
} from '../kernel/text.ts';
import { dateInWords } from '../kernel/time.ts';
import type { Digest, DigestAttendance } from './compose.ts';
import { ORDER } from './counts.ts';
import { inEvery100, section } from './detail.ts';
import { movesOf } from './lines.ts';

const DETAIL = 'detail';
const WORDS: Readonly<Record<Status, string>> = {
  'on-track': 'on track',
  'at-risk': 'at risk',
  'off-track': 'off track',
};

export type Comparison = {
  readonly before: Digest;
  readonly now: Digest;
  /** As it was asked for: `half-term`. */
  readonly name: string;
  /** Of the milestones in scope, by id. */
  readonly titles: ReadonlyMap<string, string>;
};

export function changesCard(comparison: Comparison): Card {
  const { before: then, now, name } = comparison;
  const day = dateInWords(then.date).replace(/^\w+ /, '');
  const since = name === day ? day : `${name} (${day})`;
  const moved = movedTitles(comparison);
  const schools = eachSchool(then, now);
  const detail: Element[] = [
    ...section('Milestones that moved', moved),
    ...section('Each school, then and now', schools, schools.length),
  ];
  return card({
    summary: `What changed since ${since}`,
    body: [
      title(`${said(shorten(now.scopeName, 60))}: since ${since}`),
      ...[...milestoneLines(then, now), ...attendanceLines(then, now)].map((text) => line(text)),
      ...(detail.length > 0 ? [hidden(DETAIL, [...detail, whoSees(ONLY_YOURS)])] : [whoSees(ONLY_YOURS)]),
    ],
    actions: [
      button('As of now', envelope('digests.refresh', 'mine'), { withoutInputs: true }),
      ...(detail.length > 0 ? [more('See more', DETAIL)] : []),
    ],
  });
}

function milestoneLines(then: Digest, now: Digest): string[] {
  const fresh = Object.keys(now.statusOf).filter((id) => then.statusOf[id] === undefined).length;
  const moves = now.moved ? movesOf(now.moved) : [];
  const first = fresh > 0 ? [`${numberInWords(fresh)} checked in for the first time`] : [];
  const parts = listInWords([...moves, ...first]);
  const counts = ([status, word]: readonly [keyof StatusCounts, string]) =>
    `${word} ${then.statuses[status]} then, ${now.statuses[status]} now`;
  if (now.priorities.length === 0) return [];
  return [
    parts ? `Milestones: ${parts}.` : 'Milestones: no status changed.',
    `${[counts(['onTrack', 'On track']), counts(['atRisk', 'at risk']), counts(['offTrack', 'off track'])].join('; ')}.`,
  ];
}

function attendanceLines(then: Digest, now: Digest): string[] {
  const [before, after] = [then.attendance, now.attendance];
  if (!before || !after) return after ? ['Attendance: no week was released by then to compare with.'] : [];
  const [only] = after.schools;
  const one = after.schools.length === 1 ? only : undefined;
  const old = one ? before.schools.find(({ urn }) => urn === one.urn) : before.trust;
  const fresh = one ?? after.trust;
  if (old?.attendedIn100 === undefined || fresh?.attendedIn100 === undefined) return [];
  const together = after.trust && togetherInWords(after.trust);
  const sameSchools = before.trust?.schools === after.trust?.schools;
  const place = one || !together ? 'Whole school' : together;
  const gap =
    old.missedByTen && fresh.missedByTen
      ? [
          `For every 10 pupils, those experiencing disadvantage missed ${daysInWords(old.missedByTen.disadvantaged)} then and ${daysAlone(fresh.missedByTen.disadvantaged)} now; others ${daysAlone(old.missedByTen.others)} and ${daysAlone(fresh.missedByTen.others)}.`,
        ]
      : [];
  return [
    `${place}: ${inEvery100(old.attendedIn100, old.bound)} sessions attended then, ${fresh.attendedIn100}${fresh.bound ?? ''} now.`,
    ...gap,
    ...(one || sameSchools
      ? []
      : [`Then of ${before.trust?.schools} schools, now of ${after.trust?.schools}.`]),
    'Two single weeks, not a trend.',
    ...([before, after].some(inDoubt(one?.urn))
      ? ['Someone asked for some of these figures to be checked.']
      : []),
  ];
}

/** Of one school, else of any of those that the figures of all together are made of. */
function inDoubt(urn: string | undefined): (attendance: DigestAttendance) => boolean {
  return ({ schools }) =>
    schools.some((school) => school.queried && (urn === undefined || school.urn === urn));
}

function movedTitles({ before: then, now, titles }: Comparison): string[] {
  const entries = Object.entries(now.statusOf).flatMap(([id, status]) => {
    const before = then.statusOf[id];
    return before && before !== status ? [{ id, before, status }] : [];
  });
  return entries
    .toSorted((one, other) => ORDER[other.status] - ORDER[one.status])
    .map(
      ({ id, before, status }) =>
        `${said(shorten(titles.get(id) ?? 'A milestone', 80))}: ${WORDS[before]} then, ${WORDS[status]} now`,
    );
}

function eachSchool(then: Digest, now: Digest): string[] {
  const schools = now.attendance?.schools ?? [];
  if (schools.length < 2) return [];
  return schools.flatMap(({ urn, name, attendedIn100, bound = '' }) => {
    const before = then.attendance?.schools.find((school) => school.urn === urn);
    return before?.attendedIn100 === undefined || attendedIn100 === undefined
      ? []
      : [
          `${said(shorten(name, 60))}: ${inEvery100(before.attendedIn100, before.bound)} then, ${attendedIn100}${bound} now`,
        ];
  });
}
