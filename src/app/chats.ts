/** Who is where a card is to be posted, asked of Teams and Graph at the time: people join between two messages. */

import { companyOf } from '../bot/identity.ts';
import type { UseCases } from '../bot/routes.ts';
import type { Trust } from '../config/trust.ts';
import type { Target } from '../delivery/message.ts';
import type { Delivery } from '../delivery/service.ts';
import type { Directory } from '../directory/model.ts';
import type { DirectoryService } from '../directory/service.ts';
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

/**
 * Whether a message may go there now: to somebody who is still on the staff, and into a team or a chat only while all in it are.
 * Asked at the time of sending: people leave while a message waits. Throws what asking throws.
 */
export async function mayPostIn(
  ports: {
    readonly trust: Trust;
    readonly directory: Pick<Directory, 'membersOf'> & Pick<DirectoryService, 'standing'>;
    readonly chatCompany: (chatId: string) => Promise<ChatCompany>;
  },
  target: Target,
): Promise<true | Refusal> {
  const outsiders = (place: string) =>
    refuse('outsiders', `someone in the ${place} is not on ${ports.trust.trust.short_name}'s staff`);
  switch (target.kind) {
    case 'person':
      return leaverOf(await ports.directory.standing(target.personId), ports.trust);
    case 'chat':
      return (await ports.chatCompany(target.chatId)) === 'staff' || outsiders('chat');
    case 'channel':
      return (await ports.directory.membersOf(target.teamId)).outsiders === 0 || outsiders('team');
  }
}

function leaverOf(standing: Awaited<ReturnType<DirectoryService['standing']>>, trust: Trust): true | Refusal {
  switch (standing) {
    case 'staff':
      return true;
    case 'closed':
      return refuse('account-closed', 'their account is disabled');
    case 'outsider':
      return refuse('not-staff', `not on ${trust.trust.short_name}'s staff any more`);
  }
}
