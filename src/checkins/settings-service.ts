/** Shows a person their own settings and keeps what they choose. Whose they are is the signed sender, never a card's word. */
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import type { Draft } from '../delivery/message.ts';
import type { Person } from '../directory/model.ts';
import { fold } from '../kernel/text.ts';
import { writeAudit } from '../storage/audit.ts';
import { inTransaction } from '../storage/database.ts';
import { type CheckinsResources, loadLines } from './lines-service.ts';
import type { Presser } from './press.ts';
import { type Choices, choicesFrom, isMend } from './settings.ts';
import { namedCard, SAVE_SETTINGS, type SettingsView, settingsCard } from './settings-card.ts';
import { type OwnSettings, readSettings, saveChoices } from './settings-store.ts';

type Ports = Pick<CheckinsResources, 'db' | 'trust' | 'directory' | 'outbox'>;

export async function answerSettings(ports: Ports, person: Presser, now: Date): Promise<MessageReply> {
  const { draw } = await around(ports, person, now);
  return { kind: 'reply', card: draw(await readSettings(ports.db, person.personId)) };
}

const MOVED_ON =
  'Your settings have been changed since that card. Nothing was saved: please check and save again.';

export async function saveSettings(
  ports: Ports,
  { envelope, inputs }: CardCommand,
  person: Presser,
  now: Date,
): Promise<CardReply> {
  const { personId } = person;
  const { lines, draw, find, works, staff } = await around(ports, person, now);
  const own = await readSettings(ports.db, personId);
  const before = own.choices;
  // Another's card, or one that has been overtaken: what it shows is not how things stand.
  if (envelope.id !== personId || envelope.version !== own.version)
    return { kind: 'card', card: draw(own, { notice: MOVED_ON, typed: inputs }) };
  const choices = choicesFrom(inputs, before, {
    today: lines.today,
    personId,
    works,
    find,
    readers: lines.managers(personId).may,
  });
  if (isMend(choices)) return { kind: 'card', card: draw(own, { notice: choices.message, typed: inputs }) };
  const named = newlyNamed(before, choices);
  const delegate = named && staff.find(({ id }) => id === named.delegate);
  const drafts: Draft[] =
    named && delegate
      ? [
          {
            key: `settings/named/${personId}/${named.delegate}/${named.from}/${named.to}`,
            target: { kind: 'person', personId: named.delegate },
            card: namedCard({
              name: delegate.givenName || delegate.name,
              by: lines.givenName(personId),
              from: named.from,
              to: named.to,
            }),
          },
        ]
      : [];
  const saved = await inTransaction(ports.db, async (trx) => {
    if (!(await saveChoices(trx, personId, { choices, version: own.version }, now))) return false;
    if (drafts.length > 0) await ports.outbox.enqueue(trx, `settings/${personId}`, drafts, now);
    await writeAudit(trx, {
      at: now,
      actor: personId,
      action: SAVE_SETTINGS,
      subject: personId,
      detail: {
        paused: choices.pausedUntil ?? '',
        reminded: choices.unreminded !== true,
        delegate: choices.delegation?.delegate ?? '',
      },
    });
    return true;
  });
  const present = await readSettings(ports.db, personId);
  return {
    kind: 'card',
    card: draw(present, saved ? { notice: 'Saved.' } : { notice: MOVED_ON, typed: inputs }),
  };
}

/** What the card and the choices need to know of the people around one person. */
async function around(ports: Ports, { personId, name }: Presser, now: Date) {
  const lines = await loadLines(ports, [personId], now);
  const staff = (await ports.directory.staff()).filter((one) => one.staff);
  const works = ports.trust.people.find((note) => note.id === personId)?.works;
  const draw = (
    { choices, version }: OwnSettings,
    more: Pick<SettingsView, 'typed'> & { notice?: string } = {},
  ) =>
    settingsCard({
      personId,
      version,
      name: lines.person(personId)?.givenName || name,
      choices,
      works,
      delegateName: choices.delegation && callOf(staff, choices.delegation.delegate),
      today: lines.today,
      ...more,
    });
  return { lines, draw, works, staff, find: (words: string) => named(staff, words) };
}

function named(staff: readonly Person[], words: string): string[] {
  const wanted = fold(words);
  return staff.filter(({ mail, name }) => fold(mail) === wanted || fold(name) === wanted).map(({ id }) => id);
}

/** A name that only they have; else their address. */
function callOf(staff: readonly Person[], id: string): string | undefined {
  const person = staff.find((one) => one.id === id);
  return person && (named(staff, person.name).length > 1 ? person.mail : person.name);
}

/** The delegation of which its colleague has not been told. */
function newlyNamed({ delegation: before }: Choices, { delegation }: Choices): Choices['delegation'] {
  const same =
    before?.delegate === delegation?.delegate &&
    before?.from === delegation?.from &&
    before?.to === delegation?.to;
  return same ? undefined : delegation;
}
