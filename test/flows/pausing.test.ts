import { strict as assert } from 'node:assert';
import { buttonOf, useService, wordsOf } from '../support/service.ts';

describe('pausing', () => {
  const service = useService({ documents: false });
  const owen = () => service().chat('Owen Pryce');
  const cardOf = (person: ReturnType<typeof owen>) => service().shownTo(person).at(-1);

  it('is an operator’s to do, from a card in his own chat and from the command line', async () => {
    const { teams, quiet, command, chat } = service();
    await teams.sendMessage(owen(), 'pause');
    await quiet();
    const shown = cardOf(owen());
    assert.match(wordsOf(shown), /Nothing is paused/);
    const { verb, data } = buttonOf(shown, 'operations.pause');
    const chosen = { ...data, 'choice-scope': 'school--900001', reason: 'a burst pipe' };
    // A colleague to whom the card was passed on may press it, and nothing comes of it.
    const tom = chat('Tom Ellery');
    await teams.pressButton(tom, { verb, data: chosen });
    assert.match((await command('pauses')).out, /Nothing is paused/);
    await teams.pressButton(owen(), { verb, data: chosen });
    assert.match(
      (await command('pauses')).out,
      /Harbour Primary: since Monday 23 November, 07:2\d, by Owen Pryce: a burst pipe/,
    );
    const ready = await (await fetch(`http://127.0.0.1:${service().instance.port}/readyz`)).text();
    assert.match(ready, /"paused":"1 pause"/, 'anybody may ask, so no school is named');
    await command('tick', '--at', '2026-11-23T07:46:00Z');
    await quiet();
    const { out } = await command('deliveries', 'report', '--run', 'digest/2026-11-23');
    assert.match(out, /cancelled, paused: Harbour Primary \(a burst pipe\)/);
    const missed = Number(/ (\d+) unreachable, 1 cancelled/.exec(out)?.[1]);
    const { digests, clock } = service().instance.app;
    const readers = await digests.readersOn('2026-11-23', clock.now());
    assert.equal(missed, readers.size - 1, out);
    await teams.sendMessage(owen(), 'deliveries');
    await quiet();
    const report = cardOf(owen());
    assert.match(wordsOf(report), /What reached whom: digests of Monday 23 November/);
    assert.match(wordsOf(report), new RegExp(`All ${missed + 1} are settled`));
    const again = buttonOf(report, 'operations.resend');
    await teams.pressButton(tom, again);
    assert.match((await command('deliveries', 'report', '--run', 'digest/2026-11-23/again')).out, /no run/);
    await teams.pressButton(owen(), again);
    await quiet();
    const resent = async () =>
      (await command('deliveries', 'report', '--run', 'digest/2026-11-23/again')).out.split(',')[0];
    assert.equal(
      await resent(),
      `digest/2026-11-23/again: ${missed} due`,
      'not to the school that is paused',
    );
    assert.match(
      (await command('deliveries', 'resend', '--run', 'digest/2026-11-23')).out,
      /Nothing was sent: a pause holds 1 message\. Resume it first/,
    );
    assert.match((await command('resume', '--school', '900001')).out, /Resumed: Harbour Primary/);
    for (const press of [again, again]) await teams.pressButton(owen(), press);
    await quiet();
    assert.equal(await resent(), `digest/2026-11-23/again: ${missed + 1} due`);
    assert.match(
      (await command('deliveries', 'resend', '--run', 'digest/2026-11-23')).out,
      /sent again already/,
    );
    assert.equal((await command('resume', '--school', '900001')).exit, 1);
  });

  it('of a rule is said of the run that it skipped, to whoever asks what became of it', async () => {
    const { teams, quiet, command } = service();
    await command('pause', '--rule', 'radar', '--reason', 'half-term');
    await command('tick', '--at', '2026-11-27T12:01:00Z');
    const why = /radar\/2026-11-27: skipped, paused: the radar of questions \(half-term\)/;
    assert.match((await command('deliveries', 'report', '--run', 'radar/2026-11-27')).out, why);
    assert.match((await command('deliveries', 'resend', '--run', 'radar/2026-11-27')).out, why);
    assert.match((await command('deliveries', 'report', '--run', 'radar/2026-11-28')).out, /no run/);
    await teams.sendMessage(owen(), 'deliveries');
    await quiet();
    assert.match(
      wordsOf(cardOf(owen())),
      /Skipped: the radar of questions of Friday 27 November \(paused: the radar of questions \(half-term\)\)/,
    );
    assert.equal((await command('resume', '--rule', 'radar')).exit, 0);
  });

  it('again is done already, not refused, so that a script after a restore goes on', async () => {
    const { command } = service();
    const pause = (...more: readonly string[]) => command('pause', '--reason', 'Restored', ...more);
    assert.equal((await pause()).exit, 0);
    const again = await pause();
    assert.deepEqual([again.exit, again.err], [0, '']);
    assert.match(again.out, /Paused already: everything scheduled\. Nothing was changed\.\n.*pauses/);
    assert.equal((JSON.parse((await pause('--json')).out) as { changed: boolean }).changed, false);
    assert.match((await command('pauses')).out, /Restored/);
    assert.equal((await command('resume')).exit, 0);
    assert.equal((await command('pause', '--rule', 'never-heard-of')).exit, 1);
  });

  it('is told to others as not theirs', async () => {
    const { teams, quiet, chat } = service();
    const tom = chat('Tom Ellery');
    await teams.sendMessage(tom, 'pause');
    await quiet();
    assert.match(wordsOf(cardOf(tom)), /for those who run Waymark.*my settings/s);
  });
});
