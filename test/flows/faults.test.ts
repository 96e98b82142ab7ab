import { strict as assert } from 'node:assert';
import type { DeliveryReport } from '../../src/delivery/report.ts';
import type { Fault } from '../../src/sandbox/connector.ts';
import { HARBOUR, importMarks } from '../support/marks-files.ts';
import { useService } from '../support/service.ts';

/** What each leader's chat does with the digest, and what the ledger must say of it afterwards. */
const CASES: readonly (readonly [name: string, fault: Fault | undefined, states: readonly string[]])[] = [
  ['Helen Marsh', undefined, ['delivered']],
  ['David Osei', { kind: 'status', status: 403, code: 'MessageWritesBlocked' }, ['blocked']],
  ['Ruth Calder', { kind: 'status', status: 403, code: 'BotNotInConversationRoster' }, ['gone']],
  ['Priya Nair', { kind: 'status', status: 404, code: 'ConversationNotFound' }, ['gone']],
  ['Samina Hussain', { kind: 'status', status: 429, retryAfter: 1 }, ['delivered']],
  ['Grace Adeyemi', { kind: 'status', status: 412, code: 'PreconditionFailed' }, ['delivered']],
  ['Jo Bennett', { kind: 'status', status: 500, taken: true }, ['uncertain']],
  ['Rosa Delgado', { kind: 'status', status: 500 }, ['uncertain']],
  ['Gareth Vaughan', { kind: 'reset', when: 'after', taken: true }, ['uncertain']],
  ['Claire Donovan', { kind: 'reset', when: 'before' }, ['delivered', 'uncertain']],
  ['Andrew Sinclair', { kind: 'drop' }, ['uncertain']],
  ['Marie Cotton', { kind: 'status', status: 400, code: 'BadSyntax' }, ['refused']],
];
/** Has not installed the app. */
const UNREACHED = 'Catherine Ames';

describe('when Teams refuses, throttles or breaks off', () => {
  const service = useService({ documents: false });

  it('the ledger says of each digest what became of it, and agrees with what arrived', async () => {
    const { teams, chat, command, quiet } = service();
    await importMarks(service(), [HARBOUR]);
    for (const [name] of CASES) await teams.install(chat(name));
    await quiet();
    const greetings = teams.arrivals.length;
    for (const [name, fault] of CASES) if (fault) teams.fault(`a:chat-${chat(name).personId}`, fault);
    await command('tick', '--at', '2026-11-23T07:45:00Z');
    await quiet();
    const { out } = await command('deliveries', 'report', '--run', 'digest/2026-11-23', '--json');
    const report = JSON.parse(out) as DeliveryReport;
    const states = new Map(report.items.map((item) => [item.recipient, item.state]));
    for (const [name, fault, expected] of CASES) {
      const state = states.get(chat(name).personId) ?? 'absent';
      assert.ok(expected.includes(state), `${name} is ${state} after ${JSON.stringify(fault)}`);
    }
    assert.equal(states.get(chat(UNREACHED).personId), 'unreachable');
    assert.deepEqual(teams.duplicates(), []);
    const arrived = new Map(teams.arrivals.slice(greetings).map((one) => [one.delivery, one]));
    assert.equal(arrived.size, teams.arrivals.length - greetings);
    for (const item of report.items) {
      const arrival = arrived.get(item.id);
      if (item.state === 'delivered') assert.equal(arrival?.activityId, item.activityId);
      else if (item.state !== 'uncertain') assert.equal(arrival, undefined, `${item.state}, yet it arrived`);
    }
    for (const [id] of arrived) assert.ok(report.items.some((item) => item.id === id));
    const { run, items, due } = report;
    assert.equal(run, 'digest/2026-11-23');
    assert.equal(due, items.length);
    const { delivered, blocked, gone, refused, unreachable, cancelled, uncertain, expired, pending } = report;
    const settled = delivered + blocked + gone + refused + unreachable + cancelled;
    assert.equal(settled + uncertain + expired + pending, due);
  });

  it('a throttled chat is left alone for as long as it asks', () => {
    const { teams, chat } = service();
    const place = `a:chat-${chat('Samina Hussain').personId}`;
    const posts = teams.requests.filter(
      (request) => request.method === 'POST' && request.conversationId === place,
    );
    const [, refused, taken] = posts;
    assert.equal(posts.length, 3);
    assert.equal(refused?.status, 429);
    assert.ok((taken?.at ?? 0) - (refused?.at ?? 0) >= 1000);
  });

  it('nothing is sent again by itself: not after another tick, not after the person comes back', async () => {
    const { teams, chat, command, quiet } = service();
    const before = teams.arrivals.length;
    await command('tick', '--at', '2026-11-23T07:50:00Z');
    await teams.install(chat('Priya Nair'));
    await quiet();
    assert.equal(teams.arrivals.length, before);
  });
});
