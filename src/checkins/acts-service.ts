/**
 * Answers a button of a check-in: reads what it is judged by, judges, and writes the change with its history, its audit and
 * its new cards, all or nothing. Presses of the same moment share their statements. Nothing is locked meanwhile: a change is
 * written only to the row that it was judged by, and a press that came too late is judged again.
 */
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply } from '../cards/reply.ts';
import { AppError, refuse } from '../kernel/errors.ts';
import { inBatches } from '../storage/batch.ts';
import { inTransaction } from '../storage/database.ts';
import { roleOf } from './authority.ts';
import { cardFor, type Viewer } from './cards.ts';
import { type Dossier, readDossier } from './dossiers-store.ts';
import type { CommandKind } from './lifecycle.ts';
import { type CheckinsResources, faceOf, type Lines, loadLines } from './lines-service.ts';
import { placeSendings } from './lists-service.ts';
import { type Judged, judge, type Presser } from './press.ts';
import { saveChanges } from './store.ts';

const COMMANDS: Readonly<Record<string, CommandKind | 'show' | 'view'>> = {
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
};

/** A press is judged again at most so often: whoever was quicker has raised the version, so the second time settles it. */
export const MOST_TURNS = 5;

export async function answerPress(
  resources: CheckinsResources,
  command: CardCommand,
  person: Presser,
  now: Date,
): Promise<CardReply> {
  const { envelope } = command;
  const kind = COMMANDS[envelope.verb];
  if (!kind) return refuse('unknown-card', 'I do not know that button. Please use the newest card.');
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const reply = await tryPress(resources, command, kind, person, now);
    if (reply) return reply;
  }
  throw restless(envelope.id);
}

/** Undefined when somebody else changed the check-in meanwhile. */
async function tryPress(
  resources: CheckinsResources,
  { envelope, inputs }: CardCommand,
  kind: CommandKind | 'show' | 'view',
  person: Presser,
  now: Date,
): Promise<CardReply | undefined> {
  const dossier = await readDossier(resources.db, envelope.id);
  if (!dossier) return refuse('gone', 'I cannot find that check-in any more. Nothing was changed.');
  const { checkin } = dossier;
  const others = checkin.decidedBy === undefined ? [] : [checkin.decidedBy];
  const lines = await loadLines(resources, [checkin.ownerId, person.personId, ...others], now);
  const reviewers = lines.reviewers(checkin.ownerId);
  const viewer = roleOf(checkin, person.personId, reviewers);
  // What stands in a channel may be seen by whoever is there; of any other a stranger learns nothing.
  if (!viewer && kind === 'view' && dossier.copies.some(({ role }) => role === 'channel'))
    return showCheckin(dossier, 'other', lines);
  if (!viewer) {
    resources.log.warn('check-in press refused', {
      checkin: checkin.id,
      person: person.personId,
      verb: kind,
    });
    return refuse('not-yours', 'That check-in is with someone else, so nothing was changed.');
  }
  if (kind === 'show' || kind === 'view') return showCheckin(dossier, viewer, lines);
  const judged = judge(dossier, {
    kind,
    inputs,
    version: envelope.version,
    viewer,
    person,
    lines,
    reviewers,
    rhythm: resources.trust.people.find((note) => note.id === checkin.ownerId),
    unchangedApproves: resources.trust.policies.unchanged_approves_itself,
    now,
  });
  if (judged.kind === 'change') return (await saveJudged(resources, judged)) ? judged.reply : undefined;
  if (judged.refused !== undefined)
    resources.log.info('check-in press refused', {
      checkin: checkin.id,
      reason: judged.refused,
      verb: kind,
    });
  return judged.reply;
}

function showCheckin({ checkin, milestone, last }: Dossier, viewer: Viewer, lines: Lines): CardReply {
  const awake = { ...checkin, resting: false };
  return { kind: 'card', card: cardFor(viewer, faceOf(lines, awake, milestone, last)) };
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
