/**
 * Answers a button of a check-in: reads what it is judged by, judges, and writes the change with its history, its audit and
 * its new cards, all or nothing. Presses of the same moment share their statements. Nothing is locked meanwhile: a change is
 * written only to the row that it was judged by, and a press that came too late is judged again.
 */
import { decide, type Entry } from '../access/decide.ts';
import { being } from '../access/roles.ts';
import type { CardCommand } from '../cards/envelope.ts';
import { heldLine, heldReply } from '../cards/held.ts';
import type { CardReply } from '../cards/reply.ts';
import { safeguardingLead } from '../config/trust.ts';
import { AppError, isRefusal, refuse } from '../kernel/errors.ts';
import { addDays, dateInWords, dateOf } from '../kernel/time.ts';
import { inBatches } from '../storage/batch.ts';
import { inTransaction } from '../storage/database.ts';
import { SAVE_FOR_LATER } from './ask-card.ts';
import { roleOf, sentBackTo } from './authority.ts';
import { cardFor, type Face, keptCard, type Viewer } from './cards.ts';
import { type Dossier, readDossier } from './dossiers-store.ts';
import { readDraft, saveDraft } from './drafts-store.ts';
import { isWorthKeeping, type Typed, typedFrom } from './form.ts';
import { freeWords, namesConcerned } from './held-words.ts';
import { type CommandKind, TAKES } from './lifecycle.ts';
import { aroundOf, type CheckinsResources, faceOf, type Lines, loadLines } from './lines-service.ts';
import { placeSendings } from './lists-service.ts';
import { type Judged, judge, type Presser } from './press.ts';
import type { Rhythm } from './reminders.ts';
import { rhythmOf } from './settings.ts';
import { readChoicesOf } from './settings-store.ts';
import { saveChanges } from './store.ts';

type Kind = CommandKind | 'show' | 'view' | 'keep';

const COMMANDS = {
  'checkins.submit': 'submit',
  'checkins.no-change': 'no-change',
  'checkins.help': 'help',
  'checkins.not-today': 'not-today',
  'checkins.approve': 'approve',
  'checkins.return': 'return',
  'checkins.question': 'question',
  'checkins.reply': 'reply',
  'checkins.show': 'show',
  'checkins.view': 'view',
  [SAVE_FOR_LATER]: 'keep',
} as const satisfies Readonly<Record<string, Kind>>;

export type PressEntry = Entry<keyof typeof COMMANDS>;

/** A press is judged again at most so often: whoever was quicker has raised the version, so the second time settles it. */
export const MOST_TURNS = 5;

export async function answerPress(
  resources: CheckinsResources,
  entry: PressEntry,
  command: CardCommand,
  person: Presser,
  now: Date,
): Promise<CardReply> {
  const { envelope } = command;
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const reply = await tryPress(resources, entry, command, person, now);
    if (reply) return reply;
  }
  throw restless(envelope.id);
}

/** Undefined when somebody else changed the check-in meanwhile. */
async function tryPress(
  resources: CheckinsResources,
  { verb, holder }: PressEntry,
  { envelope, inputs }: CardCommand,
  person: Presser,
  now: Date,
): Promise<CardReply | undefined> {
  const kind: Kind = COMMANDS[verb];
  const dossier = await readDossier(resources.db, envelope.id);
  if (!dossier) return refuse('gone', 'I cannot find that check-in any more. Nothing was changed.');
  const { checkin, milestone, last } = dossier;
  const others = checkin.decidedBy === undefined ? [] : [checkin.decidedBy];
  const lines = await loadLines(
    resources,
    [checkin.ownerId, person.personId, ...others, ...aroundOf(resources.trust, [milestone])],
    now,
    dossier.chosen,
  );
  const reviewers = lines.readersOf(checkin, milestone);
  const standIns = lines.standIns(checkin.ownerId, milestone);
  const viewer = roleOf(checkin, person.personId, reviewers, standIns);
  // What stands in a channel may be seen by whoever is there; of any other a stranger learns nothing.
  const inChannel = dossier.copies.some(({ role }) => role === 'channel');
  const told = being(holder, viewer, inChannel ? 'channel-member' : undefined);
  const permit = decide(verb, told, {});
  if (isRefusal(permit)) {
    if (!viewer)
      resources.log.warn('check-in press refused', {
        checkin: checkin.id,
        person: person.personId,
        verb: kind,
      });
    return permit;
  }
  if (!viewer) return showCheckin(dossier, 'other', lines);
  if (kind === 'show' || kind === 'view')
    return showCheckin(dossier, viewer, lines, await begunBy(resources, dossier, viewer, person));
  const typed =
    (kind === 'keep' || kind === 'submit') && viewer !== 'reviewer' ? typedFrom(inputs) : undefined;
  const concerned = namesConcerned(lines, dossier, person.personId);
  const held = (await resources.namesPupil(freeWords(kind, inputs), concerned))
    ? heldLine(safeguardingLead(resources.trust, lines.person(person.personId) ?? {}))
    : undefined;
  if (kind === 'keep') {
    if (!typed) throw new RangeError(`${viewer} has nothing to keep`);
    if (held === undefined) return keepDraft(resources, dossier, person, typed, now);
    return heldReply(
      cardFor(viewer, { ...faceOf(lines, awake(checkin), milestone, last), typed, notice: held }),
      held,
    );
  }
  const judged = judge(dossier, {
    kind,
    held,
    inputs,
    version: envelope.version,
    viewer,
    person,
    lines,
    reviewers,
    rhythm: await rhythmFor(
      resources,
      kind,
      kind === 'return' ? sentBackTo(checkin, standIns) : checkin.ownerId,
    ),
    unchangedApproves: resources.trust.policies.unchanged_approves_itself,
    now,
  });
  // Words that could not be taken are not lost, whatever becomes of the card on which they stand.
  if (judged.kind === 'answer' && typed && held === undefined && isWorthKeeping(typed, checkin.answer))
    await saveDraft(
      resources.db,
      { milestoneId: checkin.milestoneId, personId: person.personId },
      { typed, savedAt: now },
    );
  if (judged.kind === 'change') return (await saveJudged(resources, judged)) ? judged.reply : undefined;
  if (judged.refused !== undefined)
    resources.log.info('check-in press refused', {
      checkin: checkin.id,
      reason: judged.refused,
      verb: kind,
    });
  return judged.reply;
}

