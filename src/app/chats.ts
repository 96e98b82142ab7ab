/** Who is in a chat that the trust's file names, asked of Teams at the time: people join between two messages. */
import { companyOf } from '../bot/identity.ts';
import type { UseCases } from '../bot/routes.ts';
import type { Delivery } from '../delivery/service.ts';
import type { Directory } from '../directory/model.ts';

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
