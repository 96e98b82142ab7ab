/**
 * What operators can say and press in their own chats: see what is paused, pause, resume; see what reached whom, send again,
 * change or take back; have the installation looked over. Anybody else is told who runs Waymark, whatever a card they were
 * passed says.
 */
import { decide, type Entry } from '../access/decide.ts';
import type { CardVerbOf } from '../access/policy.ts';
import { COMMAND_LINE } from '../access/roles.ts';
import type { Card } from '../cards/elements.ts';
import type { CardCommand, Inputs } from '../cards/envelope.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import { schoolByUrn, type Trust } from '../config/trust.ts';
import { isResendable } from '../delivery/report.ts';
import { changeCard, reportCard, runChoice, runOfChoice, type Skipped } from '../delivery/report-card.ts';
import { againOf, type Standing } from '../delivery/resends-store.ts';
import type { Delivery } from '../delivery/service.ts';
import { assertNever, isRefusal, refuse } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import { dateInWords, isDate, timeOf } from '../kernel/time.ts';
import { keyOf, pauseCard } from '../scheduling/pause-card.ts';
import { type PauseScope, scopeKey, scopeOf } from '../scheduling/pauses.ts';
import { ruleWords } from '../scheduling/rule-words.ts';
import type { RunRecord } from '../scheduling/store.ts';
import { writeAudit } from '../storage/audit.ts';
import type { Db } from '../storage/database.ts';
import { doctorCard } from './doctor-card.ts';
import type { Finding } from './doctor-trust.ts';
import type { Hand, Pausing } from './pausing.ts';
import type { RunChanges } from './run-changes.ts';

export type OperationsParts = {
  readonly trust: Trust;
  readonly pausing: Pausing;
  readonly nameOf: (personId: string) => Promise<string | undefined>;
  readonly delivery: Pick<Delivery, 'report' | 'totals' | 'resend' | 'standing'>;
  /** The newest runs, the newest first. */
  readonly runs: (limit: number) => Promise<readonly RunRecord[]>;
  readonly changes: RunChanges;
  readonly examine: () => Promise<readonly Finding[]>;
  readonly db: Db;
};

/** What opens the card; folded. */
export const PAUSE_WORDS = ['pause', 'pauses', "what's paused", 'what is paused'] as const;

/** What opens the report of the newest run that sent anything; folded. */
export const REPORT_WORDS = ['deliveries', 'delivery report', 'what was sent'] as const;

/** What has the installation looked over; folded. */
export const DOCTOR_WORDS = ['doctor', 'health', 'is everything well'] as const;

const NOTHING_CHOSEN = refuse('nothing-chosen', 'Choose first what to pause.');

/** Who sends a run again: an operator in chat, or the command line. */
type ResendHand = Hand<'operations.resend' | 'operations.resend-one' | 'cli:deliveries resend'>;

/** Runs to choose from on the card. */
const MOST_RUNS = 8;
/** Milliseconds. */
const WEEK = 7 * 86_400_000;

export type Operations = ReturnType<typeof createOperations>;

