/**
 * Answers "How is attendance at …?" from what is published and nothing else, within what the asker and everybody who will
 * read it may see; of a child, and of a small group, it says where to look instead.
 */
import { type Card, card, line, own, type SafeText, said, title } from '../cards/elements.ts';
import type { MessageReply } from '../cards/reply.ts';
import { schoolByUrn, type Trust, type TrustSchool } from '../config/trust.ts';
import type { Directory, Person } from '../directory/model.ts';
import { listInWords } from '../kernel/text.ts';
import { dateInWords, dateOf, mondayOf, weekOf } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import { type Asked, type Question, readQuestion } from './asking.ts';
import { press, QUERIED } from './card.ts';
import { gapLines, isEarly, schoolLine, titleOf, trustLines } from './card-lines.ts';
import { readNewestRelease, readNudgeWeek } from './nudge-store.ts';
import { overviewLines, type SchoolOverview, trustOverview } from './overview.ts';
import { type Release, reopenRelease } from './release.ts';
import { readRelease } from './release-store.ts';
import { TAKEN_BACK } from './repaint-service.ts';
import type { TrustRelease } from './trust-release.ts';
import type { NudgeViews } from './views-service.ts';

/** Who will read the answer. `channelId`: the channel it is said in. */
export type Readers = {
  readonly place: 'personal' | 'group' | 'channel';
  readonly ids: readonly string[];
  readonly channelId?: string | undefined;
};

