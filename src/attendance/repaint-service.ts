/**
 * Puts right what is posted when a week's figures are doubted, checked or taken back: in the school's channel and its leadership
 * chat, in the trust's card, with tutors, and in digests that were sent. Messages are edited; none is sent.
 */
import type { TrustSchool } from '../config/trust.ts';
import type { Outbox } from '../delivery/message.ts';
import { dateOf } from '../kernel/time.ts';
import type { Trx } from '../storage/database.ts';
import { nudgeCard, recalledCard } from './card.ts';
import type { Release } from './release.ts';
import { type TrustView, trustCard, trustKey } from './trust-card.ts';
import type { Tutors } from './tutor-service.ts';
import type { NudgeViews } from './views-service.ts';

export const TAKEN_BACK = 'its card was taken back';

/** `queried`: somebody asked for a check; `checked`: they were right; `withdrawn`: they were wrong and are shown no more. */
export type FiguresChange = {
  readonly schoolUrn: string;
  readonly schoolName: string;
  readonly week: string;
  readonly kind: 'queried' | 'checked' | 'withdrawn';
};

/** Does the same to what another capability has sent of them; in the caller's transaction. */
export type FiguresChanged = (trx: Trx, change: FiguresChange, now: Date) => Promise<void>;

export type RepaintParts = {
  readonly zone: string;
  readonly outbox: Outbox;
  readonly views: NudgeViews;
  readonly tutors: Pick<Tutors, 'faces'>;
  readonly trustView: (week: string) => Promise<TrustView>;
  readonly figuresChanged?: FiguresChanged | undefined;
};

export interface Repaint {
  /** Reads what is posted; what it returns edits it, in the transaction that keeps the change. */
  prepare(
    school: TrustSchool,
    release: Release,
    kind: FiguresChange['kind'],
    now: Date,
  ): Promise<(trx: Trx) => Promise<void>>;
}

export function createRepaint(parts: RepaintParts): Repaint {
  const { zone, outbox, views, tutors, trustView, figuresChanged } = parts;
  return {
    prepare: async (school, release, kind, now) => {
      const { week } = release;
      const queried = kind === 'queried';
      const recalled = kind === 'withdrawn' ? recalledCard(release, dateOf(now, zone)) : undefined;
      const posted = await views.posted(school, release, now);
      const all = trustCard(changed(await trustView(week), school, kind));
      const groups = await tutors.faces(school, week, kind);
      return async (trx) => {
        for (const { key, view } of posted)
          await outbox.revise(trx, key, recalled ?? nudgeCard({ ...view, queried }), now);
        await outbox.revise(trx, trustKey(week), all, now);
        for (const { key, card } of groups) await outbox.revise(trx, key, card, now);
        await figuresChanged?.(trx, { schoolUrn: school.urn, schoolName: school.name, week, kind }, now);
      };
    },
  };
}

function changed(view: TrustView, { urn, name }: TrustSchool, kind: FiguresChange['kind']): TrustView {
  if (kind === 'withdrawn')
    return {
      ...view,
      figures: undefined,
      schools: view.schools.map((one) =>
        one.schoolUrn === urn ? { schoolUrn: urn, name, note: TAKEN_BACK } : one,
      ),
    };
  const queried = new Set(view.queried);
  if (kind === 'queried') queried.add(urn);
  else queried.delete(urn);
  return { ...view, queried };
}
