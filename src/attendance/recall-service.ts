/**
 * An operator's two hands on a nudge: showing it to one person before anybody else sees it, and taking back one that was
 * wrong. What was taken back is said where it stood, and its figures are shown nowhere any more.
 */
import { may, type Permit } from '../access/decide.ts';
import type { Trust, TrustSchool } from '../config/trust.ts';
import type { Outbox } from '../delivery/message.ts';
import type { Directory } from '../directory/model.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { writeAudit } from '../storage/audit.ts';
import { type Db, inTransaction } from '../storage/database.ts';
import { nudgeCard, nudgeKey } from './card.ts';
import { readNudgeWeek, saveRecall } from './nudge-store.ts';
import { reopenRelease } from './release.ts';
import { readRelease } from './release-store.ts';
import type { Repaint } from './repaint-service.ts';
import type { NudgeViews } from './views-service.ts';
import type { SchoolWeeks } from './week-service.ts';

export type RecallResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly directory: Pick<Directory, 'person' | 'holder'>;
  readonly outbox: Outbox;
  readonly views: NudgeViews;
  readonly weeks: Pick<SchoolWeeks, 'previewOf'>;
  readonly repaint: Repaint;
};

export type NudgeAt = {
  readonly school: TrustSchool;
  readonly week: string;
  readonly permit: Permit<'cli:nudge recall' | 'cli:nudge test'>;
  readonly now: Date;
};

export function createRecall(resources: RecallResources) {
  const { db, trust, directory, outbox, views, weeks, repaint } = resources;

  /** Takes a school's card of a week back. Refuses what was never sent, or is taken back already. */
  async function recall({ school, week, permit: { by }, now }: NudgeAt): Promise<string | Refusal> {
    const kept = await readRelease(db, school.urn, week);
    if (!kept)
      return refuse('not-sent', `${school.name} has no card for ${week}, so there is nothing to take back.`);
    const withdraw = await repaint.prepare(school, reopenRelease(kept.body), 'withdrawn', now);
    const done = await inTransaction(db, async (trx) => {
      if (!(await saveRecall(trx, school.urn, week, now))) return false;
      const key = nudgeKey(week, school.urn);
      await writeAudit(trx, { at: now, actor: by, action: 'attendance.recall', subject: key });
      await withdraw(trx);
      return true;
    });
    return done
      ? `${school.name}’s card for ${week} is taken back; where it stood, that is said.`
      : refuse('not-sent', `${school.name}’s card for ${week} was not sent, or is taken back already.`);
  }

  /** Sends one person the card as it would be, without buttons; publishes nothing. */
  async function tryOut(
    { school, week, permit: { by }, now }: NudgeAt,
    personId: string,
  ): Promise<string | Refusal> {
    const person = await directory.person(personId);
    if (!person?.staff)
      return refuse('unknown-person', `Nobody on ${trust.trust.short_name}’s staff has the id ${personId}.`);
    if (!may('see:preview', await directory.holder(personId), { urn: school.urn }))
      return refuse(
        'not-theirs',
        `${school.name}’s figures are not for ${person.name}. Send them to its staff, its data contact, a leader of ${trust.trust.short_name} or an operator. Nothing was sent.`,
      );
    if ((await readNudgeWeek(db, school.urn, week))?.recalled)
      return refuse(
        'taken-back',
        `${school.name}’s card for ${week} was taken back, and its figures are shown nowhere any more. Nothing was sent.`,
      );
    const { release, note } = await weeks.previewOf(school, week, now);
    if (!release) return refuse('no-card', `${school.name} gets no card for ${week}: ${note}.`);
    const view = await views.view(school, release, 'channel', now);
    const key = `attendance.try/${newId('try')}`;
    await inTransaction(db, async (trx) => {
      const target = { kind: 'person', personId } as const;
      await outbox.enqueue(
        trx,
        key,
        [{ key, target, card: nudgeCard({ ...view, preview: true }), urgent: true }],
        now,
      );
      await writeAudit(trx, {
        at: now,
        actor: by,
        action: 'attendance.try',
        subject: nudgeKey(week, school.urn),
      });
    });
    return `${person.name} gets ${school.name}’s card for ${week} as a preview. Nothing was posted.`;
  }

  return { recall, tryOut };
}