export type AskResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly directory: Pick<Directory, 'people'>;
  readonly views: Pick<NudgeViews, 'queriedSchools'>;
  readonly overviews: (week: string) => Promise<SchoolOverview[]>;
  readonly trustFigures: (week: string) => Promise<TrustRelease | undefined>;
};

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
    const question = readQuestion(text, known);
    if (!question) return undefined;
    const { asked } = question;
    if (asked.kind === 'child')
      return say(
        'I hold nothing about single pupils here, so please look in your school’s own system. Worried about a child? Speak to your safeguarding lead.',
      );
    if (asked.kind === 'part')
      return say(
        'I don’t say figures of a year, a class or a group in chat: a few pupils could be recognised. I can tell you about the whole school, and the gap there.',
      );
    if (asked.kind === 'unknown-school')
      return say(
        `I know the attendance of ${trust.trust.short_name}’s schools only. Which of them do you mean?`,
      );
    const scope = await scopeOf(asker, readers);
    if (asked.kind === 'trust') return askedOfTrust(scope, question, now);
    const school = schoolOf(asked, asker, scope);
    if (!school) return say('Which school do you mean? Please ask with its name.');
    if (!scope.has(school.urn)) return say(notYours(school, readers));
    return answerFor(school, question, readers, now);
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
    const [first = new Set<string>(), ...others] = people.map(schoolsOf);
    return new Set([...first].filter((urn) => others.every((scope) => scope.has(urn))));
  }

  function schoolsOf(person: Person): ReadonlySet<string> {
    if (!person.staff) return new Set();
    if (seesAll(person.id)) return new Set(trust.schools.map(({ urn }) => urn));
    return new Set(
      trust.schools
        .filter(
          (school) =>
            school.urn === person.schoolUrn || [school.head, school.data_contact].includes(person.id),
        )
        .map(({ urn }) => urn),
    );
  }

  /** Leaders, and whoever leads the strand of attendance. */
  function seesAll(personId: string): boolean {
    return (
      trust.leaders.includes(personId) ||
      trust.priorities.some(({ lead, strands }) =>
        strands.some((strand) => strand.id === 'attendance' && (strand.lead ?? lead) === personId),
      )
    );
  }

  function schoolOf(
    asked: Extract<Asked, { kind: 'school' | 'own' }>,
    asker: Person,
    scope: ReadonlySet<string>,
  ): TrustSchool | undefined {
    if (asked.kind === 'school') return schoolByUrn(trust, asked.urn);
    const own = asker.schoolUrn ?? trust.schools.find((school) => school.head === asker.id)?.urn;
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
    readers: Readers,
    now: Date,
  ): Promise<MessageReply> {
    const { when } = question;
    const thisWeek = weekOf(dateOf(now, zone));
    const kept =
      when.kind === 'week'
        ? await readRelease(db, school.urn, when.week)
        : await readNewestRelease(db, school.urn, thisWeek);
    const release = kept && reopenRelease(kept.body);
    const row = release && (await readNudgeWeek(db, school.urn, release.week));
    if (release && row?.recalled)
      return say(
        `The figures of ${school.name} for ${weekName(release.week)} were taken back, because they were wrong. The next ones come on Monday.`,
      );
    if (!release)
      return say(
        when.kind === 'week' && when.week < thisWeek
          ? `No figures of ${school.name} were published for ${weekName(when.week)}.`
          : `No figures of ${school.name} have been published yet. They come on Mondays, once the marks are in.`,
      );
    const queried = (await views.queriedSchools(release.week)).has(school.urn);
    return { kind: 'reply', card: answerCard(release, { queried, now, when, readers }) };
  }

  function answerCard(
    release: Release,
    about: { queried: boolean; now: Date; when: Question['when']; readers: Readers },
  ): Card {
    const today = dateOf(about.now, zone);
    const toDate = release.toDate?.school;
    return card({
      summary: `${said(release.schoolName)}: attendance`,
      body: [
        title(titleOf(release, today)),
        ...(about.when.kind === 'day' ? [line('I know whole weeks that are over. This is the newest.')] : []),
        ...gapLines(release).map((text) => line(text)),
        line(schoolLine(release)),
        ...(toDate && (release.toDate?.weeks ?? 0) > 1
          ? [line(`This school year so far: ${toDate.perHundred} in every 100.`)]
          : []),
        line(footnote(release, today), { subtle: true }),
        ...(about.queried ? [line(QUERIED, { colour: 'Attention' })] : []),
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
    { when }: Question,
    now: Date,
  ): Promise<MessageReply> {
    if (scope.size < trust.schools.length)
      return say('The trust’s figures are for its leaders. You can ask me about your own school.');
    const week = when.kind === 'week' ? when.week : weekOf(previousWeek(now));
    const figures = await resources.trustFigures(week);
    const schools = await resources.overviews(week);
    if (!figures?.all)
      return say(
        schools.some((school) => !school.release && school.note === TAKEN_BACK)
          ? `The trust’s figures for ${weekName(week)} were taken back, because a school’s were wrong. You can ask me about a school.`
          : `No figures have been published for ${weekName(week)} yet.`,
      );
    const overview = trustOverview(schools);
    const queried = await views.queriedSchools(week);
    const doubted = schools.filter(({ schoolUrn }) => queried.has(schoolUrn)).map(({ name }) => said(name));
    return {
      kind: 'reply',
      card: card({
        summary: `${said(trust.trust.short_name)}: attendance`,
        body: [
          title(`${said(trust.trust.short_name)}, ${weekName(week)} (early figures)`),
          ...[...trustLines(figures), ...overviewLines(overview)].map((text) => line(text)),
          ...(doubted.length > 0
            ? [line(`Being checked: ${listInWords(doubted)}.`, { colour: 'Attention' })]
            : []),
          line(PROVISIONAL, { subtle: true }),
        ],
      }),
    };
  }

  function previousWeek(now: Date): string {
    return dateOf(new Date(now.getTime() - 7 * 24 * 3_600_000), zone);
  }

  return { ask };
}

function weekName(week: string): string {
  return /^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$/.test(week)
    ? `the week of ${dateInWords(mondayOf(week)).replace('Monday ', '')}`
    : 'that week';
}

function say(text: string): MessageReply {
  return { kind: 'reply', text };
}
