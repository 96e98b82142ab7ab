/**
 * One turn: taken once however often Teams repeats it, answered within the time Teams gives, and never with a stack trace.
 * Knows nothing of botbuilder, and leaves what each event means to `turns.ts`.
 */
import { enter } from '../access/decide.ts';
import { isRefusal, messageOf } from '../kernel/errors.ts';
import { newReference } from '../kernel/ids.ts';
import { sleep } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import { answerConsent } from './consents.ts';
import { answerFile } from './files.ts';
import { type Actor, identify, senderOf } from './identity.ts';
import type { Inbound } from './inbound.ts';
import { recoverLate, tellInterrupted } from './late-turns.ts';
import { faultLine } from './lines.ts';
import type { BotResources, Track, TurnChannel } from './ports.ts';
import { messageBody, textActivity } from './replies.ts';
import { earlierOf, finishActivity, releaseActivity, takeActivity } from './store.ts';
import { answerCommand, answerEdit, answerMessage, keepFeedback, withdrawMessage } from './turns.ts';

/** Whose sender waits for what comes of it, and is told when nothing can. */
const AWAITED: ReadonlySet<Inbound['kind']> = new Set(['message', 'file', 'edited', 'command']);

/** How long a repeat waits for the first turn's answer before it gives up politely. Milliseconds. */
const REPEAT_WAIT = 4500;

export type Bot = {
  handle(inbound: Inbound, channel: TurnChannel): Promise<void>;
  /** Finishes what a process that died had acknowledged. `everyLease`: no other process can be at work on it. */
  recover(everyLease: boolean): Promise<void>;
  /** Resolves when no turn, no late answer and no outcome still to be kept is in hand. */
  idle(): Promise<void>;
};

export function createBot(resources: BotResources): Bot {
  const inHand = new Set<Promise<unknown>>();
  /** The turns that this process runs, until what came of them is kept. */
  const own = new Set<Inbound>();
  const track = <T>(work: Promise<T>): Promise<T> => {
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    inHand.add(settled);
    void settled.then(() => inHand.delete(settled));
    return work;
  };
  return {
    handle: (inbound, channel) => {
      own.add(inbound);
      const turn = takeTurn(resources, inbound, channel, track);
      // Behind the answer to Teams, which need not wait for it: until then whoever looks finds the turn running, and waits.
      const kept = turn.then((outcome) => outcome && keepOutcome(resources, inbound.key, outcome.response));
      void track(kept.finally(() => own.delete(inbound)));
      return turn.then(() => undefined);
    },
    recover: (everyLease) =>
      track(
        recoverLate(resources, everyLease).then(() =>
          tellInterrupted(
            resources,
            [...own].map(({ key }) => key),
            everyLease,
          ),
        ),
      ),
    idle: async () => {
      while (inHand.size > 0) await Promise.all([...inHand]);
    },
  };
}

/** Runs the event unless it was taken before; returns what is to be kept of it for repeats. */
async function takeTurn(
  resources: BotResources,
  inbound: Inbound,
  channel: TurnChannel,
  track: Track,
): Promise<{ readonly response: unknown } | undefined> {
  const { db, log } = resources;
  const actor = await identify(resources.directory, inbound);
  const waits = AWAITED.has(inbound.kind) ? actor?.person.id : undefined;
  const taken = await takeActivity(db, inbound.key, waits);
  const isInvoke =
    (inbound.kind === 'command' && inbound.invoke) ||
    inbound.kind === 'feedback' ||
    inbound.kind === 'consent' ||
    (inbound.kind === 'other' && inbound.invoke);
  if (taken.kind !== 'new') {
    if (isInvoke)
      await channel.answer(taken.kind === 'done' ? taken.response : await awaitAnswer(db, inbound.key));
    return undefined;
  }
  try {
    return { response: await runTurn(resources, inbound, actor, channel, track) };
  } catch (error) {
    const reference = newReference();
    log.error('turn failed', {
      reference,
      kind: inbound.kind,
      reason: messageOf(error),
      stack: error instanceof Error ? error.stack : undefined,
    });
    await releaseActivity(db, inbound.key);
    if (isInvoke) await channel.answer(messageBody(faultLine(reference)));
    else if (inbound.kind === 'message' || inbound.kind === 'file' || inbound.kind === 'command')
      await channel.reply(textActivity(faultLine(reference)));
    return undefined;
  }
}

/** A fault here costs no answer: the turn stays as it was taken, and its person is told to look. */
async function keepOutcome({ db, log }: BotResources, key: string, response: unknown): Promise<void> {
  try {
    await finishActivity(db, key, response);
  } catch (error) {
    log.error('the outcome of a turn was not kept', { reason: messageOf(error) });
  }
}

/** A repeat of an invoke that still runs: wait for its answer, so that the button shows one outcome. */
async function awaitAnswer(db: Db, key: string): Promise<unknown> {
  for (let waited = 0; waited < REPEAT_WAIT; waited += 150) {
    await sleep(150);
    const earlier = await earlierOf(db, key);
    if (earlier && earlier.state !== 'running') return earlier.response;
  }
  return messageBody('I have your answer and am still working on it.');
}

/** Runs the event; returns what to keep for repeats. */
async function runTurn(
  resources: BotResources,
  inbound: Inbound,
  actor: Actor | undefined,
  channel: TurnChannel,
  track: Track,
): Promise<unknown> {
  const now = resources.clock.now();
  const sender = senderOf(actor, inbound);
  if (inbound.kind === 'uninstalled') {
    const entry = enter('app:part', sender, 'shared');
    if (!isRefusal(entry)) await resources.part(entry, inbound.conversation, inbound.sender.personId);
    return null;
  }
  const entry = enter('app:meet', sender, 'shared');
  const met = isRefusal(entry)
    ? Promise.resolve()
    : resources.meet(entry, inbound.conversation, actor, inbound.kind === 'installed', now);
  // What was asked or pressed is looked at meanwhile; it waits for this before it says anything.
  if (inbound.kind !== 'message' && inbound.kind !== 'command') await met;
  switch (inbound.kind) {
    case 'message':
      return answerMessage(resources, inbound, actor, channel, now, { track, met });
    case 'file':
      return answerFile(resources, inbound, actor, channel, now, track);
    case 'edited':
      return answerEdit(resources, inbound, actor, channel, now);
    case 'deleted':
      return withdrawMessage(resources, inbound, actor, channel);
    case 'command':
      return answerCommand(resources, inbound, actor, channel, now, { track, met });
    case 'consent':
      return answerConsent(resources, inbound, actor, channel, now);
    case 'feedback':
      return keepFeedback(resources, inbound, actor, channel, now);
    default: {
      if (inbound.kind !== 'other' || !inbound.invoke) return null;
      const body = {};
      await channel.answer(body);
      return body;
    }
  }
}
