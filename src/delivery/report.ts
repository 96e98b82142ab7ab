/** What a run's deliveries came to, in the shape that the operating contract fixes. Pure. */
import { type DeliveryState, PENDING, type Target } from './message.ts';

export type ReportItem = {
  readonly id: string;
  readonly run: string;
  readonly recipient: string;
  readonly state: DeliveryState;
  readonly reason?: string;
  readonly activityId?: string;
  /** Taken back by an operator; with `unshown`, its reader sees what it said still. */
  readonly recalled?: true;
  /** It was sent again since, in the run of those. */
  readonly again?: true;
  /** Delivered, and its newest face is not what its reader sees. */
  readonly unshown?: true;
  /** Why that was given up. */
  readonly editProblem?: string;
};

/** `due` is how many there are; it equals the sum of the other counts. `pending`: due, claimed or being sent. */
export type DeliveryTotals = {
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
};

export type DeliveryReport = DeliveryTotals & {
  readonly run: string | null;
  readonly items: readonly ReportItem[];
};

type Line = Omit<ReportItem, 'recipient' | 'run'> & { readonly runId: string; readonly target: Target };

/** By how many there are in each state. */
export function totalsOf(held: ReadonlyMap<DeliveryState, number>): DeliveryTotals {
  const count = (...states: readonly DeliveryState[]) =>
    states.reduce((sum, state) => sum + (held.get(state) ?? 0), 0);
  return {
    due: count(...held.keys()),
    delivered: count('delivered'),
    blocked: count('blocked'),
    gone: count('gone'),
    refused: count('refused'),
    unreachable: count('unreachable'),
    cancelled: count('cancelled'),
    uncertain: count('uncertain'),
    expired: count('expired'),
    pending: count(...PENDING),
  };
}

export function reportOf(run: string | null, lines: readonly Line[]): DeliveryReport {
  const held = new Map<DeliveryState, number>();
  for (const { state } of lines) held.set(state, (held.get(state) ?? 0) + 1);
  return {
    run,
    ...totalsOf(held),
    items: lines.map(
      ({ id, runId, target, state, reason, activityId, recalled, again, unshown, editProblem }) => ({
        id,
        run: runId,
        recipient: recipientOf(target),
        state,
        ...(reason ? { reason } : {}),
        ...(activityId ? { activityId } : {}),
        ...(recalled ? { recalled } : {}),
        ...(again ? { again } : {}),
        ...(unshown ? { unshown } : {}),
        ...(unshown && editProblem ? { editProblem } : {}),
      }),
    ),
  };
}

/** Graph's id of the person or the channel, Teams' id of the chat. */
export function recipientOf(target: Target): string {
  if (target.kind === 'person') return target.personId;
  return target.kind === 'chat' ? target.chatId : target.channelId;
}

/** What may be sent again by one press: it did not arrive, and is of use still. Of the cancelled only what a pause withheld. */
export const RESENDABLE: readonly DeliveryState[] = [
  'blocked',
  'gone',
  'refused',
  'unreachable',
  'cancelled',
];

export function isResendable({
  state,
  reason,
  recalled,
  again,
}: Pick<ReportItem, 'state' | 'reason' | 'recalled' | 'again'>): boolean {
  return (
    !recalled &&
    !again &&
    RESENDABLE.includes(state) &&
    (state !== 'cancelled' || reason?.startsWith('paused:') === true)
  );
}

/** Of a hundred messages that left, how many may or may not have arrived; 0 when none left. */
export function uncertainPercent({ delivered, uncertain }: DeliveryReport): number {
  const left = delivered + uncertain;
  return left === 0 ? 0 : (100 * uncertain) / left;
}

export type ByReason = {
  readonly state: DeliveryState;
  readonly reason: string;
  readonly items: readonly ReportItem[];
};

/** What did not arrive, or waits for something, put together by what became of it and why; the most first. */
export function byReason({ items }: DeliveryReport): ByReason[] {
  const told = ({ state, reason }: ReportItem) =>
    PENDING.includes(state) ? state === 'due' && reason !== undefined : state !== 'delivered';
  const rest = items.filter(told);
  const groups = Map.groupBy(rest, ({ state, reason }) => `${state}: ${reason ?? 'no reason given'}`);
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      return first ? [{ state: first.state, reason: first.reason ?? 'no reason given', items: group }] : [];
    })
    .sort((a, b) => b.items.length - a.items.length);
}

/** How many that arrived were taken back, as their readers see. */
export function recalledOf({ items }: Pick<DeliveryReport, 'items'>): number {
  return items.filter(({ state, recalled, unshown }) => state === 'delivered' && recalled && !unshown).length;
}

/** What readers do not see yet, or will not, of what was changed or taken back; a sentence each. */
export function unshownOf({ items }: Pick<DeliveryReport, 'items'>): string[] {
  const unshown = items.filter((item) => item.unshown);
  const [back, changed] = [unshown.filter((item) => item.recalled), unshown.filter((item) => !item.recalled)];
  const waiting = (some: readonly ReportItem[]) => some.filter((item) => !item.editProblem).length;
  const givenUp = (some: readonly ReportItem[], words: string) =>
    [...Map.groupBy(some, ({ editProblem }) => editProblem)].flatMap(([problem, group]) =>
      problem ? [`${group.length} could not be ${words}: ${problem.replace(/\.$/, '')}.`] : [],
    );
  return [
    ...(waiting(back) > 0 ? [`Not yet taken back with ${waiting(back)}.`] : []),
    ...givenUp(back, 'taken back'),
    ...(waiting(changed) > 0 ? [`The newest change is not yet shown by ${waiting(changed)}.`] : []),
    ...givenUp(changed, 'changed'),
  ];
}
