/** Tells operators of runs that did not happen in time. Pure. */
import { bullets, type Card, card, line, said, title } from '../cards/elements.ts';
import { count } from '../kernel/text.ts';
import { dateInWords, dateOf, timeOf } from '../kernel/time.ts';
import { ruleWords } from './rule-words.ts';

export type Alarm = {
  readonly runId: string;
  readonly rule: string;
  readonly dueAt: Date;
  /** `late`: due and not done, still tried. `missed`: given up by its policy. */
  readonly kind: 'late' | 'missed';
};

/** Most runs named on the card; a long absence has more, and all of them are in the log. */
const MOST = 2;

export function alarmCard(alarms: readonly Alarm[], zone: string): Card {
  const late = alarms.filter(({ kind }) => kind === 'late');
  const missed = alarms.filter(({ kind }) => kind === 'missed');
  return card({
    summary: `${count(alarms.length, 'scheduled run')} did not happen in time`,
    body: [
      title('Scheduled runs did not happen in time'),
      ...part('Late, and still being tried:', late, zone),
      ...part('Missed. These were not sent and will not be:', missed, zone),
      line(
        'Nobody else has been told. Run "doctor" to see what is wrong, and look at the log around that time.',
      ),
    ],
  });
}

function part(heading: string, alarms: readonly Alarm[], zone: string) {
  if (alarms.length === 0) return [];
  const named = alarms
    .slice(0, MOST)
    .map(
      ({ rule, dueAt }) =>
        `${said(ruleWords(rule))}, due ${dateInWords(dateOf(dueAt, zone))} at ${timeOf(dueAt, zone)}`,
    );
  const rest = alarms.length - named.length;
  return [line(heading), bullets(rest > 0 ? [...named, `and ${count(rest, 'more')}`] : named)];
}
