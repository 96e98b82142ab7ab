/**
 * What operators can say and press in their own chats: see what is paused, pause, resume; see what reached whom, and send again. Anybody else is told who runs Waymark,
 * whatever a card they were passed says.
 */
import type { Card } from '../cards/elements.ts';
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import type { Trust } from '../config/trust.ts';
import { reportCard, runChoice, runOfChoice } from '../delivery/report-card.ts';
import type { Delivery } from '../delivery/service.ts';
import type { Person } from '../directory/model.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import { dateInWords, isDate } from '../kernel/time.ts';
import { keyOf, pauseCard } from '../scheduling/pause-card.ts';
import { type PauseScope, scopeKey, scopeOf } from '../scheduling/pauses.ts';
import { ruleWords } from '../scheduling/rule-words.ts';
import type { RunRecord } from '../scheduling/store.ts';
import { writeAudit } from '../storage/audit.ts';
import type { Db } from '../storage/database.ts';
import type { Hand, Pausing } from './pausing.ts';

export type OperationsParts = {
  readonly trust: Trust;
  readonly pausing: Pausing;
  readonly nameOf: (personId: string) => Promise<string | undefined>;
  readonly delivery: Pick<Delivery, 'report' | 'resend'>;
  /** The newest runs, the newest first. */
  readonly runs: (limit: number) => Promise<readonly RunRecord[]>;
  readonly db: Db;
};

/** What opens the card; folded. */
export const PAUSE_WORDS = ['pause', 'pauses', "what's paused", 'what is paused'] as const;

/** What opens the report of the newest run that sent anything; folded. */
export const REPORT_WORDS = ['deliveries', 'delivery report', 'what was sent'] as const;

/** Runs to choose from on the card. */
const MOST_RUNS = 8;

export type Operations = ReturnType<typeof createOperations>;

export function createOperations(parts: OperationsParts) {
  const { trust, pausing } = parts;

  /** Refuses whoever does not run Waymark. */
  function mayOperate(person: Person): Refusal | undefined {
    return trust.operators.includes(person.id)
      ? undefined
      : refuse(
          'not-an-operator',
          `That is for those who run Waymark at ${trust.trust.short_name}. For a pause of your own check-ins type "my settings".`,
        );
  }

  async function pauses(now: Date, done?: string) {
    const paused = await pausing.paused(now);
    const names = new Map<string, string>();
    for (const { by } of paused)
      names.set(by, by === 'command-line' ? 'the command line' : ((await parts.nameOf(by)) ?? 'somebody'));
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
    const recent = (await parts.runs(100))
      .filter(({ deliveries }) => (deliveries ?? 0) > 0)
      .slice(0, MOST_RUNS);
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
      ...(done ? { done } : {}),
    });
  }

  /** Sends again what did not arrive, or one uncertain message by its id; a second press sends nothing. */
  async function resend(run: string, id: string | undefined, { by, now }: Hand): Promise<string> {
    const again = await parts.delivery.resend(run, id, now);
    if (again === 0) return 'Nothing was sent: those were sent again already, or have arrived.';
    const detail = { messages: again, uncertain: id !== undefined };
    await writeAudit(parts.db, { at: now, actor: by, action: 'operations.resend', subject: run, detail });
    return `${count(again, 'message')} on the way again; see the run ${run}/again.`;
  }

  function runWords(run: string): string {
    const [rule = '', date = '', again] = run.split('/');
    return `${ruleWords(rule)}${isDate(date) ? ` of ${dateInWords(date)}` : ` ${date}`}${again ? ', sent again' : ''}`;
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
    pauses: async (person: Person, now: Date): Promise<MessageReply> => {
      const refused = mayOperate(person);
      return refused ? { kind: 'reply', text: refused.message } : { kind: 'reply', card: await pauses(now) };
    },
    /** Answers the words that open the report. */
    report: async (person: Person, _now: Date): Promise<MessageReply> => {
      const refused = mayOperate(person);
      return refused
        ? { kind: 'reply', text: refused.message }
        : { kind: 'reply', card: await report(undefined) };
    },
    resend,
    act: async ({ envelope, inputs }: CardCommand, person: Person, now: Date): Promise<CardReply> => {
      const refused = mayOperate(person);
      if (refused) return refused;
      const hand = { by: person.id, now };
      switch (envelope.verb) {
        case 'operations.report': {
          const run = envelope.id === 'chosen' ? runOfChoice(inputs.run ?? '') : envelope.id;
          return { kind: 'card', card: await report(run || undefined) };
        }
        case 'operations.resend':
          return {
            kind: 'card',
            card: await report(envelope.id, await resend(envelope.id, undefined, hand)),
          };
        case 'operations.resend-one': {
          const [id = '', run = ''] = envelope.id.split(' ');
          return { kind: 'card', card: await report(run, await resend(run, id, hand)) };
        }
      }
      const scope = scopeOf(envelope.id === 'chosen' ? keyOf(inputs.scope ?? '') : envelope.id);
      if (!scope) return refuse('nothing-chosen', 'Choose first what to pause.');
      switch (envelope.verb) {
        case 'operations.pause': {
          const told = await pausing.pause(scope, inputs.reason ?? '', hand);
          return isRefusal(told) ? told : { kind: 'card', card: await pauses(now, told) };
        }
        case 'operations.resume': {
          const told = await pausing.resume(scope, hand);
          return isRefusal(told) ? told : { kind: 'card', card: await pauses(now, told) };
        }
        default:
          return refuse(
            'unknown-card',
            'I do not recognise that button. Please type "pause" for a fresh card.',
          );
      }
    },
  };
}
