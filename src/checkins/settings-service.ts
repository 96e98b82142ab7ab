/** Shows a person their own settings and keeps what they choose. Whose they are is the signed sender, never a card's word. */
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import { dateOf } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { inTransaction } from '../storage/database.ts';
import type { CheckinsResources } from './lines-service.ts';
import type { Presser } from './press.ts';
import { choicesFrom, SAVE_SETTINGS, settingsCard } from './settings.ts';
import { readChoices, saveChoices } from './settings-store.ts';

type Ports = Pick<CheckinsResources, 'db' | 'trust' | 'directory'>;

export async function answerSettings(ports: Ports, person: Presser, now: Date): Promise<MessageReply> {
  const choices = (await readChoices(ports.db)).get(person.personId) ?? {};
  const view = { name: await givenName(ports, person), choices, today: todayOf(ports, now) };
  return { kind: 'reply', card: settingsCard(view) };
}

export async function saveSettings(
  ports: Ports,
  { inputs }: CardCommand,
  person: Presser,
  now: Date,
): Promise<CardReply> {
  const { personId } = person;
  const today = todayOf(ports, now);
  const choices = choicesFrom(inputs, (await readChoices(ports.db)).get(personId) ?? {}, today);
  const name = await givenName(ports, person);
  await inTransaction(ports.db, async (trx) => {
    await saveChoices(trx, personId, choices, now);
    await writeAudit(trx, {
      at: now,
      actor: personId,
      action: SAVE_SETTINGS,
      subject: personId,
      detail: { paused: choices.pausedUntil ?? '', reminded: choices.unreminded !== true },
    });
  });
  return { kind: 'card', card: settingsCard({ name, choices, today, notice: 'Saved.' }) };
}

function todayOf({ trust }: Ports, now: Date): string {
  return dateOf(now, trust.trust.zone);
}

async function givenName({ directory }: Ports, { personId, name }: Presser): Promise<string> {
  const [person] = await directory.people([personId]);
  return person?.givenName || name;
}
