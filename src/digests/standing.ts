/**
 * "How are we doing on …?": one priority, or one strand of it, from approved check-ins and released attendance, each sentence with its source. Only
 * what a manager has approved counts; it says how much was left out. Pure; for readers with a scope of their own.
 */
import { said } from '../cards/elements.ts';
import type { Citation, MessageReply } from '../cards/reply.ts';
import type { Status } from '../checkins/lifecycle.ts';
import type { Standing } from '../checkins/summary.ts';
import type { Trust } from '../config/trust.ts';
import { fold, listInWords, numberInWords, shorten } from '../kernel/text.ts';
import { countStatuses } from './counts.ts';
import type { AttendanceSummary, GapMove } from './ports.ts';

/** A priority with its strands, or one strand. */
export type Topic = { readonly id: string; readonly name: string; readonly strands: readonly string[] };

const ASKED = [
  /^how (?:well )?are we (?:doing|getting on)(?: (?:on|with|for|in|about))? (.+)$/,
  /^where (?:do we stand|are we)(?: (?:on|with|for|in))? (.+)$/,
  /^how(?:'s| is) (.+?) (?:going|coming along)$/,
];
const STATUS_WORDS: Readonly<Record<Status, string>> = {
  'on-track': 'on track',
  'at-risk': 'at risk',
  'off-track': 'off track',
};
/** Those that need help first. */
const ORDER: readonly Status[] = ['off-track', 'at-risk', 'on-track'];
const NAMED = 4;
const GAPS: readonly (readonly [GapMove, string])[] = [
  ['narrowed', 'narrowed in'],
  ['held', 'held in'],
  ['widened', 'widened in'],
];

/** What a question asks the standing of, by its name: a priority or one of its strands; undefined for any other question. */
export function topicAsked(trust: Trust, text: string): Topic | undefined {
  const folded = fold(text).replace(/[?.!\s]+$/, '');
  const words = ASKED.map((pattern) => pattern.exec(folded)?.[1]).find((found) => found !== undefined);
  const bare = words?.replace(/^(?:our |the )?(?:priority )?/, '').replace(/["']/g, '');
  const topics = trust.priorities.flatMap(({ id, name, strands }): Topic[] => [
    { id, name, strands: strands.map((strand) => strand.id) },
    ...strands.map((strand) => ({ id: strand.id, name: strand.name, strands: [strand.id] })),
  ]);
  return topics.find(({ id, name }) => bare === fold(name).replace(/["']/g, '') || bare === id);
}

/** `standings`: those of the topic that the reader may see; `attendance`: of the schools that they may see. */
export function standingReply(facts: {
  readonly topic: Topic;
  readonly standings: readonly Standing[];
  readonly attendance: AttendanceSummary | undefined;
}): MessageReply {
  const { topic, standings, attendance } = facts;
  const approved = standings.filter(({ answer, approved: read }) => read && answer);
  const counts = countStatuses(approved);
  const lines: string[] = [];
  const citations: Citation[] = [];
  if (approved.length > 0) {
    const parts = [
      `${numberInWords(counts.onTrack)} on track`,
      `${numberInWords(counts.atRisk)} at risk`,
      `${numberInWords(counts.offTrack)} off track`,
    ];
    lines.push(`**${said(topic.name)}**, from check-ins that a manager has approved: ${listInWords(parts)}.`);
  } else lines.push(`**${said(topic.name)}**: no check-in has been approved yet.`);
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
  if (left > 0) lines.push(`Not counted: ${numberInWords(left)} without an approved check-in.`);
  return { kind: 'reply', text: lines.join('\n'), citations };
}

function inOrder(standings: readonly Standing[]): Standing[] {
  const rank = ({ answer }: Standing) => (answer ? ORDER.indexOf(answer.status) : ORDER.length);
  return [...standings].sort((one, other) => rank(one) - rank(other));
}

/** How the gap between disadvantaged and other pupils moved, by schools: counts of schools, never a figure of pupils. */
function gapLine({ early, schools }: AttendanceSummary): string | undefined {
  const having = (move: GapMove) => schools.filter((school) => school.gap === move).length;
  const moved = GAPS.flatMap(([move, words]) =>
    having(move) > 0 ? [`${words} ${numberInWords(having(move))}`] : [],
  );
  if (moved.length === 0) return undefined;
  const few = having('too-few');
  const hidden = few > 0 ? `; ${numberInWords(few)} with too few pupils to show` : '';
  return `Attendance${early ? ' (early figures)' : ''}: the gap ${listInWords(moved)} of ${numberInWords(schools.length)} ${schools.length === 1 ? 'school' : 'schools'}${hidden}.`;
}
