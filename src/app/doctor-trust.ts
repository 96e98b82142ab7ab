/** The doctor's look at what the trust's file names: its people, groups, teams and calendars. Changes nothing. */
import { grantRemedy } from '../config/consents.ts';
import type { Trust, TrustSchool } from '../config/trust.ts';
import type { Delivery } from '../delivery/service.ts';
import { roleGroupsOf } from '../directory/appointing.ts';
import type { DirectoryService } from '../directory/service.ts';
import { AppError } from '../kernel/errors.ts';
import { count, listInWords } from '../kernel/text.ts';
import { addDays, dateOf, dateWithYear } from '../kernel/time.ts';

export type Finding = {
  /** A word or two that stays the same, for alerts: `people`, `channel 900001`. */
  readonly part: string;
  readonly state: 'well' | 'attention' | 'wrong';
  readonly says: string;
  /** What to do; absent when all is well. */
  readonly remedy?: string;
};

export type TrustParts = {
  readonly directory: Pick<DirectoryService, 'age' | 'staff' | 'membersOf' | 'groupSize'>;
  readonly delivery: Pick<Delivery, 'reaches'>;
};

/** A calendar that ends sooner than this wants its next terms. Days. */
const CALENDAR_NOTICE = 56;
/** How often people and groups are read: whoever left a group holds its role no longer than that. Minutes. */
export const READ_AGAIN = 15;
/** A copy of the staff that is older has missed many syncs. Minutes. */
const COPY_LIMIT = 120;

export function well(part: string, says: string): Finding {
  return { part, state: 'well', says };
}

export async function people(trust: Trust, { directory }: TrustParts, now: Date): Promise<Finding> {
  const [{ minutes, failure, small }, staff] = [await directory.age(now), (await directory.staff()).length];
  const granted = grantRemedy('people');
  if (minutes === undefined || staff === 0) {
    return {
      part: 'people',
      state: 'wrong',
      says:
        minutes === undefined
          ? 'There is no copy of the staff yet, so nobody is answered.'
          : 'The staff group has no members.',
      remedy: minutes === undefined ? granted : 'Check trust.staff_group in trust.yaml.',
    };
  }
  if (!failure && minutes <= COPY_LIMIT && small)
    return {
      part: 'people',
      state: 'attention',
      says: `${count(staff, 'member')} of staff, where the directory held ${count(small.before, 'person', 'people')} until ${dateWithYear(dateOf(small.since, trust.trust.zone))}.`,
      remedy:
        'If so many did not leave, check trust.staff_group in trust.yaml and who is in that group. What is only leavers’ own is kept for a month longer meanwhile.',
    };
  if (!failure && minutes <= COPY_LIMIT)
    return well('people', `${count(staff, 'member')} of staff, read ${count(minutes, 'minute')} ago.`);
  return {
    part: 'people',
    state: 'attention',
    says: `The copy of the staff is ${count(minutes, 'minute')} old${failure ? `; the last reading failed (${failure.code})` : ''}.`,
    remedy:
      failure?.code === 'graph-denied'
        ? granted
        : 'Look whether Graph can be reached; who left is still answered.',
  };
}

export async function groups(trust: Trust, { directory }: TrustParts): Promise<readonly Finding[]> {
  const named = new Set(trust.documents.flatMap(({ group }) => group ?? []));
  const empty: string[] = [];
  for (const group of named) if ((await directory.groupSize(group)) === 0) empty.push(group);
  if (empty.length === 0)
    return [well('groups', `${count(named.size, 'group')} that may read a document, all with members.`)];
  return [
    {
      part: 'groups',
      state: 'attention',
      says: `No member of staff is in ${listInWords(empty)}, so nobody can read its documents.`,
      remedy: 'Check the ids under documents in trust.yaml, and who is in the groups.',
    },
  ];
}

