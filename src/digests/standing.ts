/**
 * "How are we doing on …?", now or on a past day: one priority, or one strand of it, from approved check-ins and released
 * attendance, each sentence with its source. Only what a manager has approved counts; it says how much was left out. Pure; for
 * readers with a scope of their own.
 */
import { said } from '../cards/elements.ts';
import type { Citation, MessageReply } from '../cards/reply.ts';
import type { Status } from '../checkins/lifecycle.ts';
import type { Standing } from '../checkins/summary.ts';
import type { Trust } from '../config/trust.ts';
import type { Day } from '../kernel/named-days.ts';
import { daysAlone, daysInWords, fold, listInWords, numberInWords, shorten } from '../kernel/text.ts';
import { dateWithYear } from '../kernel/time.ts';
import { dayFor, type Terms } from './asked.ts';
import { countStatuses } from './counts.ts';
import type { AttendanceSummary, GapMove } from './ports.ts';

/** A priority with its strands, or one strand. */
export type Topic = { readonly id: string; readonly name: string; readonly strands: readonly string[] };

const ASKED = [
  /^how (?:well )?are we (?:doing|getting on)(?: (?:on|with|for|in|about))? (.+)$/,
  /^where (?:do we stand|are we)(?: (?:on|with|for|in))? (.+)$/,
  /^how(?:'s| is) (.+?) (?:going|coming along)$/,
];
const WAS_ASKED = [
  /^how (?:well )?were we (?:doing|getting on)(?: (?:on|with|for|in|about))? (.+)$/,
  /^where (?:did we stand|were we|had we got to)(?: (?:on|with|for|in))? (.+)$/,
  /^how (?:was|did) (.+? (?:going|coming along|doing|stand) .+)$/,
];
/** What stands between a topic and its day. */
const JOINS = /^(?:(?:going|coming along|doing|stand|look|as of|as at|on|at|by|in|for|the) )+/;
const STATUS_WORDS: Readonly<Record<Status, string>> = {
  'on-track': 'on track',
  'at-risk': 'at risk',
  'off-track': 'off track',
};
/** Those that need help first. */
const ORDER: readonly Status[] = ['off-track', 'at-risk', 'on-track'];
const NAMED = 4;
/** A smaller total of what is missing would be about people. */
const FEWEST_TOLD = 10;
const GAPS: readonly (readonly [GapMove, string])[] = [
  ['narrowed', 'narrowed in'],
  ['held', 'held in'],
  ['widened', 'widened in'],
];

/** What a question asks the standing of, by its name: a priority or one of its strands; undefined for any other question. */
export function topicAsked(trust: Trust, text: string): Topic | undefined {
  const folded = fold(text).replace(/[?.!\s]+$/, '');
  const words = wordsIn(folded, ASKED);
  return words === undefined ? undefined : topicCalled(trust, words);
}

function wordsIn(folded: string, patterns: readonly RegExp[]): string | undefined {
  return patterns.map((pattern) => pattern.exec(folded)?.[1]).find((found) => found !== undefined);
}

function topicCalled(trust: Trust, words: string): Topic | undefined {
  // A priority may itself be called "Our places", so the words are tried as they are first.
  const plain = words.replace(/["']/g, '');
  const asked = [plain, plain.replace(/^(?:our |the )?(?:priority )?/, '')];
  const topics = trust.priorities.flatMap(({ id, name, strands }): Topic[] => [
    { id, name, strands: strands.map((strand) => strand.id) },
    ...strands.map((strand) => ({ id: strand.id, name: strand.name, strands: [strand.id] })),
  ]);
  return topics.find(({ id, name }) => asked.includes(fold(name).replace(/["']/g, '')) || asked.includes(id));
}

/** `day`: a past one; absent: now. `no-day`: asked of the past without a day that has been. */
export type TopicAsked = { readonly topic: Topic; readonly day?: Day | 'no-day' };

/** A question of how a topic stands or stood; `today` is a local date, `terms` those of the reader's calendar. */
export function standingAsked(
  trust: Trust,
  text: string,
  { today, terms }: { readonly today: string; readonly terms: Terms },
): TopicAsked | undefined {
  const now = topicAsked(trust, text);
  if (now) return { topic: now };
  const folded = fold(text).replace(/[?.!\s]+$/, '');
  const present = wordsIn(folded, ASKED);
  const past = wordsIn(folded, WAS_ASKED);
  const words = (past ?? present)?.split(' ') ?? [];
  // The day is what the question ends with, however many words it takes.
  for (let place = words.length - 1; place > 0; place -= 1) {
    const topic = topicCalled(trust, words.slice(0, place).join(' '));
    const tail = `${words.slice(place).join(' ')} `;
    const day = topic && dayFor(tail.replace(JOINS, '').trim(), today, terms);
    if (topic && day?.date === today) return { topic };
    if (topic && day) return { topic, day: day.date < today ? day : 'no-day' };
  }
  const bare = past && topicCalled(trust, past);
  return bare ? { topic: bare, day: 'no-day' } : undefined;
}

/**
 * `standings`: those of the topic that the reader may see; `attendance`: of the schools that they may see; both as they stood at
 * the end of `day`, where one is given.
 */
export function standingReply(facts: {
  readonly topic: Topic;
  readonly standings: readonly Standing[];
  readonly attendance: AttendanceSummary | undefined;
  readonly day?: string;
}): MessageReply {
  const { topic, standings, attendance, day } = facts;
  const name = `**${said(topic.name)}**${day === undefined ? '' : ` on ${dateWithYear(day)}`}`;
  const has = day === undefined ? 'has' : 'had';
  const approved = standings.filter(({ answer }) => answer);
  const counts = countStatuses(approved);
  const lines: string[] = [];
  const citations: Citation[] = [];
  if (approved.length > 0) {
    const parts = [
      `${numberInWords(counts.onTrack)} on track`,
      `${numberInWords(counts.atRisk)} at risk`,
      `${numberInWords(counts.offTrack)} off track`,
    ];
    const by = day === undefined ? '' : ' by then';
    lines.push(`${name}, from check-ins that a manager ${has} approved${by}: ${listInWords(parts)}.`);
  } else if (standings.length > 0)
    lines.push(`${name}: no check-in ${has} been approved ${day === undefined ? 'yet' : 'by then'}.`);
  else
    lines.push(
      `${name}: no milestone that is yours to see ${day === undefined ? 'stands' : 'stood'} under it.`,
    );
  for (const { milestone, answer, figure } of inOrder(approved).slice(0, NAMED)) {
    if (!answer) continue;
    const says = `${STATUS_WORDS[answer.status]}${figure ? `, ${said(figure)}` : ''}`;
    const position = citations.length + 1;
    citations.push({
      position,
      name: shorten(milestone.title, 80),
      abstract: shorten(`Approved check-in: ${says}`, 160),
    });
    lines.push(`- ${said(shorten(milestone.title, 90))}: ${says} [${position}]`);
  }
  const gap = attendance && gapLine(attendance);
  if (gap) {
    const position = citations.length + 1;
    citations.push({
      position,
      name: `Attendance released for ${attendance.week}`,
      abstract: shorten(gap, 160),
    });
    lines.push(`- ${gap} [${position}]`);
  }
  const left = standings.length - approved.length;
  // A few would say of single colleagues that they have not answered, or were not read. Without a blank line it would end the last item.
  if (left >= FEWEST_TOLD) lines.push('', `Not counted: ${left} without an approved check-in.`);
  else if (left > 0 && approved.length > 0)
    lines.push('', 'Milestones without an approved check-in are not counted.');
  return { kind: 'reply', text: lines.join('\n'), citations };
}

function inOrder(standings: readonly Standing[]): Standing[] {
  const rank = ({ answer }: Standing) => (answer ? ORDER.indexOf(answer.status) : ORDER.length);
  return [...standings].sort((one, other) => rank(one) - rank(other));
}

/**
 * How the gap between disadvantaged and other pupils moved, by counts of schools. With no week to compare with, the released days
 * missed: of all together, or of the only school.
 */
function gapLine({ early, schools, trust }: AttendanceSummary): string {
  const when = `Attendance${early ? ' (early figures)' : ''}`;
  const having = (move: GapMove) => schools.filter((school) => school.gap === move).length;
  const moved = GAPS.flatMap(([move, words]) =>
    having(move) > 0 ? [`${words} ${numberInWords(having(move))}`] : [],
  );
  if (moved.length === 0) {
    const missed = trust?.missedByTen ?? (schools.length === 1 ? schools[0]?.missedByTen : undefined);
    return missed
      ? `${when}: every 10 pupils experiencing disadvantage missed ${daysInWords(missed.disadvantaged)} between them, others ${daysAlone(missed.others)}; there is no week to compare with yet.`
      : `${when}: how the gap moved cannot be shown for any school yet.`;
  }
  const few = having('too-few');
  const hidden = few > 0 ? `; in ${numberInWords(few)} it cannot be shown without pointing to a child` : '';
  return `${when}: the gap ${listInWords(moved)} of ${numberInWords(schools.length)} ${schools.length === 1 ? 'school' : 'schools'}${hidden}.`;
}
