/**
 * What stands around a nudge: how its figures were made, a call for help, a figure that looks wrong and what its check
 * found, marks that are missing. Each is one short card; none holds a figure that its release does not. Pure.
 */
import { button, type Card, card, choiceInput, hidden, line, more, said, title } from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { listInWords } from '../kernel/text.ts';
import { dateInWords, dateWithYear } from '../kernel/time.ts';
import { type NudgeView, notice, press } from './card.ts';
import { BOUND_WORDS, weekInWords } from './card-lines.ts';
import type { Release } from './release.ts';

const PUBLISHED = 'published';

/** The same card, turned over: what was counted, when it came, what was left out. */
export function whyCard(view: NudgeView, received: string): Card {
  const { release } = view;
  const { school, before, lastYear } = release;
  const rates = [
    school ? `${school.attendance}%${BOUND_WORDS[school.bound]} of sessions attended` : '',
    before?.school
      ? `${before.school.attendance}% ${before.adjacent ? 'the week before' : 'the last school week before it'}`
      : '',
    lastYear ? `${lastYear.attendance}% in the same week last year` : '',
  ].filter((part) => part !== '');
  const published = benchmarkLine(release);
  return card({
    summary: `${said(release.schoolName)}: how the attendance figures were made`,
    body: [
      title(`How we got this: ${said(release.schoolName)}, ${weekInWords(release, view.today)}`),
      line(
        release.counted === 'totals'
          ? `From ${release.sessions.toLocaleString('en-GB')} possible sessions, as the school’s own system counted them, sent on ${received}.`
          : `From ${release.sessions.toLocaleString('en-GB')} possible sessions in the registers, as sent on ${received}.`,
      ),
      line(`${rates.join('; ')}.`),
      line('Days for every 10 pupils: their share of sessions missed, in whole days of a week.'),
      line('A change is named when chance would rarely make it.'),
      line('Not counted: closures, sessions not possible, marks not made.'),
      line(`Groups of fewer than ${release.threshold} pupils are never shown.`),
      ...(published ? [hidden(PUBLISHED, [line(published)])] : []),
    ],
    actions: [
      press(view, 'Back to the card', 'show'),
      ...(published ? [more('Beside published figures', PUBLISHED)] : []),
    ],
  });
}

/** The nearest area's published figure and the country's, with their source: of the same week last year where it is known. */
function benchmarkLine({ benchmarks, phase }: Release): string | undefined {
  const [nearest] = benchmarks;
  if (!nearest) return undefined;
  const country = benchmarks.find((one) => one.level === 'national' && one !== nearest);
  const when = nearest.sameWeek ? 'in the same week last year' : `in the school year ${nearest.period}`;
  const places = [nearest, ...(country?.period === nearest.period ? [country] : [])];
  const schools = phase === 'special' ? 'Special' : phase === 'secondary' ? 'Secondary' : 'Primary';
  return `${schools} schools ${when}: ${listInWords(places.map((one) => `${said(one.area)} ${one.attendance}%`))} (${said(nearest.source)}, ${dateWithYear(nearest.published)}).`;
}

/** To the person who can help, in their own chat. */
export function helpCard(release: Release, action: string, asker: string, today: string): Card {
  return notice(
    `${said(asker)} asks for help with attendance at ${said(release.schoolName)}`,
    'Someone would like your help',
    [
      `${said(asker)} at ${said(release.schoolName)} asked for help with this week’s one thing:`,
      `“${action}”`,
      `Asked on ${dateInWords(today)}, from the school’s attendance card. Nothing else has been sent.`,
    ],
  );
}

/** Why a figure may look wrong. Chosen, never typed: a sentence here would soon hold a child's name. */
const QUERY_REASONS = {
  numbers: 'They do not match our registers',
  closed: 'We were closed on a day that is counted',
  groups: 'Pupils are counted in the wrong group',
  other: 'Something else: please ring me',
} as const;
export type QueryReason = keyof typeof QUERY_REASONS;

export function isQueryReason(text: string): text is QueryReason {
  return Object.hasOwn(QUERY_REASONS, text);
}

export function queryForm(view: NudgeView, dataContact: string, missing = false): Card {
  const { release } = view;
  return card({
    summary: `${said(release.schoolName)}: what looks wrong?`,
    body: [
      title('What looks wrong with these figures?'),
      line(
        `${said(dataContact)} looks after the marks. The figures carry a note until ${said(dataContact)} has checked.`,
      ),
      ...(missing ? [line('Please choose one of these first.', { strong: true })] : []),
      choiceInput('reason', {
        label: 'Which is nearest?',
        choices: Object.entries(QUERY_REASONS),
        expanded: true,
        required: 'Please choose one.',
      }),
    ],
    actions: [
      press(view, `Send to ${said(dataContact)}`, 'send-query', true),
      press(view, 'Back to the card', 'show'),
    ],
  });
}

/** To the school's data contact. */
export function queryCard(
  release: Release,
  query: { readonly id: string; readonly asker: string; readonly reason: QueryReason },
  today: string,
): Card {
  const answer = (label: string, verb: string, primary = false) =>
    button(label, envelope(`attendance.${verb}`, query.id), { primary });
  return card({
    summary: `${said(query.asker)} asks you to check attendance figures`,
    body: [
      title(`Please check: ${said(release.schoolName)}, ${weekInWords(release, today)}`),
      line(`${said(query.asker)} thinks the figures look wrong: “${QUERY_REASONS[query.reason]}”.`),
      line(
        `They come from the file of ${dateInWords(release.receivedAt.slice(0, 10))}. Until you answer, they carry a note wherever they are shown.`,
      ),
    ],
    actions: [answer('They are right', 'query-right', true), answer('They are wrong', 'query-wrong')],
  });
}

/** The data contact's card once it is answered, and what the asker is sent. */
export function queryAnswered(release: Release, by: string, right: boolean, today: string): Card {
  return notice(
    `${said(release.schoolName)}: attendance figures were checked`,
    `Checked: ${said(release.schoolName)}, ${weekInWords(release, today)}`,
    right
      ? [
          `${said(by)} has checked the figures that looked wrong. They are right.`,
          'The note on them is gone.',
        ]
      : [
          `${said(by)} has found a mistake in the figures. Thank you for asking.`,
          'They keep their note. A corrected file puts the next card right.',
        ],
  );
}

/** To the data contact while a card waits for marks; `complete` in percent, null before any file. */
export function marksMissingCard(school: string, complete: string | null, asked: number): Card {
  const state =
    complete === null ? 'No marks for last week have come yet.' : `${complete}% of last week’s marks are in.`;
  return notice(`${said(school)}: last week’s marks`, `${said(school)}: some marks are still missing`, [
    `${state} The attendance card waits for ${asked}%.`,
    'I look again until noon on Tuesday. Then it goes out with what is in, or not at all.',
  ]);
}

/** To the head at the end of the wait. */
export function waitOverCard(
  school: string,
  result: { readonly sent: boolean; readonly complete: string | null },
  dataContact: string,
): Card {
  const share =
    result.complete === null
      ? 'No marks for last week had come'
      : `${result.complete}% of last week’s marks had come`;
  return notice(
    `${said(school)}: this week’s attendance card`,
    result.sent
      ? `${said(school)}: the card went out with part of the marks`
      : `${said(school)}: no attendance card this week`,
    [
      `${share} by noon on Tuesday.`,
      result.sent
        ? 'The card says so, and its figures may still move.'
        : 'With so many missing, its figures would not have been true.',
      `${said(dataContact)} knows which marks are missing.`,
    ],
  );
}