/** Groups that appoint: who is in one that is empty or gone holds no role by it, and that is easily taken for a choice. */
export async function roleGroups(trust: Trust, { directory }: TrustParts): Promise<readonly Finding[]> {
  const part = 'role groups';
  const named = roleGroupsOf(trust);
  if (named.length === 0) return [];
  const empty: string[] = [];
  for (const { group, names } of named) if ((await directory.groupSize(group)) === 0) empty.push(names);
  if (empty.length === 0)
    return [
      well(part, `${count(named.length, 'line')} of trust.yaml appoint by a group, each with members.`),
    ];
  return [
    {
      part,
      state: 'attention',
      says: `No member of staff is in the group of ${listInWords(empty)}, so it appoints nobody.`,
      remedy: `Check the id there in trust.yaml, and who is in the group; a change counts within ${count(READ_AGAIN, 'minute')}.`,
    },
  ];
}

/** Where cards are posted: each school's channel, and the one for questions when the trust has one. */
export function placesOf({ schools, trust }: Trust): readonly Place[] {
  const questions = trust.questions_channel;
  return [
    ...schools.map(({ urn, name, team, channel }) => ({ part: `channel ${urn}`, name, team, channel })),
    ...(questions ? [{ part: 'channel for questions', ...questions }] : []),
  ];
}

export type Place = {
  readonly part: string;
  readonly name: string;
  readonly team: string;
  readonly channel: string;
};

export async function channel(
  { part, name, team, channel }: Place,
  { directory, delivery }: TrustParts,
): Promise<Finding> {
  const outsiders = await outsidersIn(team, directory);
  if (outsiders === 'denied')
    return {
      part,
      state: 'attention',
      says: `${name}'s team has not consented to being asked who is in it, so nothing is posted there.`,
      remedy: grantRemedy('channels'),
    };
  if (outsiders > 0) {
    return {
      part,
      state: 'attention',
      says: `${count(outsiders, 'member')} of ${name}'s team ${outsiders === 1 ? 'is' : 'are'} not on the staff, so nothing is posted there.`,
      remedy: 'Take them out of the team, or name another team in trust.yaml.',
    };
  }
  if (await delivery.reaches({ kind: 'channel', teamId: team, channelId: channel }))
    return well(part, `${name}: the app is in the team, and only staff are.`);
  return {
    part,
    state: 'attention',
    says: `The app is not in ${name}'s team, so its card cannot be posted.`,
    remedy: 'An owner of the team adds Waymark to it; the first card follows by itself.',
  };
}

async function outsidersIn(team: string, directory: TrustParts['directory']): Promise<number | 'denied'> {
  try {
    return (await directory.membersOf(team)).outsiders;
  } catch (error) {
    if (error instanceof AppError && error.code === 'graph-denied') return 'denied';
    throw error;
  }
}

/** Only a chat that the app is in can be written in. Who else is in it is asked of Teams before each message. */
export async function leadershipChat(school: TrustSchool, { delivery }: TrustParts): Promise<Finding> {
  const part = `chat ${school.urn}`;
  if (await delivery.reaches({ kind: 'chat', chatId: school.leadership_chat ?? '' }))
    return well(part, `${school.name}: the app is in the leadership chat.`);
  return {
    part,
    state: 'attention',
    says: `The app is not in ${school.name}'s leadership chat, so the head's card is on top of her digest.`,
    remedy: 'Someone in the chat adds Waymark to it; or take `leadership_chat` out of trust.yaml.',
  };
}

export function calendars(trust: Trust, now: Date): Finding[] {
  const today = dateOf(now, trust.trust.zone);
  const findings = Object.entries(trust.calendars).flatMap(([name, { terms }]): Finding[] => {
    const last =
      terms
        .map(({ to }) => to)
        .sort()
        .at(-1) ?? '';
    if (last > addDays(today, CALENDAR_NOTICE)) return [];
    const over = last < today;
    return [
      {
        part: `calendar ${name}`,
        state: over ? 'wrong' : 'attention',
        says: `The calendar "${name}" ${over ? 'ended' : 'ends'} on ${dateWithYear(last)}${over ? ': nothing is sent in term' : ''}.`,
        remedy: `Add the next terms under calendars.${name} in trust.yaml and restart.`,
      },
    ];
  });
  return findings.length > 0 ? findings : [well('calendars', 'Every calendar has terms ahead.')];
}
