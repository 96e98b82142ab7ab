/**
 * Everything a nudge shows beside its release: what people chose, what is asked after, whether figures are queried, who
 * helps. Reads the stores and the directory; what is said of it is decided in the cards.
 */
import { CHART_WEEKS } from '../cards/gap-charts.ts';
import { calendarOf, schoolByUrn, type Trust, type TrustSchool } from '../config/trust.ts';
import type { Directory, Person } from '../directory/model.ts';
import { dateOf } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import { type Face, leadersKey, type NudgeState, type NudgeView, nudgeKey } from './card.ts';
import { oneThing } from './insight.ts';
import {
  type Choice,
  type NudgeWeek,
  readChoices,
  readDeclined,
  readHistory,
  readNudgeWeek,
} from './nudge-store.ts';
import { readQueries } from './queries-store.ts';
import { type Release, reopenRelease } from './release.ts';
import { schoolWeek } from './week.ts';

export type ViewResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly directory: Pick<Directory, 'person'>;
};

/** What a card that is about to be kept will say: its row is not written yet. */
export type Planned = {
  readonly action: string;
  readonly follows: string | null;
};

export type PostedView = { readonly key: string; readonly view: NudgeView };

export interface NudgeViews {
  /** What the card shows now: the release with what people have chosen. */
  view(
    school: TrustSchool,
    release: Release,
    face: Face,
    now: Date,
    planned?: Planned | undefined,
  ): Promise<NudgeView>;
  /** Each message in which the week's card stands for several people, by its key, with what it shows now. */
  posted(school: TrustSchool, release: Release, now: Date): Promise<readonly PostedView[]>;
  /** The person who is asked for help: whoever leads the strand `attendance`, else the school's head. */
  helperId(school: TrustSchool): string;
  dataContactName(school: TrustSchool): Promise<string>;
  helperName(school: TrustSchool): Promise<string>;
  nameOf(personId: string): Promise<string>;
  /** Whom the trust's leaders ask for help: whoever leads the strand `attendance`, else the CEO. `name`: the given name. */
  trustHelper(): Promise<{ readonly id: string; readonly name: string }>;
  stateOf(choices: readonly Choice[]): Promise<NudgeState>;
  /** Schools whose figures for a week carry a note. */
  queriedSchools(week: string): Promise<ReadonlySet<string>>;
}

export function createNudgeViews({ db, trust, directory }: ViewResources): NudgeViews {
  const zone = trust.trust.zone;

  function attendanceLead(): string | undefined {
    for (const priority of trust.priorities)
      for (const strand of priority.strands)
        if (strand.id === 'attendance') return strand.lead ?? priority.lead;
    return undefined;
  }

  function helperId(school: TrustSchool): string {
    return attendanceLead() ?? school.head;
  }

  async function nameOf(personId: string): Promise<string> {
    return (await directory.person(personId))?.name ?? 'A colleague';
  }

  async function givenName(personId: string, otherwise: string): Promise<string> {
    const person: Person | undefined = await directory.person(personId);
    return person?.givenName || person?.name || otherwise;
  }

  async function queriedSchools(week: string): Promise<ReadonlySet<string>> {
    return new Set((await readQueries(db, week)).map((query) => query.schoolUrn));
  }

  async function stateOf(choices: readonly Choice[]): Promise<NudgeState> {
    const found = (kind: Choice['kind']) => choices.find((choice) => choice.kind === kind);
    const outcome = found('outcome');
    const help = found('help');
    const focus = found('focus');
    const followUp = found('follow-up');
    return {
      outcome: outcome && {
        choice: outcomeOf(outcome.choice),
        by: await nameOf(outcome.actor),
        on: dateOf(outcome.at, zone),
      },
      helpAsked: help && { by: await nameOf(help.actor) },
      focus: focus && (await focusOf(focus)),
      followUp: followUp && {
        choice: followUp.choice === 'happened' ? 'happened' : 'not-yet',
        by: await nameOf(followUp.actor),
      },
    };
  }

  async function focusOf(choice: Choice): Promise<NonNullable<NudgeState['focus']>> {
    const [due = '', ownerId = ''] = choice.choice.split('/');
    return { by: await nameOf(choice.actor), owner: await givenName(ownerId, 'a colleague'), due };
  }

  async function askedAfter(
    school: TrustSchool,
    row: Pick<NudgeWeek, 'follows'> | undefined,
  ): Promise<NudgeView['follows']> {
    if (!row?.follows) return undefined;
    const before = await readNudgeWeek(db, school.urn, row.follows);
    return before?.action ? { action: before.action } : undefined;
  }

  async function view(
    school: TrustSchool,
    release: Release,
    face: Face,
    now: Date,
    planned?: Planned,
  ): Promise<NudgeView> {
    const kept = await readNudgeWeek(db, school.urn, release.week);
    const row = planned ?? kept;
    const place = { schoolUrn: school.urn, week: release.week, scope: '' };
    const state = await stateOf(await readChoices(db, place));
    const follows = await askedAfter(school, row);
    const own = row?.action ?? oneThing(release, await readDeclined(db, school.urn));
    const helper = helperId(school);
    const history = await readHistory(db, school.urn, release.week, CHART_WEEKS - 1);
    return {
      release,
      face,
      today: dateOf(now, zone),
      helper: face !== 'channel' && helper === school.head ? null : await givenName(helper, 'the trust'),
      action: state.followUp?.choice === 'not-yet' && follows ? follows.action : own,
      follows,
      state,
      queried: (await queriedSchools(release.week)).has(school.urn),
      history: history.map(reopenRelease),
      showsPupils: face === 'head' && school.pupils === 'on',
      freshStart: schoolWeek(calendarOf(trust, school), release.monday).weekOfTerm === 1,
    };
  }

  async function posted(school: TrustSchool, release: Release, now: Date): Promise<PostedView[]> {
    const { week } = release;
    const channel = {
      key: nudgeKey(week, school.urn),
      view: await view(school, release, 'channel', now),
    };
    return school.leadership_chat === undefined
      ? [channel]
      : [channel, { key: leadersKey(week, school.urn), view: await view(school, release, 'leaders', now) }];
  }

  return {
    view,
    posted,
    helperId,
    nameOf,
    stateOf,
    trustHelper: async () => {
      const id = attendanceLead() ?? trust.trust.ceo;
      return { id, name: await givenName(id, 'the trust') };
    },
    helperName: (school) => givenName(helperId(school), 'the trust'),
    dataContactName: (school) => givenName(school.data_contact, 'The data contact'),
    queriedSchools,
  };
}

function outcomeOf(choice: string): 'done' | 'not-this-week' | 'not-suitable' {
  return choice === 'done' || choice === 'not-suitable' ? choice : 'not-this-week';
}

const FACES: readonly Face[] = ['channel', 'head', 'leaders'];

/** A school's nudge that a button names: `URN/WEEK`, `URN/WEEK/head` or `URN/WEEK/leaders`. */
export function placeIn(
  trust: Trust,
  id: string,
): { readonly school: TrustSchool; readonly week: string; readonly face: Face } | undefined {
  const [urn = '', week = '', face = 'channel'] = id.split('/');
  const school = schoolByUrn(trust, urn);
  const known = FACES.find((one) => one === face);
  return school && known && /^\d{4}-W\d{2}$/.test(week) ? { school, week, face: known } : undefined;
}