export function createOperations(parts: OperationsParts) {
  const { trust, pausing } = parts;

  const about = { trust: trust.trust.short_name };

  async function pauses(now: Date, done?: string) {
    const paused = await pausing.paused(now);
    const names = new Map<string, string>();
    for (const { by } of paused)
      names.set(by, by === COMMAND_LINE.id ? 'the command line' : ((await parts.nameOf(by)) ?? 'somebody'));
    const known = new Set(paused.map(({ scope }) => scopeKey(scope)));
    return pauseCard({
      pauses: paused,
      zone: trust.trust.zone,
      words: pausing.words,
      nameOf: (by) => names.get(by) ?? by,
      choices: scopes()
        .map((scope) => [scopeKey(scope), pausing.words(scope)] as const)
        .filter(([key]) => !known.has(key)),
      ...(done ? { done } : {}),
    });
  }

  /** Of a run, or of the newest that had anything to send. */
  async function report(wanted: string | undefined, done?: string): Promise<Card> {
    const runs = await parts.runs(100);
    const recent = runs.filter(({ deliveries }) => (deliveries ?? 0) > 0).slice(0, MOST_RUNS);
    const run = wanted ?? recent[0]?.runId ?? '';
    const found = await parts.delivery.report(run);
    const names = new Map<string, string>();
    // Whoever got theirs is not named.
    for (const { recipient, state } of found.items)
      if (state !== 'delivered' && !names.has(recipient))
        names.set(recipient, (await parts.nameOf(recipient)) ?? recipient);
    return reportCard({
      report: found,
      name: run ? runWords(run) : 'no run yet',
      nameOf: (recipient) => names.get(recipient) ?? recipient,
      others: recent
        .filter(({ runId }) => runId !== run)
        .map(({ runId }) => [runChoice(runId), runWords(runId)]),
      skipped: skippedOf(runs),
      ...(done ? { done } : {}),
    });
  }

  /** What was skipped in the week before the newest run, by reason; `runs`: the newest first. */
  function skippedOf(runs: readonly RunRecord[]): Skipped[] {
    const since = (runs[0]?.dueAt.getTime() ?? 0) - WEEK;
    const skipped = runs.filter(({ state, dueAt }) => state === 'skipped' && dueAt.getTime() > since);
    return [...Map.groupBy(skipped, ({ reason = 'no reason given' }) => reason)].flatMap(([reason, group]) =>
      group[0] ? [{ name: runWords(group[0].runId), more: group.length - 1, reason }] : [],
    );
  }

  /** Sends again what did not arrive, or one uncertain message by its id; a second press sends nothing. */
  async function resend(
    run: string,
    id: string | undefined,
    { permit: { by }, now }: ResendHand,
  ): Promise<string> {
    // One that is named is somebody's own decision.
    const held = id === undefined ? await pausing.held(run, now) : [];
    const again = await parts.delivery.resend(run, id, now, held);
    const kept = held.length === 0 ? 0 : (await parts.delivery.report(run)).items.filter(isResendable).length;
    if (again === 0 && kept > 0)
      return `Nothing was sent: a pause holds ${count(kept, 'message')}. Resume it first.`;
    if (again === 0) return nothingSent(run, await parts.delivery.standing(run, id));
    const detail = { messages: again, uncertain: id !== undefined };
    await writeAudit(parts.db, { at: now, actor: by, action: 'operations.resend', subject: run, detail });
    const withheld = kept > 0 ? ` A pause holds ${count(kept, 'more message')}: resume it first.` : '';
    return `${count(again, 'message')} on the way again; see the run ${againOf(run)}.${withheld}`;
  }

  async function doctor(now: Date): Promise<Card> {
    return doctorCard(await parts.examine(), timeOf(now, trust.trust.zone));
  }

  async function change(run: string, done?: string): Promise<Card> {
    const { delivered } = await parts.delivery.totals(run);
    return changeCard(run, runWords(run), delivered, done);
  }

  function runWords(run: string): string {
    const [rule = '', date = '', which] = run.split('/');
    const school = which === undefined ? undefined : schoolByUrn(trust, which)?.name;
    const part = school ? ` for ${school}` : which === 'again' ? ', sent again' : '';
    return `${ruleWords(rule)}${isDate(date) ? ` of ${dateInWords(date)}` : ` ${date}`}${part}`;
  }

  function scopes(): PauseScope[] {
    return [
      { kind: 'everything' },
      ...pausing.rules.map((rule): PauseScope => ({ kind: 'rule', rule })),
      ...trust.schools.map(({ urn }): PauseScope => ({ kind: 'school', urn })),
    ];
  }

  return {
    /** Answers the words that open the card of pauses. */
    pauses: async (entry: Entry<'word:pauses'>, now: Date): Promise<MessageReply> => {
      const permit = decide(entry.verb, entry.holder, about);
      return isRefusal(permit)
        ? { kind: 'reply', text: permit.message }
        : { kind: 'reply', card: await pauses(now) };
    },
    /** Answers the words that open the report. */
    report: async (entry: Entry<'word:deliveries'>, _now: Date): Promise<MessageReply> => {
      const permit = decide(entry.verb, entry.holder, about);
      return isRefusal(permit)
        ? { kind: 'reply', text: permit.message }
        : { kind: 'reply', card: await report(undefined) };
    },
    /** Answers the words that ask how Waymark is. */
    doctor: async (entry: Entry<'word:doctor'>, now: Date): Promise<MessageReply> => {
      const permit = decide(entry.verb, entry.holder, about);
      return isRefusal(permit)
        ? { kind: 'reply', text: permit.message }
        : { kind: 'reply', card: await doctor(now) };
    },
    resend,
    act: async (
      entry: Entry<CardVerbOf<'operations'>>,
      { envelope: { id }, inputs }: CardCommand,
      now: Date,
    ): Promise<CardReply> => {
      const permit = decide(entry.verb, entry.holder, about);
      if (isRefusal(permit)) return permit;
      switch (permit.verb) {
        case 'operations.report': {
          const run = id === 'chosen' ? runOfChoice(inputs.run ?? '') : id;
          return { kind: 'card', card: await report(run || undefined) };
        }
        case 'operations.resend':
          return { kind: 'card', card: await report(id, await resend(id, undefined, { permit, now })) };
        case 'operations.resend-one': {
          const [message = '', run = ''] = id.split(' ');
          return { kind: 'card', card: await report(run, await resend(run, message, { permit, now })) };
        }
        case 'operations.doctor':
          return { kind: 'card', card: await doctor(now) };
        case 'operations.change':
          return { kind: 'card', card: await change(id) };
        case 'operations.note':
        case 'operations.recall': {
          const words = inputs.words ?? '';
          const told =
            permit.verb === 'operations.note'
              ? await parts.changes.note(id, words, { permit, now })
              : await parts.changes.recall(id, words, { permit, now });
          return {
            kind: 'card',
            card: isRefusal(told) ? await change(id, told.message) : await report(id, told),
          };
        }
        case 'operations.pause': {
          const scope = chosenScope(id, inputs);
          if (!scope) return NOTHING_CHOSEN;
          const told = await pausing.pause(scope, inputs.reason ?? '', { permit, now });
          return isRefusal(told) ? told : { kind: 'card', card: await pauses(now, told) };
        }
        case 'operations.resume': {
          const scope = chosenScope(id, inputs);
          if (!scope) return NOTHING_CHOSEN;
          const told = await pausing.resume(scope, { permit, now });
          return isRefusal(told) ? told : { kind: 'card', card: await pauses(now, told) };
        }
        default:
          return assertNever(permit);
      }
    },
  };
}

/** Which case it is, for one message or for all of a run. */
function nothingSent(run: string, { again, arrived, uncertain, pending, recalled }: Standing): string {
  const told = [
    again > 0 ? `${count(again, 'message')} sent again already (see the run ${againOf(run)})` : '',
    arrived > 0 ? `${count(arrived, 'message')} arrived` : '',
    uncertain > 0 ? `${count(uncertain, 'message')} in doubt, sent again one by one` : '',
    pending > 0 ? `${count(pending, 'message')} still to be sent` : '',
    recalled > 0 ? `${count(recalled, 'message')} taken back` : '',
  ].filter(Boolean);
  return told.length === 0
    ? 'Nothing was sent: there is no message here that can be sent again.'
    : `Nothing was sent. Of these: ${told.join('; ')}.`;
}

function chosenScope(id: string, inputs: Inputs): PauseScope | undefined {
  return scopeOf(id === 'chosen' ? keyOf(inputs.scope ?? '') : id);
}
