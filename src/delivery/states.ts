/**
 * Which state of a delivery may follow which. The ledger's updates are guarded by this table, so a late or repeated
 * settlement changes nothing that is already known. Knows no SQL.
 */
import type { DeliveryState } from './message.ts';

/**
 * `uncertain` may still become known: by its own poster, whose answer came after the lease had lapsed, or by looking the
 * message up. It never returns to `due` by the passing of time. What was withdrawn while it was on its way is cancelled where
 * it would be due again.
 */
export const MAY_FOLLOW: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  due: ['claimed', 'cancelled', 'expired'],
  claimed: ['due', 'sending', 'refused', 'unreachable', 'cancelled', 'expired'],
  sending: ['delivered', 'blocked', 'gone', 'refused', 'due', 'cancelled', 'uncertain'],
  uncertain: ['delivered', 'blocked', 'gone', 'refused', 'due', 'cancelled'],
  delivered: [],
  blocked: [],
  gone: [],
  refused: [],
  unreachable: [],
  cancelled: [],
  expired: [],
};

export const PENDING: readonly DeliveryState[] = ['due', 'claimed', 'sending'];

/** The states from which `to` may be reached. */
export function statesBefore(to: DeliveryState): DeliveryState[] {
  return (Object.keys(MAY_FOLLOW) as DeliveryState[]).filter((from) => MAY_FOLLOW[from].includes(to));
}
