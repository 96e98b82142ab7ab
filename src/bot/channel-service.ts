/**
 * What a turn says in its own conversation, through our own connector client: the SDK's repeats a POST after a 500 or 502,
 * which doubles a message that had been taken, and it builds a client anew for every turn. What may have arrived is not said
 * again; what certainly has not is tried again for as long as a turn may last.
 */
import './deferred.ts';
import { ActivityTypes, DeliveryModes, StatusCodes, type TurnContext } from 'botbuilder';
import { type Attempt, backoff, classify, jitterOf } from '../delivery/outcome.ts';
import type { Connector } from '../delivery/teams.ts';
import { AppError } from '../kernel/errors.ts';
import { sleep } from '../kernel/time.ts';
import type { Log } from '../telemetry/log.ts';
import type { TurnChannel } from './ports.ts';
import type { OutgoingActivity } from './replies.ts';
import { saidOf } from './said.ts';

const MOST_ATTEMPTS = 4;
/** A turn waits no longer than this for a conversation that must rest. Milliseconds. */
const LONGEST_REST = 2_000;

/** Throws AppError `reply-refused` when Teams does not take what is said. */
export function channelOf(context: TurnContext, connector: Connector, log: Log): TurnChannel {
  const { activity } = context;
  const { id: replyToId, channelId, serviceUrl, conversation, recipient: from, from: recipient } = activity;
  const to = { serviceUrl, conversationId: conversation.id };
  const said = saidOf(context);
  const addressed = (what: OutgoingActivity) => ({
    ...what,
    from,
    recipient,
    conversation,
    channelId,
    serviceUrl,
    ...(replyToId ? { replyToId } : {}),
  });

  /** The id of what was said; '' when it may have arrived. `edits`: of a message that stands; saying that twice shows the same. */
  async function carryOut(write: () => Promise<Attempt>, edits: boolean): Promise<string> {
    const id = await tryOut(write, edits);
    if (id === undefined) throw refused('it finds no such message');
    return id;
  }

  /** Undefined where Teams does not find what was to be edited. */
  async function tryOut(write: () => Promise<Attempt>, edits: boolean): Promise<string | undefined> {
    for (let attempts = 1; ; attempts += 1) {
      const jitter = jitterOf(replyToId ?? conversation.id, attempts);
      const outcome = classify(await write(), attempts, jitter);
      if (outcome.kind === 'delivered') return outcome.activityId;
      if (outcome.kind === 'gone' && edits) return undefined;
      const { reason } = outcome;
      if (outcome.kind === 'uncertain' && !edits) {
        log.warn('a reply may not have arrived', { reason });
        return '';
      }
      const wait = 'wait' in outcome ? outcome.wait : backoff(attempts, jitter);
      const isForNow = 'wait' in outcome || outcome.kind === 'uncertain';
      if (!isForNow || attempts === MOST_ATTEMPTS || wait > LONGEST_REST) {
        throw refused(reason);
      }
      await sleep(wait);
    }
  }

  return {
    reply: (what) => carryOut(() => connector.post(to, addressed(what), replyToId), false),
    update: async (id, what) =>
      (await tryOut(() => connector.update(to, id, { ...addressed(what), id }), true)) !== undefined,
    remove: async (id) => {
      // Gone already is as it was wished.
      await tryOut(() => connector.remove(to, id), true);
    },
    answer: async (body) => {
      const answer = { status: StatusCodes.OK, body };
      if (said && activity.deliveryMode !== DeliveryModes.ExpectReplies) said.answer = answer;
      else await context.sendActivity({ type: ActivityTypes.InvokeResponse, value: answer });
    },
  };
}

function refused(reason: string): AppError {
  return new AppError('reply-refused', `Teams did not take a reply: ${reason}.`, {
    remedy: 'Nothing was said twice. If it goes on, look at the deliveries report and at BOT_SERVICE_HOSTS.',
  });
}
