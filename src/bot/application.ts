/**
 * The seam to Teams' own libraries: one teams-ai application whose routes all lead to `Bot.handle`. botbuilder and teams-ai
 * are out of support, so nothing outside this folder knows them. Typing timer off, card actions answered by our own invoke
 * response (teams-ai writes private views over the shared card), replies through our own connector client.
 */
import './deferred.ts';
// The file, not the package: its index also loads the tokenisers and clients of models, which nothing here calls.
import { Application } from '@microsoft/teams-ai/lib/Application.js';
import type { TurnState } from '@microsoft/teams-ai/lib/TurnState.js';
import { ActivityTypes, type TurnContext } from 'botbuilder';
import type { Connector } from '../delivery/teams.ts';
import { messageOf } from '../kernel/errors.ts';
import { newReference } from '../kernel/ids.ts';
import type { Log } from '../telemetry/log.ts';
import type { TurnAdapter } from './adapter.ts';
import { channelOf } from './channel-service.ts';
import { readActivity } from './inbound.ts';
import { faultLine } from './lines.ts';
import { textActivity } from './replies.ts';
import { type Answer, TOKEN_REFUSED } from './said.ts';
import type { Bot } from './service.ts';
import type { InboundActivity } from './shape.ts';

export type TeamsApplication = {
  /** Runs the turn of an activity that the gate has let in, under the token that came with it, and says what Teams is answered. */
  answer(activity: InboundActivity, authorization: string | undefined): Promise<Answer>;
};

/**
 * teams-ai 1.7.4 starts its typing timer whatever `startTypingTimer` says. The timer is one for all turns at once, so "typing"
 * came after an answer, and stood there.
 */
class WithoutTyping extends Application<TurnState> {
  override startTypingTimer(): void {
    // Nothing: an answer is there within the second, and a turn that is late says so itself.
  }
}

export function createApplication(options: {
  readonly adapter: TurnAdapter;
  readonly bot: Bot;
  readonly connector: Connector;
  readonly log: Log;
}): TeamsApplication {
  const { adapter, bot, connector, log } = options;
  adapter.onTurnError = async (context, error) => {
    const reference = newReference();
    log.error('turn failed outside its handler', { reference, reason: messageOf(error) });
    if (context.activity.type === ActivityTypes.Message)
      await channelOf(context, connector, log).reply(textActivity(faultLine(reference)));
  };
  const application = new WithoutTyping({
    removeRecipientMention: false,
    longRunningMessages: false,
  });
  const handle = async (context: TurnContext) => {
    const inbound = readActivity(context.activity);
    if (!inbound) {
      log.warn('activity of an unknown shape', { type: context.activity.type });
      return;
    }
    await bot.handle(inbound, channelOf(context, connector, log));
  };
  application.addRoute(async (context) => context.activity.type === ActivityTypes.Invoke, handle, true);
  application.addRoute(async (context) => context.activity.type !== ActivityTypes.Invoke, handle);
  return {
    answer: async (activity, authorization) => {
      const answer = await adapter.run(
        activity,
        authorization,
        async (context) => void (await application.run(context)),
      );
      if (answer.status === TOKEN_REFUSED) log.warn('the SDK refused what the gate let in');
      return answer;
    },
  };
}
