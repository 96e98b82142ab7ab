/**
 * What the ledger must say of a message, worked out from the stand-in connector's own record of what it was asked and what it
 * answered, and from Microsoft's list of status codes; not from the code under test. Pure.
 */
import type { ReportItem } from '../../src/delivery/report.ts';
import type { Arrival } from '../../src/sandbox/arrivals.ts';
import type { RequestRecord } from '../../src/sandbox/connector.ts';

/** `unasked`: Teams was never asked to take it. */
export type Fate =
  | { readonly kind: 'unasked' }
  | {
      readonly kind: 'told';
      readonly state: ReportItem['state'];
      readonly reason?: string;
      readonly activityId?: string;
    };

/** After these the same message may be sent again: it was certainly not taken. */
const AGAIN = new Set([401, 412, 429]);
/** Said with 403 where the app is no longer there. */
const REMOVED = new Set(['BotNotInConversationRoster', 'BotNotInConversation', 'ConversationNotFound']);

/** `requests`: those that carried this message, in order. */
export function fateOf(requests: readonly RequestRecord[]): Fate {
  const last = requests.at(-1);
  if (!last) return { kind: 'unasked' };
  const { status, code = '', activityId } = last;
  const reason = code ? `${status} ${code}` : String(status);
  if (status === 201 && activityId) return { kind: 'told', state: 'delivered', activityId };
  if (status === 404) return { kind: 'told', state: 'gone', reason };
  if (status === 403) return { kind: 'told', state: REMOVED.has(code) ? 'gone' : 'blocked', reason };
  if (status >= 500) return { kind: 'told', state: 'uncertain', reason };
  if (status >= 400 && !AGAIN.has(status)) return { kind: 'told', state: 'refused', reason };
  // Broken off, or taken without saying so. One that may be sent again must not end there.
  return { kind: 'told', state: AGAIN.has(status) ? 'due' : 'uncertain' };
}

/**
 * Where the report and the record differ, in words. `unreached`: whom nothing can have been sent to, by recipient, with the state
 * that the report must then give.
 */
export function differences(
  items: readonly ReportItem[],
  requests: readonly RequestRecord[],
  arrivals: readonly Arrival[],
  unreached: (recipient: string) => ReportItem['state'] | undefined,
): string[] {
  const asked = Map.groupBy(requests, ({ delivery }) => delivery);
  const came = Map.groupBy(arrivals, ({ delivery }) => delivery);
  const known = new Set(items.map(({ id }) => id));
  const wrong: string[] = [];
  for (const item of items) {
    const name = `${item.recipient} (${item.id}, ${item.state}: ${item.reason ?? 'no reason'})`;
    const own = asked.get(item.id) ?? [];
    const arrived = came.get(item.id) ?? [];
    if (arrived.length > 1) wrong.push(`${name} arrived ${arrived.length} times`);
    if (own.slice(0, -1).some(({ status }) => !AGAIN.has(status)))
      wrong.push(`${name} was sent again after ${own.map(({ status }) => status).join(', ')}`);
    const fate = fateOf(own);
    if (fate.kind === 'unasked') {
      const expected = unreached(item.recipient);
      if (expected !== item.state)
        wrong.push(`${name} was never asked for; it should be ${expected ?? 'sent'}`);
      if (!item.reason) wrong.push(`${name} gives no reason`);
      continue;
    }
    // What was to be sent again is not where its conversation has ended meanwhile.
    const expected = (fate.state === 'due' ? unreached(item.recipient) : undefined) ?? fate.state;
    if (expected !== item.state) wrong.push(`${name} should be ${expected}`);
    if (fate.reason && fate.reason !== item.reason) wrong.push(`${name} should say ${fate.reason}`);
    if (fate.activityId !== item.activityId)
      wrong.push(`${name} stands as ${item.activityId}, not ${fate.activityId}`);
    if (item.state !== 'delivered' && item.state !== 'uncertain' && arrived.length > 0)
      wrong.push(`${name} did arrive`);
  }
  for (const id of came.keys()) if (id && !known.has(id)) wrong.push(`${id} arrived and is in no report`);
  return wrong;
}
