/** Where a person's milestones stood at the end of a past day, in words: those that needed help first. Pure. */
import { type Card, card, line, said, say, title } from '../cards/elements.ts';
import { ONLY_YOURS, whoSees } from '../cards/who-sees.ts';
import { count, listInWords, numberInWords, shorten } from '../kernel/text.ts';
import { dateWithYear } from '../kernel/time.ts';
import type { Status } from './lifecycle.ts';
import type { ReportRow } from './report.ts';
import { answerInWords, STATUS_LOOKS, STATUS_WORDS } from './words.ts';

const ORDER: readonly Status[] = ['off-track', 'at-risk', 'on-track'];
const NAMED = 4;

/** `mayExport`: the files can be had as well. */
export function stateCard(state: {
  readonly day: string;
  readonly rows: readonly ReportRow[];
  readonly mayExport: boolean;
}): Card {
  const { day, rows, mayExport } = state;
  const known = ORDER.flatMap((status) => rows.filter(({ answer }) => answer?.status === status));
  const silent = rows.length - known.length;
  const counts = [
    ...ORDER.toReversed().flatMap((status) => {
      const number = known.filter(({ answer }) => answer?.status === status).length;
      return number > 0 ? [`${numberInWords(number)} ${STATUS_WORDS[status].toLowerCase()}`] : [];
    }),
    ...(silent > 0 ? [`${numberInWords(silent)} without an approved check-in`] : []),
  ];
  const over = known.length - NAMED;
  const day0 = dateWithYear(day);
  return card({
    summary: `Milestones on ${day0}.`,
    body: [
      title(`${count(rows.length, 'milestone')} on ${day0}`),
      line(`By what was approved by then: ${listInWords(counts)}.`),
      ...known
        .slice(0, NAMED)
        .flatMap(({ milestone, answer }) =>
          answer
            ? [
                line(
                  `${said(shorten(milestone.title, 50))}: ${answerInWords(answer, milestone)}.`,
                  STATUS_LOOKS[answer.status],
                ),
              ]
            : [],
        ),
      ...(over > 0 ? [line(`And ${numberInWords(over)} more.`, { subtle: true })] : []),
      whoSees(ONLY_YOURS),
    ],
    actions: mayExport ? [say('Get it as a file', `export milestones as of ${day}`)] : [],
  });
}
