/** What a run's deliveries came to, in the shape that the operating contract fixes. Pure. */
import type { DeliveryState, Target } from './message.ts';

export type ReportItem = {
  readonly id: string;
  readonly recipient: string;
  readonly state: DeliveryState;
  readonly reason?: string;
  readonly activityId?: string;
};

/** `due` is how many there are; it equals the sum of the other counts. `pending`: due, claimed or being sent. */
export type DeliveryReport = {
  readonly run: string | null;
  readonly due: number;
  readonly delivered: number;
  readonly blocked: number;
  readonly gone: number;
  readonly refused: number;
  readonly unreachable: number;
  readonly cancelled: number;
  readonly uncertain: number;
  readonly expired: number;
  readonly pending: number;
  readonly items: readonly ReportItem[];
};

type Line = Omit<ReportItem, 'recipient'> & { readonly target: Target };

export function reportOf(run: string | null, lines: readonly Line[]): DeliveryReport {
  const count = (...states: DeliveryState[]) => lines.filter((line) => states.includes(line.state)).length;
  return {
    run,
    due: lines.length,
    delivered: count('delivered'),
    blocked: count('blocked'),
    gone: count('gone'),
    refused: count('refused'),
    unreachable: count('unreachable'),
    cancelled: count('cancelled'),
    uncertain: count('uncertain'),
    expired: count('expired'),
    pending: count('due', 'claimed', 'sending'),
    items: lines.map(({ id, target, state, reason, activityId }) => ({
      id,
      recipient: recipientOf(target),
      state,
      ...(reason ? { reason } : {}),
      ...(activityId ? { activityId } : {}),
    })),
  };
}

/** Graph's id of the person or the channel, Teams' id of the chat. */
export function recipientOf(target: Target): string {
  if (target.kind === 'person') return target.personId;
  return target.kind === 'chat' ? target.chatId : target.channelId;
}
