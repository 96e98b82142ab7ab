/**
 * Answers "How is attendance at …?" from what is published and nothing else, within what the asker and everybody who will
 * read it may see; of a child, and of a small group, it says where to look instead.
 */
import { holderOf, schoolsOf } from '../access/appointments.ts';
import { may } from '../access/decide.ts';
import type { Holder } from '../access/roles.ts';
import { type Card, card, line, own, type SafeText, said, title } from '../cards/elements.ts';
import type { MessageReply } from '../cards/reply.ts';
import { schoolByUrn, type Trust, type TrustSchool } from '../config/trust.ts';
import type { Directory, Person } from '../directory/model.ts';
import { listInWords } from '../kernel/text.ts';
import { addDays, dateInWords, dateOf, mondayOf, weekOf } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import { type Place, type Question, readQuestion } from './asking.ts';
import { readAgain, type Thread } from './asking-again.ts';
import type { Group } from './asking-groups.ts';
import { type When, weekNamed } from './asking-when.ts';
import { press, QUERIED } from './card.ts';
import {
  BOUND_WORDS,
  gapLines,
  isEarly,
  isEarlyWeek,
  schoolLine,
  sendLine,
  titleOf,
  trustLines,
} from './card-lines.ts';
import { publishedSpan, readHistory, readNewestRelease, readNudgeWeek } from './nudge-store.ts';
import { overviewLines, type SchoolOverview, trustOverview } from './overview.ts';
import { type Release, reopenRelease } from './release.ts';
import { readRelease, readTrustReleases } from './release-store.ts';
import { TAKEN_BACK } from './repaint-service.ts';
import { keepThread, readThread } from './threads-store.ts';
import { reopenTrustRelease, type TrustRelease } from './trust-release.ts';
import type { NudgeViews } from './views-service.ts';
import { schoolYearStart } from './week.ts';
import { heldInstead, yearCard, yearName } from './year-answer.ts';

/** Who will read the answer. `channelId`: the channel it is said in. `conversationId`: where a next question goes on from it. */
export type Readers = {
  readonly place: 'personal' | 'group' | 'channel';
  readonly ids: readonly string[];
  readonly channelId?: string | undefined;
  readonly conversationId?: string | undefined;
};

export type AskResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly directory: Pick<Directory, 'people' | 'appointments'>;
  readonly views: Pick<NudgeViews, 'queriedSchools'>;
  readonly overviews: (week: string) => Promise<SchoolOverview[]>;
  readonly trustFigures: (week: string) => Promise<TrustRelease | undefined>;
};

/** An answer, and what a next question may go on from. */
type Answered = { readonly reply: MessageReply; readonly thread?: Thread | undefined };

const NOT_A_GROUP =
  'I don’t say figures of a year, a class or another small group in chat: a few pupils could be recognised.';
const NO_COUNT = 'I hold days and sessions missed, not how many pupils were away.';
const WHOLE_WEEKS = 'I know whole weeks that are over. This is the newest.';
const PROVISIONAL = 'Provisional: registers are still being corrected.';

