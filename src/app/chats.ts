/** Who is where a card is to be posted, asked of Teams and Graph at the time: people join between two messages. */

import { companyOf } from '../bot/identity.ts';
import type { UseCases } from '../bot/routes.ts';
import type { Trust } from '../config/trust.ts';
import type { Target } from '../delivery/message.ts';
import type { Delivery } from '../delivery/service.ts';
import type { Directory } from '../directory/model.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';

/** `absent`: the app is not in the chat. `mixed`: someone there is not staff. Throws AppError `roster-unread`. */
export type ChatCompany = 'absent' | 'staff' | 'mixed';

export function companyOfChat(ports: {
  readonly delivery: Pick<Delivery, 'addressOf'>;
  readonly directory: Pick<Directory, 'membersOf' | 'people'>;
  readonly chatMembers: UseCases['chatMembers'];
}): (chatId: string) => Promise<ChatCompany> {
  const { delivery, directory, chatMembers } = ports;
  return async (chatId) => {
    const address = await delivery.addressOf({ kind: 'chat', chatId });
    if (!address) return 'absent';
    const { serviceUrl, botId, tenantId } = address;
    const company = await companyOf(
      { id: chatId, kind: 'group', serviceUrl, botId, tenantId },
      { membersOf: directory.membersOf, people: directory.people, chatMembers },
    );
    return company.kind === 'staff' ? 'staff' : 'mixed';
  };
}

/** Whether a message may go there now: into a team or a chat only while all in it are staff. Throws what asking throws. */
export async function mayPostIn(
  ports: {
    readonly trust: Trust;
    readonly directory: Pick<Directory, 'membersOf'>;
    readonly chatCompany: (chatId: string) => Promise<ChatCompany>;
  },
  target: Target,
): Promise<true | Refusal> {
  const outsiders = (place: string) =>
    refuse('outsiders', `someone in the ${place} is not on ${ports.trust.trust.short_name}'s staff`);
  switch (target.kind) {
    case 'person':
      return true;
    case 'chat':
      return (await ports.chatCompany(target.chatId)) === 'staff' || outsiders('chat');
    case 'channel':
      return (await ports.directory.membersOf(target.teamId)).outsiders === 0 || outsiders('team');
  }
}
