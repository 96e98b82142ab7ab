/**
 * "Looks wrong?": a figure that somebody doubts goes to the school's data contact, carries a note wherever it is shown
 * until it is checked, and the one who asked is told what was found. No words are typed, so none can name a child.
 */
import { decide, type Entry } from '../access/decide.ts';
import type { Inputs } from '../cards/envelope.ts';
import type { CardReply } from '../cards/reply.ts';
import { schoolByUrn, type TrustSchool } from '../config/trust.ts';
import type { Draft } from '../delivery/message.ts';
import type { Person } from '../directory/model.ts';
import { isRefusal, refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { dateOf } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { inTransaction } from '../storage/database.ts';
import { type NudgeView, nudgeCard, nudgeKey } from './card.ts';
import type { ChoiceResources } from './choice-service.ts';
import { readNudgeWeek } from './nudge-store.ts';
import { answerQuery, openQuery, readQueries, readQuery } from './queries-store.ts';
import { type Release, reopenRelease } from './release.ts';
import { readRelease } from './release-store.ts';
import { isQueryReason, queryAnswered, queryCard, queryForm } from './side-cards.ts';

type QueryEntry = Entry<'attendance.query-right' | 'attendance.query-wrong'>;

export interface Queries {
  form(school: TrustSchool, view: NudgeView): Promise<CardReply>;
  send(school: TrustSchool, view: NudgeView, inputs: Inputs, actor: Person, now: Date): Promise<CardReply>;
  /** The data contact's finding. */
  answer(entry: QueryEntry, queryId: string, actor: Person, now: Date): Promise<CardReply>;
}

export function createQueries({
  db,
  trust,
  outbox,
  views,
  repaint,
}: Pick<ChoiceResources, 'db' | 'trust' | 'outbox' | 'views' | 'repaint'>): Queries {
  const zone = trust.trust.zone;

  async function send(
    school: TrustSchool,
    view: NudgeView,
    inputs: Inputs,
    actor: Person,
    now: Date,
  ): Promise<CardReply> {
    const { release } = view;
    const reason = inputs.reason ?? '';
    if (!isQueryReason(reason))
      return { kind: 'card', card: queryForm(view, await views.dataContactName(school), true) };
    const mark = await repaint.prepare(school, release, 'queried', now);
    const id = newId('query');
    await inTransaction(db, async (trx) => {
      const query = { id, schoolUrn: school.urn, week: release.week, asker: actor.id, reason };
      if (!(await openQuery(trx, query, now))) return;
      await writeAudit(trx, {
        at: now,
        actor: actor.id,
        action: 'attendance.query',
        subject: nudgeKey(release.week, school.urn),
        detail: { reason },
      });
      const draft: Draft = {
        key: `attendance.query/${id}`,
        target: { kind: 'person', personId: school.data_contact },
        card: queryCard(release, { id, asker: actor.name, reason }, view.today),
        urgent: true,
      };
      await outbox.enqueue(trx, draft.key, [draft], now);
      await mark(trx);
    });
    return { kind: 'card', card: nudgeCard({ ...view, queried: true }) };
  }

  async function answer(
    { verb, holder }: QueryEntry,
    queryId: string,
    actor: Person,
    now: Date,
  ): Promise<CardReply> {
    const query = await readQuery(db, queryId);
    const school = query && schoolByUrn(trust, query.schoolUrn);
    const kept = query && (await readRelease(db, query.schoolUrn, query.week));
    if (!query || !school || !kept)
      return refuse('unknown-query', 'I do not have that question any more. Nothing was changed.');
    const permit = decide(verb, holder, { urn: school.urn, name: school.name });
    if (isRefusal(permit)) return permit;
    const right = permit.verb === 'attendance.query-right';
    const release: Release = reopenRelease(kept.body);
    const today = dateOf(now, zone);
    const others = (await readQueries(db, query.week)).filter(
      (one) => one.id !== query.id && one.schoolUrn === school.urn,
    );
    const standing = right && others.length === 0 ? 'checked' : 'queried';
    const mark = await repaint.prepare(school, release, standing, now);
    const fresh = await inTransaction(db, async (trx) => {
      const answered = { state: right ? ('right' as const) : ('wrong' as const), by: actor.id, at: now };
      if (!(await answerQuery(trx, query.id, answered))) return false;
      await writeAudit(trx, {
        at: now,
        actor: actor.id,
        action: `attendance.query-${answered.state}`,
        subject: nudgeKey(query.week, school.urn),
      });
      const found = queryAnswered(release, actor.name, right, today);
      await outbox.revise(trx, `attendance.query/${query.id}`, found, now);
      if (query.asker !== actor.id) {
        const draft: Draft = {
          key: `attendance.checked/${query.id}`,
          target: { kind: 'person', personId: query.asker },
          card: found,
          urgent: true,
        };
        await outbox.enqueue(trx, draft.key, [draft], now);
      }
      // A figure that was taken back stays so, whatever its check found.
      if (!(await readNudgeWeek(trx, school.urn, query.week))?.recalled) await mark(trx);
      return true;
    });
    if (fresh) return { kind: 'card', card: queryAnswered(release, actor.name, right, today) };
    const settled = (await readQuery(db, queryId)) ?? query;
    const by = settled.answeredBy ? await views.nameOf(settled.answeredBy) : actor.name;
    return { kind: 'card', card: queryAnswered(release, by, settled.state === 'right', today) };
  }

  return {
    form: async (school, view) => ({
      kind: 'card',
      card: queryForm(view, await views.dataContactName(school)),
    }),
    send,
    answer,
  };
}
