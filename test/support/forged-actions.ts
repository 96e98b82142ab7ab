/**
 * Card actions that nobody may be able to send, of every verb of check-ins: wrong person, other tenant, old version, altered
 * id, altered fields, wrong state, a recorded one again. Each over HTTP, by Execute or by its Submit fallback. Before and after
 * them the honest presses are sent, so that each refusal is known to be for the forgery.
 */
import { must } from '../../src/kernel/guards.ts';
import { newId } from '../../src/kernel/ids.ts';
import { sleep } from '../../src/kernel/time.ts';
import type { Inbound, Sent, Speaker } from '../../src/sandbox/inbound.ts';
import type { Db } from '../../src/storage/database.ts';
import { SPECIMENS } from './forged-specimens.ts';
import { setCampaign } from './forged-stage.ts';
import type { Specimen, Verb } from './forged-world.ts';
import { type Action, draws, type Family, forger, VERBS } from './forgeries.ts';
import { untilKnown } from './known.ts';
import { until } from './service.ts';
import { type Watch, type Written, watchWrites } from './written.ts';

export type ForgedResult = {
  readonly sent: number;
  /** How many of each kind of each verb. */
  readonly counts: Readonly<Record<Verb, Partial<Record<Family, number>>>>;
  /** Honest presses, before the forgeries or after, that were not taken. */
  readonly untaken: readonly string[];
  /** Forgeries after which something was written. */
  readonly accepted: readonly string[];
  readonly faults: readonly string[];
  /** Answers that carried words of a thing to somebody who may not see it. */
  readonly leaks: readonly string[];
};

export type ForgedWorld = {
  readonly db: Db;
  readonly teams: Inbound & {
    readonly url: string;
    readonly arrivals: readonly { readonly conversationId: string; readonly activity: unknown }[];
  };
  readonly staffGroup: string;
  readonly tenantId: string;
  readonly botId: string;
  /** By the service's clock. */
  readonly today: string;
  /** Mints the bearer token; only then is another tenant told apart (production). */
  readonly token?: string;
};

type Pressed = { readonly label: string; readonly personId: string };

const BATCH = 8;
/** Chats of forgeries are named so. */
const FORGED = 'a:forged-';
/** A card that Teams no longer finds: what answers a Submit is posted anew then, where it can be read. */
const GONE = 'card';
const MARK = /mark\d+|What is to be reached/g;

export async function forgeActions(world: ForgedWorld, count: number, seed: number): Promise<ForgedResult> {
  const { db, teams, tenantId, botId, token } = world;
  const watch = await watchWrites(db);
  const press = presser(world);
  const known = (personId: string) =>
    untilKnown(teams, { personId, tenantId, botId, conversationId: 'a:stage' }, token ? { token } : {});
  const { stage, first, fresh, late } = await setCampaign(world, { known, press });
  const untaken: string[] = [];
  const recorded = new Map<Verb, Action[]>();
  await settled(db, watch);
  for (const [verb, specimens] of first) {
    for (const [index, specimen] of specimens.entries()) {
      const conversationId = `a:${newId('first')}`;
      const action = { ...honest(specimen, index % 2 === 1), activityId: newId('recorded'), conversationId };
      untaken.push(...(await notTaken(press, watch, specimen, action)));
      recorded.set(verb, [
        ...(recorded.get(verb) ?? []),
        { ...action, ...(specimen.own ? { own: specimen.own } : {}) },
      ]);
    }
  }
  const lateOnes = await late();
  await settled(db, watch);
  const sights = sightsOf([...first.values(), ...fresh.values(), ...lateOnes.values()].flat());
  const forge = forger({
    random: draws(seed),
    fresh,
    strangers: stage.strangers,
    recorded,
    late: lateOnes,
    tenants: token !== undefined,
  });

  const accepted: string[] = [];
  const faults: string[] = [];
  const leaks: string[] = [];
  /** Whose press each of those chats had that had one alone. */
  const told = new Map<string, Pressed>();
  /** What somebody typed themself may be shown to them again, beside what is to be mended. */
  const leaksIn = (shown: string, { label, personId }: Pressed) =>
    [...shown.matchAll(MARK)].flatMap(([mark]) =>
      label.includes(mark) || sights.get(mark)?.includes(personId) ? [] : [`${mark} to ${label}`],
    );
  const counts = Object.fromEntries(VERBS.map((verb) => [verb, {}])) as Record<
    Verb,
    Partial<Record<Family, number>>
  >;
  for (let sent = 0; sent < count; sent += BATCH) {
    const forged = Array.from({ length: Math.min(BATCH, count - sent) }, (_, index) => forge(sent + index));
    // A chat for each: what is posted there late is the answer to no other.
    const answers = await Promise.all(
      forged.map(({ action }, index) => press({ conversationId: `${FORGED}${sent + index}`, ...action })),
    );
    const labels = forged.map(({ family, action }) => `${family} ${JSON.stringify(action)}`);
    const written = (await watch.since()).filter((one) => !forged.some(({ action }) => isOwn(action, one)));
    if (written.length > 0)
      accepted.push(
        `${written.map(({ name, row }) => `${name} ${JSON.stringify(row).slice(0, 200)}`).join('; ')} after ${labels.map((label) => label.slice(0, 200)).join('\n')}`,
      );
    forged.forEach(({ family, action }, index) => {
      const { status, shown } = must(answers[index], 'an answer');
      const label = must(labels[index], 'a label');
      const to = { label, personId: action.personId };
      if (!action.conversationId) told.set(`${FORGED}${sent + index}`, to);
      leaks.push(...leaksIn(shown, to));
      counts[action.verb][family] = (counts[action.verb][family] ?? 0) + 1;
      if (status >= 500 || /went wrong|TypeError/.test(shown)) faults.push(label);
      if (status === 429) faults.push(`not looked at: ${label}`);
      if (family === 'other-tenant' && status !== 403) accepted.push(label);
    });
  }
  await settled(db, watch);
  for (const { conversationId, activity } of world.teams.arrivals) {
    const to = told.get(conversationId);
    if (to) leaks.push(...leaksIn(JSON.stringify(activity), to));
  }
  for (const specimens of fresh.values())
    for (const [index, specimen] of specimens.entries())
      untaken.push(...(await notTaken(press, watch, specimen, honest(specimen, index % 2 === 1))));
  return { sent: count, counts, untaken, accepted, faults, leaks };
}