/** Only for what puts the next ask on a day of theirs. */
async function rhythmFor(
  { db, trust }: Pick<CheckinsResources, 'db' | 'trust'>,
  kind: CommandKind,
  personId: string,
): Promise<Rhythm | undefined> {
  if (kind !== 'not-today' && kind !== 'return') return undefined;
  const note = trust.people.find(({ id }) => id === personId);
  return rhythmOf(note, await readChoicesOf(db, personId));
}

function showCheckin(
  { checkin, milestone, last }: Dossier,
  viewer: Viewer,
  lines: Lines,
  begun: Pick<Face, 'typed' | 'notice'> = {},
): CardReply {
  const face = faceOf(lines, awake(checkin), milestone, last);
  return { kind: 'card', card: cardFor(viewer, { ...face, ...begun }) };
}

function awake(checkin: Dossier['checkin']): Dossier['checkin'] {
  return { ...checkin, resting: false };
}

/** What this person has typed and not sent, for the form; a reader of reviews has none. */
async function begunBy(
  { db, trust }: Pick<CheckinsResources, 'db' | 'trust'>,
  { checkin }: Dossier,
  viewer: Viewer,
  { personId }: Presser,
): Promise<Pick<Face, 'typed' | 'notice'>> {
  if (viewer === 'reviewer' || !TAKES[checkin.state].includes('submit')) return {};
  const draft = await readDraft(db, checkin.milestoneId, personId);
  if (!draft) return {};
  const day = dateInWords(dateOf(draft.savedAt, trust.trust.zone));
  return { typed: draft.typed, notice: `Not sent yet: what you wrote on ${day}. Only you can see it.` };
}

async function keepDraft(
  { db, trust }: Pick<CheckinsResources, 'db' | 'trust'>,
  { checkin, milestone }: Dossier,
  { personId }: Presser,
  typed: Typed,
  now: Date,
): Promise<CardReply> {
  await saveDraft(db, { milestoneId: checkin.milestoneId, personId }, { typed, savedAt: now });
  const until = addDays(dateOf(now, trust.trust.zone), trust.retention.drafts_days);
  return { kind: 'card', card: keptCard(milestone, checkin, until) };
}

const saveTogether = inBatches(saveChanges);

/** False when the check-in was no longer as it was judged: then nothing was written. */
export async function saveJudged(
  { db, outbox, refresher }: Pick<CheckinsResources, 'db' | 'outbox' | 'refresher'>,
  { change, sendings }: Extract<Judged, { kind: 'change' }>,
): Promise<boolean> {
  const written =
    sendings.length === 0
      ? await saveTogether(db, change)
      : await inTransaction(db, async (trx) => {
          const [saved] = await saveChanges(trx, [change]);
          if (!saved) return false;
          const { id } = change.before;
          const drafts = await placeSendings(trx, id, sendings, change.at);
          const run = `checkin/${id}/${change.before.version + change.steps.length}`;
          if (drafts.length > 0) await outbox.enqueue(trx, run, drafts, change.at);
          return true;
        });
  if (written) refresher.wake();
  return written;
}

export function restless(checkinId: string): AppError {
  return new AppError('checkin-restless', `Check-in ${checkinId} changed each time it was judged.`, {
    remedy: 'Nothing was written for this press. If it happens again, look for what writes to it so often.',
  });
}