export function createAsking(resources: AskResources) {
  const { db, trust, directory, views } = resources;
  const zone = trust.trust.zone;
  const known = {
    schools: trust.schools.map(({ urn, name }) => ({ urn, name })),
    names: [trust.trust.name, trust.trust.short_name],
  };

  /** Undefined when the message does not ask for figures of attendance. */
  async function ask(
    text: string,
    asker: Person,
    readers: Readers,
    now: Date,
  ): Promise<MessageReply | undefined> {
    const conversation = readers.conversationId ?? '';
    const before = await readThread(db, asker.id, conversation, now);
    const question = (before && readAgain(text, known, before)) ?? readQuestion(text, known);
    const answered = question && (await answer(question, asker, readers, now));
    // Most messages ask for no figures, before or now: nothing is written then.
    if (before || answered?.thread) await keepThread(db, asker.id, conversation, answered?.thread, now);
    return answered?.reply;
  }

  async function answer(question: Question, asker: Person, readers: Readers, now: Date): Promise<Answered> {
    const { asked, when } = question;
    if (asked.kind === 'child')
      return told(
        'I hold nothing about single pupils here, so please look in your school’s own system. Worried about a child? Speak to your safeguarding lead.',
      );
    if (asked.kind === 'unknown-school')
      return told(
        `I know the attendance of ${trust.trust.short_name}’s schools only. Which of them do you mean?`,
        { place: undefined, when },
      );
    const scope = await scopeOf(asker, readers);
    const all = scope.size === trust.schools.length;
    if (asked.kind === 'ranking') {
      const instead = all
        ? `Ask “How is attendance across the trust?” for the trust’s figures${readers.place === 'personal' ? ', or type “digest” for each school’s week' : ''}.`
        : 'You can ask me how attendance is at your own school.';
      return told(`I don’t rank schools or groups: there is no best and worst here. ${instead}`, {
        place: { kind: all ? 'trust' : 'own' },
        when: { kind: 'newest' },
      });
    }
    const place = asked.kind === 'part' ? asked.of : asked;
    const group = asked.kind === 'part' ? asked.group : undefined;
    const school = place.kind === 'trust' ? undefined : await schoolOf(place, asker, scope);
    // Staff of the trust have no school of their own: theirs are the trust's figures.
    const start = yearOf(when, now);
    if (start !== undefined && (place.kind === 'trust' || (!school && all)))
      return scope.size < trust.schools.length
        ? told('The trust’s figures are for its leaders. You can ask me about your own school.')
        : told(
            `I hold the weeks of all schools together, and a year of each school alone. Which school’s ${yearName(start)} do you mean?`,
            { place: undefined, when, group },
          );
    if (place.kind === 'trust' || (!school && all)) return askedOfTrust(scope, question, group, now);
    if (!school)
      return told('Which school do you mean? Please ask with its name.', { place: undefined, when, group });
    if (!scope.has(school.urn)) return told(notYours(school, readers));
    return start === undefined
      ? answerFor(school, question, { readers, group, now })
      : answerYear(school, start, { group, now });
  }

  /** The school year that was meant, by the calendar year in which it begins; undefined for a week. */
  function yearOf(when: When, now: Date): number | undefined {
    if (when.kind === 'year') return when.start;
    const thisYear = Number(schoolYearStart(weekOf(dateOf(now, zone))).slice(0, 4));
    return when.kind === 'years-ago' ? thisYear - when.years : undefined;
  }

  /** A school year as its newest release that stands has it: the weeks as they were published, added up. */
  async function answerYear(
    school: TrustSchool,
    start: number,
    { group, now }: { readonly group: Group | undefined; readonly now: Date },
  ): Promise<Answered> {
    const thread = {
      place: { kind: 'school' as const, urn: school.urn },
      group,
      when: { kind: 'year' as const, start },
    };
    const [kept] = await readHistory(db, school.urn, weekOf(`${start + 1}-08-04`), 1);
    const release = kept === undefined ? undefined : reopenRelease(kept);
    if (!release || schoolYearStart(release.week) !== `${start}-08-01`)
      return told(heldInstead(school.name, start, await publishedSpan(db, school.urn)), thread);
    const queried = (await views.queriedSchools(release.week)).has(school.urn);
    const reply = yearCard(release, { start, group, queried, today: dateOf(now, zone) });
    return { reply: { kind: 'reply', card: reply }, thread };
  }

  /** The schools that everybody who reads the answer may see. */
  async function scopeOf(asker: Person, readers: Readers): Promise<ReadonlySet<string>> {
    if (readers.place === 'channel')
      // Whoever joins a channel later reads all of it: only a school's own card's channel may have its figures.
      return new Set(
        trust.schools.filter(({ channel }) => channel === readers.channelId).map(({ urn }) => urn),
      );
    const people = readers.place === 'personal' ? [asker] : await directory.people(readers.ids);
    if (people.length < readers.ids.length) return new Set();
    const appointments = await directory.appointments();
    const [first = new Set<string>(), ...others] = people.map((person) =>
      schoolsSeen(holderOf(appointments, person)),
    );
    return new Set([...first].filter((urn) => others.every((scope) => scope.has(urn))));
  }

  function schoolsSeen(holder: Holder): ReadonlySet<string> {
    const urns = trust.schools.map(({ urn }) => urn);
    return new Set(urns.filter((urn) => may('see:school-figures', holder, { urn })));
  }

  async function schoolOf(
    asked: Exclude<Place, { kind: 'trust' }>,
    asker: Person,
    scope: ReadonlySet<string>,
  ): Promise<TrustSchool | undefined> {
    if (asked.kind === 'school') return schoolByUrn(trust, asked.urn);
    const [headed] = schoolsOf(holderOf(await directory.appointments(), asker), 'head');
    const own = asker.schoolUrn ?? headed;
    const [only, ...more] = [...scope];
    return schoolByUrn(trust, own ?? (more.length === 0 ? (only ?? '') : ''));
  }

  function notYours(school: TrustSchool, readers: Readers): string {
    return readers.place === 'personal'
      ? `${school.name}’s figures are for its own staff and the trust’s leaders. Its head could tell you.`
      : `Not everyone here may see ${school.name}’s figures. Please ask me in our own chat.`;
  }

  async function answerFor(
    school: TrustSchool,
    question: Question,
    about: { readonly readers: Readers; readonly group: Group | undefined; readonly now: Date },
  ): Promise<Answered> {
    const { now, group } = about;
    const named = weekNamed(question.when, dateOf(now, zone));
    const thisWeek = weekOf(dateOf(now, zone));
    const kept =
      named === undefined
        ? await readNewestRelease(db, school.urn, thisWeek)
        : await readRelease(db, school.urn, named);
    const release = kept && reopenRelease(kept.body);
    const row = release && (await readNudgeWeek(db, school.urn, release.week));
    const place: Place = { kind: 'school', urn: school.urn };
    const thread = { place, group, when: spokenOf(release?.week, question.when) };
    if (release && row?.recalled)
      return told(
        `The figures of ${school.name} for ${weekName(release.week)} were taken back, because they were wrong. The next ones come on Monday.`,
        thread,
      );
    if (!release)
      return told(
        named !== undefined
          ? `No figures for ${school.name} were published for ${weekName(named)}.${named >= thisWeek && WEEK.test(named) ? ' That week is not over yet.' : ''}`
          : `No figures for ${school.name} have been published yet. They come on Mondays, once the marks are in.`,
        thread,
      );
    const queried = (await views.queriedSchools(release.week)).has(school.urn);
    return { reply: { kind: 'reply', card: answerCard(release, { ...about, queried, question }) }, thread };
  }

  function answerCard(
    release: Release,
    about: {
      readonly queried: boolean;
      readonly now: Date;
      readonly question: Question;
      readonly readers: Readers;
      readonly group: Group | undefined;
    },
  ): Card {
    const { question, group } = about;
    const today = dateOf(about.now, zone);
    return card({
      summary: `${said(release.schoolName)}: attendance`,
      body: [
        title(titleOf(release, today)),
        ...(question.when.kind === 'day' ? [line(WHOLE_WEEKS)] : []),
        ...(question.counted ? [line(NO_COUNT)] : []),
        ...figureLines(release, group).map((text) => line(text)),
        line(footnote(release, today), { subtle: true }),
        ...(about.queried ? [line(QUERIED, { strong: true })] : []),
      ],
      ...(about.readers.place === 'personal'
        ? { actions: [press({ release, face: 'channel' }, 'How we got this', 'why')] }
        : {}),
    });
  }

  function footnote(release: Release, today: string): SafeText {
    const week = `Week of ${dateInWords(release.monday).replace('Monday ', '')}.`;
    return own(isEarly(release, today) ? `${week} ${PROVISIONAL}` : week);
  }

  async function askedOfTrust(
    scope: ReadonlySet<string>,
    { when, counted }: Question,
    group: Group | undefined,
    now: Date,
  ): Promise<Answered> {
    if (scope.size < trust.schools.length)
      return told('The trust’s figures are for its leaders. You can ask me about your own school.');
    const today = dateOf(now, zone);
    const week = weekNamed(when, today) ?? (await newestTrustWeek(today));
    const figures = await resources.trustFigures(week);
    const schools = await resources.overviews(week);
    const thread = {
      place: { kind: 'trust' as const },
      group,
      when: spokenOf(figures?.all ? week : undefined, when),
    };
    if (!figures?.all)
      return told(
        schools.some((school) => !school.release && school.note === TAKEN_BACK)
          ? `The trust’s figures for ${weekName(week)} were taken back, because a school’s were wrong. You can ask me about a school.`
          : `No figures have been published for ${weekName(week)} yet.`,
        thread,
      );
    const overview = trustOverview(schools);
    const early = isEarlyWeek(mondayOf(week), today);
    const queried = await views.queriedSchools(week);
    const doubted = schools.filter(({ schoolUrn }) => queried.has(schoolUrn)).map(({ name }) => said(name));
    const answerOfTrust = card({
      summary: `${said(trust.trust.short_name)}: attendance`,
      body: [
        title(`${said(trust.trust.short_name)}, ${weekName(week)}${early ? ' (early figures)' : ''}`),
        ...(when.kind === 'day' ? [line(WHOLE_WEEKS)] : []),
        ...(counted ? [line(NO_COUNT)] : []),
        ...(group === 'send' || group === 'other'
          ? [line('I don’t say figures of that group for the trust. This is all its pupils together.')]
          : []),
        ...[...trustLines(figures), ...overviewLines(overview)].map((text) => line(text)),
        ...(doubted.length > 0 ? [line(`Being checked: ${listInWords(doubted)}.`, { strong: true })] : []),
        ...(early ? [line(PROVISIONAL, { subtle: true })] : []),
      ],
    });
    return { reply: { kind: 'reply', card: answerOfTrust }, thread };
  }

  /** Last week, where it has figures or had some that were taken back; else the newest week that has: after a holiday the one before it. */
  async function newestTrustWeek(today: string): Promise<string> {
    const last = weekOf(addDays(today, -7));
    if (await resources.trustFigures(last)) return last;
    const schools = await resources.overviews(last);
    if (schools.some((school) => !school.release && school.note === TAKEN_BACK)) return last;
    const [newest] = await readTrustReleases(db, last, 1);
    return newest === undefined ? last : reopenTrustRelease(newest).week;
  }

  return { ask };
}

/** Disadvantaged pupils first; of a group that no release compares, the whole school and that the group is not said. */
function figureLines(release: Release, group: Group | undefined): string[] {
  if (group === 'disadvantaged') return gapLines(release);
  if (group === 'send') return [sendLine(release)];
  if (group === 'other') return [NOT_A_GROUP, schoolLine(release)];
  const { toDate } = release;
  return [
    ...gapLines(release),
    schoolLine(release),
    ...(toDate && toDate.weeks > 1
      ? [
          `This school year so far: ${toDate.school.perHundred}${BOUND_WORDS[toDate.school.bound]} in every 100.`,
        ]
      : []),
  ];
}

/** The week of the figures that were said; else when they were asked for, but not a week that was typed and may not be one. */
function spokenOf(week: string | undefined, when: When): When {
  if (week !== undefined) return { kind: 'week', week };
  return when.kind === 'week' || when.kind === 'dated' ? { kind: 'newest' } : when;
}

const WEEK = /^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$/;

function weekName(week: string): string {
  return WEEK.test(week) ? `the week of ${dateInWords(mondayOf(week)).replace('Monday ', '')}` : 'that week';
}

function told(text: string, thread?: Thread): Answered {
  return { reply: { kind: 'reply', text }, thread };
}