export type Shown = { readonly status: number; readonly shown: string };
export type Press = (action: Action) => Promise<Shown>;

export function honest({ personId, verb, data }: Specimen, submit = false): Action {
  return { personId, verb, data, submit };
}

/** Says what was wrong with how an honest press was taken. */
async function notTaken(press: Press, watch: Watch, specimen: Specimen, action: Action): Promise<string[]> {
  await watch.since();
  const { status, shown } = await press(action);
  const written = new Set((await watch.since()).map(({ name }) => name));
  const { writes } = SPECIMENS[specimen.verb];
  const missing = writes.filter((name) => !written.has(name));
  // In production the answer to a Submit is posted while the press is still answered; it is read with it.
  const unseen = writes.length === 0 && !shown.includes(specimen.mark);
  const label = `${JSON.stringify(action)} got ${status}: ${shown.slice(0, 600)}`;
  return missing.length > 0 || unseen ? [`${missing.join(', ') || 'nothing was shown'}: ${label}`] : [];
}

function isOwn({ own }: Action, { name, row }: Written): boolean {
  return own?.name === name && Object.entries(own.fields).every(([field, value]) => row[field] === value);
}

/** Who may be shown which mark. */
function sightsOf(specimens: readonly Specimen[]): Map<string, string[]> {
  const sights = new Map<string, string[]>();
  for (const { mark, seenBy } of specimens) sights.set(mark, [...(sights.get(mark) ?? []), ...seenBy]);
  return sights;
}

/** What an honest press sets in motion has been drawn and sent. */
async function settled(db: Db, watch: Watch): Promise<void> {
  await until(async () => {
    const left = await db.selectFrom('checkin_refreshes').select('seq').limit(1).execute();
    if (left.length > 0) return false;
    await watch.since();
    await sleep(300);
    return (await watch.since()).length === 0;
  }, 'the cards of the honest presses');
}

/** Presses in a chat that is nobody's else: what is posted there is the answer. */
function presser(world: ForgedWorld): Press {
  const { teams, tenantId, botId, token } = world;
  return async (action) => {
    const { conversationId = 'a:stage' } = action;
    const from: Speaker = {
      personId: action.personId,
      tenantId: action.tenantId ?? tenantId,
      botId,
      conversationId,
    };
    const options = {
      ...(token ? { token } : {}),
      ...(action.activityId ? { extra: { id: action.activityId } } : {}),
    };
    const arrived = teams.arrivals.length;
    const { status, body }: Sent = action.submit
      ? await teams.submitCard(from, action.data, GONE, options)
      : await teams.pressButton(from, { verb: action.verb, data: action.data }, options);
    const posted = teams.arrivals.slice(arrived).filter((one) => one.conversationId === conversationId);
    return { status, shown: JSON.stringify([body ?? '', ...posted]) };
  };
}
