/**
 * Pausing, for operators at the command line and in their own chats: begins and ends pauses, withdraws what waits, and tells what
 * is paused. Here, because it joins schedules, the ledger and the directory.
 */
import type { Permit } from '../access/decide.ts';
import type { Verb } from '../access/policy.ts';
import type { Trust } from '../config/trust.ts';
import { schoolByUrn } from '../config/trust.ts';
import type { Target } from '../delivery/message.ts';
import type { Held } from '../delivery/resends-store.ts';
import type { Delivery } from '../delivery/service.ts';
import type { Directory } from '../directory/model.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { count, shorten } from '../kernel/text.ts';
import {
  covers,
  type Pause,
  type PauseScope,
  pauseReason,
  REASON_LENGTH,
  scopeKey,
  scopeWords,
} from '../scheduling/pauses.ts';
import { addPause, endPause, readPauses } from '../scheduling/pauses-store.ts';
import type { ScheduledRule } from '../scheduling/runner.ts';
import { writeAudit } from '../storage/audit.ts';
import { type Db, inTransaction } from '../storage/database.ts';

export type PausingParts = {
  readonly db: Db;
  readonly trust: Trust;
  readonly rules: readonly ScheduledRule[];
  readonly delivery: Pick<Delivery, 'cancel'>;
  readonly directory: Pick<Directory, 'staff'>;
};

/** Who does what of this, and when: an operator in chat, or the command line. */
export type Hand<V extends Verb> = { readonly permit: Permit<V>; readonly now: Date };
export type PauseHand = Hand<'operations.pause' | 'cli:pause'>;
export type ResumeHand = Hand<'operations.resume' | 'cli:resume'>;

export type Pausing = ReturnType<typeof createPausing>;

export function createPausing(parts: PausingParts) {
  const { db, trust, delivery } = parts;
  const sending = parts.rules.filter(({ silent }) => !silent).map(({ id }) => id);
  const schoolName = (urn: string) => schoolByUrn(trust, urn)?.name ?? urn;
  const words = (scope: PauseScope) => scopeWords(scope, schoolName);

  function known(scope: PauseScope): Refusal | undefined {
    if (scope.kind === 'rule' && !sending.includes(scope.rule))
      return refuse(
        'unknown-rule',
        `There is no schedule "${scope.rule}" that sends. They are: ${sending.join(', ')}.`,
      );
    if (scope.kind === 'school' && !schoolByUrn(trust, scope.urn))
      return refuse('unknown-school', `There is no school ${scope.urn} in the trust's file.`);
    return undefined;
  }

  /** Stops at once: what is being posted this second still arrives. Refuses what is not known or is paused already. */
  async function pause(
    scope: PauseScope,
    reason: string,
    { permit: { by }, now }: PauseHand,
  ): Promise<string | Refusal> {
    const unknown = known(scope);
    if (unknown) return unknown;
    const to = scope.kind === 'school' ? await targetsOf(scope.urn) : undefined;
    const withdrawn = await inTransaction(db, async (trx) => {
      const begun = await addPause(trx, {
        scope,
        reason: shorten(reason.trim(), REASON_LENGTH),
        by,
        since: now,
      });
      if (!begun) return undefined;
      await writeAudit(trx, { at: now, actor: by, action: 'operations.pause', subject: scopeKey(scope) });
      const rules = scope.kind === 'rule' ? sending.filter((id) => covers(scope.rule, id)) : sending;
      return delivery.cancel(trx, { rules, ...(to ? { to } : {}) }, pauseReason(begun, schoolName));
    });
    if (withdrawn === undefined)
      return refuse('paused-already', `Paused already: ${words(scope)}. Nothing was changed.`);
    const waiting =
      withdrawn === 0
        ? 'Nothing was waiting to be sent.'
        : `${count(withdrawn, 'message')} that waited will not be sent.`;
    return `Paused: ${words(scope)}. ${waiting} Answers, approvals and messages that somebody waits for still go out.`;
  }

  /** What fell due meanwhile is not made up. Refuses what is not paused. */
  async function resume(scope: PauseScope, { permit: { by }, now }: ResumeHand): Promise<string | Refusal> {
    const ended = await inTransaction(db, async (trx) => {
      const pause = await endPause(trx, scope, now);
      if (pause)
        await writeAudit(trx, { at: now, actor: by, action: 'operations.resume', subject: scopeKey(scope) });
      return pause;
    });
    if (!ended) return refuse('not-paused', `Not paused: ${words(scope)}.`);
    const others = (await paused(now)).map(({ scope: other }) => words(other));
    const still = others.length > 0 ? ` Still paused: ${others.join(', ')}.` : '';
    return `Resumed: ${words(scope)}. What fell due meanwhile is not sent afterwards.${still}`;
  }

  /** What is paused now, the oldest first. */
  async function paused(now: Date): Promise<Pause[]> {
    return (await readPauses(db, now)).filter(({ until }) => until === undefined);
  }

  /** Which messages of a run are not sent again while a pause lasts: those to these people, channels and chats, or all. */
  async function held(run: string, now: Date): Promise<Held> {
    const [rule = ''] = run.split('/');
    if (!sending.includes(rule)) return [];
    const scopes = (await paused(now)).map(({ scope }) => scope);
    if (
      scopes.some(
        (scope) => scope.kind === 'everything' || (scope.kind === 'rule' && covers(scope.rule, rule)),
      )
    )
      return 'all';
    const schools = scopes.flatMap((scope) => (scope.kind === 'school' ? scope.urn : []));
    return (await Promise.all(schools.map(targetsOf))).flat();
  }

  async function targetsOf(urn: string): Promise<string[]> {
    const school = schoolByUrn(trust, urn);
    const staff = (await parts.directory.staff()).filter(({ schoolUrn }) => schoolUrn === urn);
    return [
      ...staff.map(({ id }) => id),
      ...(school ? [school.channel, ...(school.leadership_chat ? [school.leadership_chat] : [])] : []),
    ];
  }

  /** For the runner: which school a message is for. */
  async function schoolsOf(): Promise<(target: Target) => string | undefined> {
    const people = new Map((await parts.directory.staff()).map(({ id, schoolUrn }) => [id, schoolUrn]));
    return (target) => {
      if (target.kind === 'person') return people.get(target.personId);
      const place = target.kind === 'chat' ? target.chatId : target.channelId;
      return trust.schools.find(
        ({ channel, leadership_chat }) => channel === place || leadership_chat === place,
      )?.urn;
    };
  }

  /** Later looks go with the rule they belong to. */
  const rules = sending.filter((id) => !sending.some((other) => other !== id && covers(other, id)));
  return { pause, resume, paused, held, schoolsOf, rules, words };
}
