import { strict as assert } from 'node:assert';
import { must } from '../../src/kernel/guards.ts';
import type { Speaker } from '../../src/sandbox/inbound.ts';
import { buttonOf, buttonsOf, textsIn, useService, wordsOf } from '../support/service.ts';

const ANSWER = { status: 'on-track', confidence: 'high', value: '9', note: '', blocker: '', evidence: '' };

describe('acting on a line of the digest', () => {
  const service = useService({ documents: false });
  const who = (name: string) => service().chat(name);
  const newest = (speaker: Speaker) => must(service().shownTo(speaker).at(-1), 'a message');

  async function press(name: string, data: Record<string, unknown>): Promise<string> {
    const sent = await service().teams.pressButton(who(name), { verb: String(data.verb), data });
    assert.equal(sent.status, 200);
    const { value } = sent.body as { value?: unknown };
    return typeof value === 'string' ? value : JSON.stringify(value ?? sent.body);
  }

  async function digestFor(name: string): Promise<unknown> {
    await service().teams.sendMessage(who(name), 'digest');
    return newest(who(name));
  }

  async function submit(name: string, over: Readonly<Record<string, string>> = {}): Promise<void> {
    const { data } = buttonOf(newest(who(name)), 'checkins.submit');
    await press(name, { ...data, ...ANSWER, ...over });
    await service().quiet();
  }

  const choosing = (name: string) => ({ unblockerId: who(name).personId });

  async function states(): Promise<string[]> {
    const rows = await service().store.db.selectFrom('checkins').select('state').orderBy('id').execute();
    return rows.map(({ state }) => state);
  }

  before(async () => {
    const { teams, command, quiet } = service();
    for (const name of ['Aisha Rahman', 'Tom Ellery', 'Jo Bennett', 'Helen Marsh', 'Rosa Delgado'])
      await teams.install(who(name));
    await command('tick', '--at', '2026-11-23T08:00:00Z');
    await quiet();
    await submit('Aisha Rahman');
    // Who is not offered cannot be chosen, and nothing is sent; then the one whom it concerns.
    const blocked = { status: 'at-risk', blocker: 'The council has not sent the dates' };
    await submit('Tom Ellery', { ...blocked, ...choosing('Rosa Delgado') });
    await submit('Tom Ellery', { ...blocked, ...choosing('Jo Bennett') });
  });

  it('offers the manager to approve what is on track, and the rest only to read', async () => {
    const digest = await digestFor('Jo Bennett');
    assert.match(
      wordsOf(digest as never),
      /Waiting for you: check-ins from Aisha \(ready to approve\) and Tom \(at risk\)/,
    );
    assert.equal(buttonsOf(digest).filter(({ verb }) => verb === 'digests.approve').length, 1);
    assert.equal(buttonsOf(digest).filter(({ verb }) => verb === 'digests.open').length, 2);
    assert.deepEqual(
      buttonsOf(await digestFor('Helen Marsh')).filter(({ verb }) => /approve|open/.test(verb)),
      [],
    );
  });

  it('opens one as its own card, with a way back', async () => {
    const read = buttonOf(await digestFor('Jo Bennett'), 'digests.open');
    const opened = JSON.parse(await press('Jo Bennett', read.data)) as unknown;
    assert.match(textsIn(opened).join('\n'), /Aisha's check-in, about a minute/);
    assert.ok(buttonsOf(opened).some(({ verb }) => verb === 'checkins.approve'));
    assert.match(await press('Jo Bennett', buttonOf(opened, 'digests.refresh').data), /Waiting for you/);
    for (const name of ['Rosa Delgado', 'Tom Ellery'])
      assert.match(await press(name, read.data), /with someone else, so nothing was changed/);
  });

  it('looks at the presser again, and approves for nobody but whoever may review it', async () => {
    const { data } = buttonOf(await digestFor('Jo Bennett'), 'digests.approve');
    const before = await states();
    for (const name of ['Rosa Delgado', 'Helen Marsh', 'Tom Ellery', 'Aisha Rahman'])
      assert.match(await press(name, data), /with someone else, so nothing was changed/);
    for (const id of ['feedfacefeedfacefeed', "' or 1=1 --", 'mine'])
      assert.match(await press('Jo Bennett', { ...data, id }), /nothing was changed/);
    assert.deepEqual(await states(), before);
  });

  it('approves nothing that is worth a read, whatever a card says', async () => {
    const digest = await digestFor('Jo Bennett');
    const tom = must(buttonsOf(digest).findLast(({ verb }) => verb === 'digests.open')?.data, 'a button');
    const before = await states();
    assert.match(
      await press('Jo Bennett', { ...tom, verb: 'digests.approve' }),
      /Worth a read first \(at risk\), so it was left\./,
    );
    assert.deepEqual(await states(), before);
  });

  it('approves one once, thanks its owner, leaves its audit, and shows the digest as it is then', async () => {
    const { data } = buttonOf(await digestFor('Jo Bennett'), 'digests.approve');
    const both = await Promise.all([press('Jo Bennett', data), press('Jo Bennett', { ...data, again: '1' })]);
    assert.equal(
      both.filter((answer) => /Approved\. Aisha can see it\./.test(answer)).length,
      1,
      both.join('\n'),
    );
    assert.equal(both.filter((answer) => /You had approved it before/.test(answer)).length, 1);
    for (const answer of both) assert.match(answer, /Waiting for you: a check-in from Tom \(at risk\)\./);
    await service().quiet();
    assert.match(wordsOf(newest(who('Aisha Rahman'))), /Jo has approved this/);
    const audit = await service()
      .store.db.selectFrom('audit')
      .select(['actor', 'action'])
      .where('action', '=', 'checkins.approve')
      .execute();
    assert.deepEqual(audit, [{ actor: who('Jo Bennett').personId, action: 'checkins.approve' }]);
  });

  it('tells whoever could unblock once it is approved, its reader before, and nobody beside', async () => {
    const read = buttonOf(await digestFor('Jo Bennett'), 'digests.open');
    assert.doesNotMatch(wordsOf((await digestFor('Jo Bennett')) as never), /Names you/);
    const review = JSON.parse(await press('Jo Bennett', read.data)) as unknown;
    assert.match(
      textsIn(review).join('\n'),
      /In the way: "The council has not sent the dates"\. Could take it away: Jo Bennett/,
    );
    await press('Jo Bennett', buttonOf(review, 'checkins.approve').data);
    await service().quiet();
    assert.match(wordsOf((await digestFor('Jo Bennett')) as never), /Names you: .*The council has not sent/);
    assert.match(
      wordsOf((await digestFor('Helen Marsh')) as never),
      /You can unblock: .*The council has not/,
    );
    assert.doesNotMatch(JSON.stringify(await digestFor('Rosa Delgado')), /Names you: .*sent the dates/);
    const { out } = await service().command('milestones', 'report', '--json');
    assert.match(out, /"blocker":\s*"The council has not sent the dates"[^}]*"unblocker":\s*"Jo Bennett"/);
  });

  it('tells the owner of a milestone once a day who can help, and nobody outside can offer it', async () => {
    const { data } = buttonOf(await digestFor('Helen Marsh'), 'digests.offer-help');
    const messages = service().shownTo(who('Tom Ellery')).length;
    for (const name of ['Bea Nowak', 'Aisha Rahman'])
      assert.match(await press(name, data), /not yours to see\. Nothing was sent/);
    assert.match(await press('Tom Ellery', data), /Nothing was sent/);
    for (let time = 0; time < 2; time += 1)
      assert.match(
        await press('Helen Marsh', { ...data, time: String(time) }),
        /Its owner is told that you can help/,
      );
    await service().quiet();
    assert.equal(service().shownTo(who('Tom Ellery')).length, messages + 1);
    const told = newest(who('Tom Ellery'));
    assert.match(wordsOf(told), /Helen Marsh may be able to help you\..*The council has not sent the dates/s);
    assert.match(
      JSON.stringify(told),
      /https:\/\/teams\.microsoft\.com\/l\/chat\/0\/0\?users=helen\.marsh%40/,
    );
  });

  it('has words behind its other buttons that are understood', async () => {
    const { teams, quiet, shownTo } = service();
    const helen = who('Helen Marsh');
    const digest = JSON.stringify(await digestFor('Helen Marsh'));
    const words = [...digest.matchAll(/"type":"imBack","value":"([^"]+)"/g)].flatMap(
      ([, said]) => said ?? [],
    );
    assert.ok(
      words.some((said) => said.startsWith('How are we doing on')),
      words.join(', '),
    );
    for (const said of [
      ...new Set(words),
      'How is attendance across the trust?',
      'What changed since 2026-11-16',
    ]) {
      const before = shownTo(helen).length;
      await teams.sendMessage(helen, said);
      await quiet();
      const answer = wordsOf(shownTo(helen).at(-1));
      assert.ok(shownTo(helen).length > before, said);
      assert.doesNotMatch(answer, /documents don't say|did not understand/, said);
    }
  });
});
