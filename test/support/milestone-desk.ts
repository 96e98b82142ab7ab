/** Milestones made on cards, on the desk of check-ins: the form as it is usually filled, and who fills it. */
import { strict as assert } from 'node:assert';
import type { Card } from '../../src/cards/elements.ts';
import type { Inputs } from '../../src/cards/envelope.ts';
import type { Milestone } from '../../src/checkins/milestone.ts';
import { readMilestones } from '../../src/checkins/milestones-store.ts';
import { must } from '../../src/kernel/guards.ts';
import { act, type JO, MONDAY, press, store } from './checkin-desk.ts';

export const ADA = { personId: 'ada', name: 'Ada Shah' };
export const CHO = { personId: 'cho', name: 'Cho Lin' };
export const BEA = { personId: 'bea', name: 'Bea Hall' };
export const FORM: Inputs = {
  title: 'Fewer days lost to exclusion',
  strand: 'families',
  school: '100001',
  owner: 'Bea Hall',
  measure: 'Days of exclusion in a half-term',
  unit: 'days',
  target: '5',
  direction: 'lower',
  due: '2027-07-16',
  cadence: 'fortnightly',
};
export const NEW = { id: 'new_1', version: 0 };

export const create = (person: typeof JO, inputs: Inputs = {}, id = 'new_1') =>
  press(person, 'checkins.milestone-create', { id, version: 0 }, { ...FORM, ...inputs });

export async function made(): Promise<Milestone> {
  const found = (await readMilestones(store.db)).find(({ id }) => id.startsWith('chat-'));
  return must(found, 'a milestone made in chat');
}

export async function none(): Promise<void> {
  const found = (await readMilestones(store.db)).filter(({ id }) => id.startsWith('chat-'));
  assert.deepEqual(found, []);
}

export async function cardOf(
  person: typeof JO,
  verb: string,
  at: { id: string; version: number },
  inputs: Inputs = {},
) {
  const command = { envelope: { verb, ...at, format: 1 }, inputs };
  const reply = await act(command, person, MONDAY.now);
  assert.ok(reply.kind === 'card');
  return reply.card;
}

export const field = (card: Card, id: string) =>
  (card.content.body as { id?: string; value?: string }[]).find(
    (one) => one.id === id || one.id === `choice-${id}`,
  )?.value;
