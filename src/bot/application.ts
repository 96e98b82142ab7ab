/**
 * The seam to Teams' own libraries: one teams-ai application whose routes all lead to `Bot.handle`. botbuilder and teams-ai
 * are out of support, so nothing outside this folder knows them. Typing timer off (it is shared by concurrent turns), card
 * actions answered by our own invoke response (teams-ai writes private views over the shared card).
 */
// The file, not the package: its index also loads the tokenisers and clients of models, which nothing here calls.
import { Application } from '@microsoft/teams-ai/lib/Application.js';
import type { TurnState } from '@microsoft/teams-ai/lib/TurnState.js';
import { ActivityTypes, type CloudAdapter, type TurnContext } from 'botbuilder';
import { messageOf } from '../kernel/errors.ts';
import { newReference } from '../kernel/ids.ts';
import type { Log } from '../telemetry/log.ts';
import { readActivity } from './inbound.ts';
import { faultLine } from './lines.ts';
import type { TurnChannel } from './ports.ts';
import type { OutgoingActivity } from './replies.ts';
import type { Bot } from './service.ts';

/** Structural types of what restify passes: the adapter asks for no more. */
export type HttpRequest = {
  readonly body?: Record<string, unknown>;
  readonly headers: Record<string, unknown>;
  readonly method?: string | undefined;
};
export type HttpResponse = {
  socket: unknown;
  end(...args: unknown[]): unknown;
  header(name: string, value: unknown): unknown;
  send(...args: unknown[]): unknown;
  status(code: number): unknown;
};

export type TeamsApplication = { process(request: HttpRequest, response: HttpResponse): Promise<void> };

export function createApplication(options: {
  readonly adapter: CloudAdapter;
  readonly bot: Bot;
  readonly log: Log;
}): TeamsApplication {
  const { adapter, bot, log } = options;
  adapter.onTurnError = async (context, error) => {
    const reference = newReference();
    log.error('turn failed outside its handler', { reference, reason: messageOf(error) });
    if (context.activity.type === ActivityTypes.Message) await context.sendActivity(faultLine(reference));
  };
  const application = new Application<TurnState>({
    startTypingTimer: false,
    removeRecipientMention: false,
    longRunningMessages: false,
  });
  const handle = async (context: TurnContext) => {
    const inbound = readActivity(context.activity);
    if (!inbound) {
      log.warn('activity of an unknown shape', { type: context.activity.type });
      return;
    }
    await bot.handle(inbound, channelOf(context));
  };
  application.addRoute(async (context) => context.activity.type === ActivityTypes.Invoke, handle, true);
  application.addRoute(async (context) => context.activity.type !== ActivityTypes.Invoke, handle);
  return {
    process: (request, response) =>
      adapter.process(
        request as never,
        response as never,
        async (context) => void (await application.run(context)),
      ),
  };
}

function channelOf(context: TurnContext): TurnChannel {
  return {
    reply: async (activity) => (await context.sendActivity(activity as never))?.id ?? '',
    update: async (id, activity) => {
      await context.updateActivity({ ...(activity as OutgoingActivity), id } as never);
    },
    remove: (id) => context.deleteActivity(id),
    answer: async (body) => {
      await context.sendActivity({
        type: ActivityTypes.InvokeResponse,
        value: { status: 200, body },
      } as never);
    },
  };
}
