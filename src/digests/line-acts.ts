/**
 * What a reader can do about each kind of line of a digest: open it, ask about it, offer help, write to one of their own people.
 * A line without such a thing would only worry. Pure; what a press may do is decided when it is pressed.
 */
import { type Action, button, chatLink, isSafeLink, link, say } from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { shorten } from '../kernel/text.ts';
import type { Digest } from './compose.ts';

const press = (label: string, verb: string, id: string, version = 0) =>
  button(label, envelope(verb, id, version), { withoutInputs: true });

const OPENS = {
  school: 'attendance.open',
  groups: 'attendance.tutor-show',
  trust: 'attendance.trust-show',
} as const;

/** Figures were taken back: the digest as it is without them. */
export function withdrawnAct(): Action {
  return press('As of now', 'digests.refresh', 'mine');
}

export function nudgeAct({ nudge }: Digest): Action | undefined {
  return nudge && press('Open attendance', OPENS[nudge.opens ?? 'school'], nudge.id);
}

/** The question is answered for the school, or for all of them together. */
export function attendanceAct({ attendance, wholeTrust }: Digest): Action | undefined {
  const [only] = attendance?.schools ?? [];
  if (!only) return undefined;
  const one = !wholeTrust && attendance?.schools.length === 1;
  return say(
    'Ask about attendance',
    one ? `How is attendance at ${only.name}?` : 'How is attendance across the trust?',
  );
}

/** The priority with most at risk or off track, else the first. */
export function milestonesAct({ priorities }: Digest): Action | undefined {
  const behind = ({ statuses }: Digest['priorities'][number]) => statuses.atRisk + statuses.offTrack;
  const [hardest] = priorities.toSorted((one, other) => behind(other) - behind(one));
  return hardest && say('Ask about milestones', standingOf(hardest.name));
}

export function priorityAct(name: string): Action {
  return say(shorten(name, 30), standingOf(name));
}

function standingOf(name: string): string {
  return `How are we doing on ${name}?`;
}

export function movedAct({ moved, date }: Digest): Action | undefined {
  return moved && moved.since < date ? say('What moved', `What changed since ${moved.since}`) : undefined;
}

export function blockerAct({ blockers: [first] }: Digest): Action | undefined {
  return first?.milestoneId ? helpAct('Offer to help', first.milestoneId) : undefined;
}

/** Of the blockers after the first, each with its own. */
export function furtherHelpActs(blockers: Digest['blockers']): Action[] {
  return blockers.flatMap(({ milestoneId, title }) =>
    milestoneId ? [helpAct(`Help with: ${shorten(title, 30)}`, milestoneId)] : [],
  );
}

function helpAct(label: string, milestoneId: string): Action {
  return press(label, 'digests.offer-help', milestoneId);
}

/** More of a reader's people are told of in an answer of its own. */
const MOST_WRITTEN_TO = 4;

/** One chat for each: nobody is told of another's lateness. */
export function lateActs({ late }: Digest): Action[] {
  const each = new Map(late.flatMap(({ ownerName, mail }) => (mail ? [[mail, ownerName] as const] : [])));
  const some = [...each].slice(0, MOST_WRITTEN_TO);
  return [
    ...some.map(([mail, name]) => link(`Write to ${shorten(name, 25)}`, chatLink(mail))),
    ...(each.size > some.length ? [say('Who else', 'Who is late?')] : []),
  ];
}

/** Asking it again offers to pass it to whoever looks after the nearest document. */
export function themeAct({ themes: [first] }: Digest): Action | undefined {
  return first && say('Ask that question', first.label);
}

export function furtherThemeActs(themes: Digest['themes']): Action[] {
  return themes.map(({ label }) => say(`Ask: ${shorten(label, 30)}`, label));
}

export function documentAct({ documents: [first] }: Digest): Action | undefined {
  return first && openAct(first, { open: 'Open the document', find: 'Look up the document' });
}

export function furtherDocumentActs(documents: Digest['documents']): Action[] {
  return documents.map((one) => {
    const title = shorten(one.title, 30);
    return openAct(one, { open: `Open: ${title}`, find: `Look up: ${title}` });
  });
}

function openAct(
  { title, url }: Digest['documents'][number],
  label: { readonly open: string; readonly find: string },
): Action {
  return url && isSafeLink(url) ? link(label.open, url) : say(label.find, `What does "${title}" say?`);
}

/** The first whom it waits from, and the next: each may be approved where nothing in it needs a read, and opened. */
export function waitingActs({ waiting }: Digest): Action[] {
  const [first, ...more] = waiting;
  const second = more.find(({ ownerName }) => ownerName !== first?.ownerName);
  const shown = [first, second].flatMap((one) => one ?? []);
  return shown.flatMap(({ checkinId, version, ownerName, ready }) => {
    const whose = `${shorten(ownerName, 20)}'s`;
    const read = press(`Read ${whose}`, 'digests.open', checkinId, version);
    return ready ? [press(`Approve ${whose}`, 'digests.approve', checkinId, version), read] : [read];
  });
}
