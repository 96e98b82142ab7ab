/**
 * One turn: taken once however often Teams repeats it, answered within the time Teams gives, and never with a stack trace.
 * Knows nothing of botbuilder, and leaves what each event means to `turns.ts`.
 */
import { messageOf } from '../kernel/errors.ts';
import { newReference } from '../kernel/ids.ts';
import { sleep } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import { answerFile } from './files.ts';
import { identify } from './identity.ts';
import type { Inbound } from './inbound.ts';
import { recoverLate } from './late-turns.ts';
import { faultLine } from './lines.ts';
import type { BotResources, Track, TurnChannel } from './ports.ts';
import { messageBody, textActivity } from './replies.ts';
import { finishActivity, releaseActivity, responseOf, takeActivity } from './store.ts';
import { answerCommand, answerEdit, answerMessage, keepFeedback, withdrawMessage } from './turns.ts';

/** How long a repeat waits for the first turn's answer before it gives up politely. Milliseconds. */
const REPEAT_WAIT = 4500;

export type Bot = {
  handle(inbound: Inbound, channel: TurnChannel): Promise<void>;
  /** Finishes what a process that died had acknowledged. `everyLease`: no other process can be at work on it. */
  recover(everyLease: boolean): Promise<void>;
  /** Resolves when no turn and no late answer is in hand. */
  idle(): Promise<void>;
};

export function createBot(resources: BotResources): Bot {
  const inHand = new Set<Promise<unknown>>();
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
    handle: (inbound, channel) => track(takeTurn(resources, inbound, channel, track)),
    recover: (everyLease) => track(recoverLate(resources, everyLease)),
    idle: async () => {
      while (inHand.size > 0) await Promise.all([...inHand]);
    },
  };
}

async function takeTurn(
  resources: BotResources,
  inbound: Inbound,
  channel: TurnChannel,
  track: Track,
): Promise<void> {
  const { db, log } = resources;
  const taken = await takeActivity(db, inbound.key);
  const isInvoke =
    (inbound.kind === 'command' && inbound.invoke) ||
    inbound.kind === 'feedback' ||
    (inbound.kind === 'other' && inbound.invoke);
  if (taken.kind !== 'new') {
    if (isInvoke)
      await channel.answer(taken.kind === 'done' ? taken.response : await awaitAnswer(db, inbound.key));
    return;
  }
  try {
    await finishActivity(db, inbound.key, await runTurn(resources, inbound, channel, track));
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
  }
}

/** A repeat of an invoke that still runs: wait for its answer, so that the button shows one outcome. */
async function awaitAnswer(db: Db, key: string): Promise<unknown> {
  for (let waited = 0; waited < REPEAT_WAIT; waited += 150) {
    await sleep(150);
    const taken = await responseOf(db, key);
    if (taken !== undefined) return taken;
  }
  return messageBody('I have your answer and am still working on it.');
}

/** Runs the event; returns what to keep for repeats. */
async function runTurn(
  resources: BotResources,
  inbound: Inbound,
  channel: TurnChannel,
  track: Track,
): Promise<unknown> {
  const now = resources.clock.now();
  const actor = await identify(resources.directory, inbound);
  if (inbound.kind === 'uninstalled') {
    await resources.part(inbound.conversation, inbound.sender.personId);
    return null;
  }
  const met = resources.meet(inbound.conversation, actor, inbound.kind === 'installed', now);
  // An answer is looked for meanwhile; it waits for this before it says anything.
  if (inbound.kind !== 'message') await met;
  switch (inbound.kind) {
    case 'message':
      return answerMessage(resources, inbound, actor, channel, now, { track, met });
    case 'file':
      return answerFile(resources, inbound, actor, channel, now, track);
    case 'edited':
      return answerEdit(resources, inbound, actor, channel, now);
    case 'deleted':
      return withdrawMessage(resources, inbound, channel);
    case 'command':
      return answerCommand(resources, inbound, actor, channel, now, track);
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
