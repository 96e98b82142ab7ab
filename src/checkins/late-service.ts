/**
 * "Who is late?": answered for a line manager with their own people from whom nothing has come for ten of their working days, and for
 * everybody else with a friendly sentence. Whose people they are is worked out from the directory at each asking.
 */
import { type Card, card, chatLink, line, link, said, title } from '../cards/elements.ts';
import type { MessageReply } from '../cards/reply.ts';
import { whoSees } from '../cards/who-sees.ts';
import { numberInWords, shorten } from '../kernel/text.ts';
import { readSilences } from './asked-store.ts';
import { NOBODY_IS_MEASURED } from './late-words.ts';
import { aroundOf, type CheckinsResources, loadLines } from './lines-service.ts';
import type { Milestone } from './milestone.ts';
import { readMilestones } from './milestones-store.ts';
import type { Presser } from './press.ts';
import { isOverdue, type Opened } from './reminders.ts';
import { rhythmOf } from './settings.ts';
import { readChoices } from './settings-store.ts';
import { readLive } from './store.ts';

const NAMED = 4;

type Late = { readonly name: string; readonly mail: string; readonly title: string };

/** The owners of milestones and of open check-ins whose line manager this person is today, or one of whose milestones they read. */
export async function peopleOf(
  resources: CheckinsResources,
  { personId }: Presser,
  now: Date,
): Promise<readonly string[]> {
  const { milestones, lines, owners } = await readLate(resources, personId, now);
  const read = milestones.filter(
    (milestone) => lines.readers(milestone.ownerId, milestone).asked?.personId === personId,
  );
  const theirs = new Set(read.map(({ ownerId }) => ownerId));
  return owners.filter(
    (ownerId) => theirs.has(ownerId) || lines.managers(ownerId).asked?.personId === personId,
  );
}

/** Which check-ins are overdue on a date, by the calendars, the trust's file and what their owners chose. Never inside a transaction. */
export async function overdueOn(
  { db, trust, schoolDays }: Pick<CheckinsResources, 'db' | 'trust' | 'schoolDays'>,
  today: string,
): Promise<(checkin: Opened, milestone: Pick<Milestone, 'schoolUrn'>) => boolean> {
  const [choices, silences] = await Promise.all([readChoices(db), readSilences(db)]);
  const notes = new Map(trust.people.map((note) => [note.id, note]));
  return (checkin, { schoolUrn }) =>
    isOverdue(checkin, {
      silentSince: silences.get(checkin.milestoneId),
      today,
      zone: trust.trust.zone,
      rhythm: rhythmOf(notes.get(checkin.ownerId), choices.get(checkin.ownerId)),
      isSchoolDay: (date) => schoolDays.isSchoolDay(schoolUrn, date),
    });
}

export async function answerLate(
  resources: CheckinsResources,
  { personId }: Presser,
  now: Date,
): Promise<MessageReply> {
  const { milestones, live, lines, owners } = await readLate(resources, personId, now);
  const isTheirs = (ownerId: string) => lines.managers(ownerId).asked?.personId === personId;
  if (!owners.some(isTheirs)) return { kind: 'reply', text: NOBODY_IS_MEASURED };
  const known = new Map(milestones.map((milestone) => [milestone.id, milestone]));
  const isLate = await overdueOn(resources, lines.today);
  const late = live.flatMap((checkin): Late[] => {
    const { ownerId, milestoneId } = checkin;
    const milestone = known.get(milestoneId);
    if (!milestone || !isTheirs(ownerId) || !isLate(checkin, milestone)) return [];
    const mail = lines.person(ownerId)?.mail ?? '';
    return [{ name: lines.givenName(ownerId), mail, title: milestone.title }];
  });
  if (late.length === 0) return { kind: 'reply', text: ALL_HEARD_FROM };
  return { kind: 'reply', card: lateCard(late) };
}

async function readLate(resources: CheckinsResources, personId: string, now: Date) {
  const milestones = (await readMilestones(resources.db)).filter(({ ended }) => !ended);
  const live = await readLive(resources.db);
  const owners = [...new Set([...milestones, ...live].map(({ ownerId }) => ownerId))];
  const around = aroundOf(resources.trust, milestones);
  const lines = await loadLines(resources, [personId, ...owners, ...around], now);
  return { milestones, live, lines, owners };
}

const ALL_HEARD_FROM =
  'None of your people: each has answered, was not asked, or still has time. Of anybody else I keep no such list.';

function lateCard(late: readonly Late[]): Card {
  const writable = new Map(late.flatMap(({ mail, name }) => (mail ? [[mail, name] as const] : [])));
  const over = late.length - NAMED;
  return card({
    summary: 'Some of your people have not been heard from.',
    body: [
      title('Not heard from for a fortnight. A word may help.'),
      ...late
        .slice(0, NAMED)
        .map(({ name, title: about }) => line(`${said(name)}: ${said(shorten(about, 60))}`)),
      ...(over > 0 ? [line(`And ${numberInWords(over)} more of your people.`)] : []),
      whoSees('Only you, as their line manager. It is kept nowhere and counted nowhere.'),
    ],
    actions: [...writable]
      .slice(0, NAMED)
      .map(([mail, name]) => link(`Write to ${shorten(name, 25)}`, chatLink(mail))),
  });
}
