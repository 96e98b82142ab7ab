/**
 * The four capabilities as two people use them: `npm run dev` in a process of its own, a browser at each window, the clock
 * moved with the printed command. Pictures of every card are kept in .test/screenshots, to be looked at.
 */
import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { parse, stringify } from 'yaml';
import { drawCard, openBrowser, openWindow, type Window } from '../support/browser.ts';
import { type LocalRun, startDev, stillRunning } from '../support/dev.ts';

describe('two people at their windows', function () {
  this.bail(true);
  let folder: string;
  let run: LocalRun;
  let browser: Browser;
  let aisha: Window;
  let jo: Window;
  let pids: number[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waymark-e2e-'));
    run = await startDev({
      dataDir: join(folder, 'data'),
      environment: { TRUST_FILE: await oneMilestoneOfAisha(folder) },
    });
    pids = run.pids();
    process.stderr.write(`${/Service ready.*/.exec(run.out())?.[0]}\n`);
    browser = await openBrowser();
    aisha = await openWindow(browser, run.teacher);
    jo = await openWindow(browser, run.manager);
  });
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await aisha.picture('failed-teacher');
    await jo.picture('failed-manager');
    process.stderr.write(run.err());
  });
  after(async () => {
    await browser?.close();
    if (run && (await stillRunning(pids)).length > 0) run.signal('SIGKILL', 'group');
    await rm(folder, { recursive: true, force: true });
  });

  /** A card as it is shown in the window, and as a phone would show it in both themes. */
  async function keep(name: string, window: Window, text: string): Promise<void> {
    const shown = await window.card(text);
    await window.picture(name, shown);
    for (const theme of ['light', 'dark'] as const) {
      const drawn = await drawCard(browser, name, window.content(text), theme);
      assert.ok(drawn.includes(text), `${name}: ${drawn}`);
    }
  }

  /** The command that the local run prints, with another time. */
  function moveClock(to: string, day = 'Monday, 23 November 2026'): void {
    const printed = /(?:DATA_DIR=(\S+) )?npm run -s cli -- clock \S+/.exec(run.out());
    assert.equal(printed?.[1], run.dataDir, 'the printed command names the folder');
    const { code, out, err } = run.cli('clock', to);
    assert.equal(code, 0, err);
    assert.match(out, new RegExp(`^It is ${day} at \\d\\d:\\d\\d\\.`));
  }

  it('greets each by name, says what it is for and whom to speak to about a child', async () => {
    const card = await aisha.card('Hello Aisha.');
    assert.match(await textOf(card), /Worried about a child\? Please don't type it here\./);
    await keep('welcome', aisha, 'Hello Aisha.');
    await jo.card('Hello Jo.');
  });

  it('answers a question with where the answer comes from', async () => {
    await aisha.say('What are our priorities this year?');
    await aisha.sees(/Until August 2027 we put these six areas first/);
    await aisha.sees(/^Closing gaps: more for the children who need more/);
    await aisha.sees(/\[1\]/);
    await aisha.sees(/Tideway strategy 2026–27, This year's six priorities\. Our policy/);
    await aisha.picture('answer');
  });

  it('says so when the documents do not answer, and that nothing was sent', async () => {
    await aisha.say('What does the canteen cost?');
    await aisha.sees(/documents don't say, so I won't guess/);
    await aisha.sees(/Nothing has been sent yet/);
    await aisha.picture('refusal');
  });

  it("brings Monday's nudge to the school's channel, shows how it was made, and takes an answer", async () => {
    moveClock('2026-11-23T07:31');
    await jo.open('Attendance');
    const nudge = await jo.card('Harbour Primary, last week');
    await keep('nudge', jo, 'Harbour Primary, last week (early');
    await jo.press(nudge, 'More');
    await jo.press(nudge, 'How we got this');
    const why = await jo.card('How we got this: Harbour Primary');
    await keep('nudge-why', jo, 'How we got this: Harbour Primary');
    await jo.press(why, 'Back to the card');
    await jo.press(await jo.card('One thing this week'), 'We have done it');
    const done = await jo.card(/Jo/);
    assert.match(await textOf(done), /Harbour Primary, last week/);
    await keep('nudge-done', jo, 'Harbour Primary, last week (early');
  });

  it('asks for a check-in when it is due, and takes it', async () => {
    moveClock('2026-11-23T08:01');
    const ask = await aisha.card('Check-in, about 20 seconds.');
    await keep('check-in', aisha, 'Check-in, about 20 seconds.');
    await aisha.choose(ask, 'How is it going?', 'At risk');
    await aisha.choose(ask, 'How sure are you of reaching it?', 'Fairly confident');
    await aisha.fill(ask, /Year 5 lessons seen/, '12');
    await aisha.fill(ask, /What changed/, 'Greetings happen in every room; first checks slip after lunch.');
    await aisha.fill(ask, /in the way/, 'Cover on Thursdays.');
    await aisha.picture('check-in-filled', ask);
    await aisha.press(ask, 'Send update');
    await aisha.card('Thank you, Aisha. Sent to Jo.');
    await keep('check-in-sent', aisha, 'Thank you, Aisha. Sent to Jo.');
  });

  it('lets her manager return it with a comment, which she reads on her card', async () => {
    await jo.open('Personal Chat');
    const review = await jo.card("Aisha's check-in, about a minute.");
    await keep('review', jo, "Aisha's check-in, about a minute.");
    await jo.press(review, 'Return or ask');
    await jo.fill(review, /What would you like Aisha/, 'Which room finds the check after lunch hardest?');
    await jo.picture('review-return', review);
    await jo.press(review, 'Return it');
    await jo.card('Returned by Jo');
    await keep('review-returned', jo, 'Returned by Jo');
    const back = await aisha.card('Which room finds the check after lunch hardest?');
    assert.match(await textOf(back), /Jo/);
    await keep('check-in-returned', aisha, 'Which room finds the check after lunch hardest?');
  });

  it('shows her own check-ins when she asks', async () => {
    await aisha.say('my check-ins');
    await aisha.card('Your check-ins');
    await keep('my-check-ins', aisha, 'Your check-ins');
  });

  it('lets the manager approve what she sends again, and both cards say so', async () => {
    const back = await aisha.card('Which room finds the check after lunch hardest?');
    if (!(await back.getByRole('textbox', { name: /What changed/ }).isVisible()))
      await aisha.press(back, 'Update');
    await aisha.fill(back, /What changed/, 'Room 5B after lunch; we start a two-minute check there.');
    await aisha.picture('check-in-again', back);
    await back.getByRole('button', { name: /^Send/ }).click();
    const review = await jo.card('Room 5B after lunch');
    await jo.press(review, 'Approve');
    await jo.card('Approved by Jo. Aisha can see it.');
    await keep('review-approved', jo, 'Approved by Jo. Aisha can see it.');
    await aisha.card('Thank you, Aisha. Jo has approved this.');
    await keep('check-in-approved', aisha, 'Thank you, Aisha. Jo has approved this.');
  });

  it('gives a leader her digest when she asks', async () => {
    await jo.say('digest');
    await jo.card(/Two minutes|minute/);
    await keep('digest', jo, 'Tideway, Monday 23 November');
    await jo.picture('manager-window');
    await aisha.picture('teacher-window');
  });

  it('takes "no change" in the next round with two clicks, and the manager approves it with one', async () => {
    moveClock('2026-12-14T08:01', 'Monday, 14 December 2026');
    const asked = 'Check-in, about 20 seconds.';
    await aisha.card(asked);
    await keep('check-in-next-round', aisha, asked);
    await aisha.open('Personal Chat');
    await aisha.press(await aisha.card(asked), 'No change');
    await keep('check-in-no-change', aisha, 'Thank you, Aisha. Sent to Jo.');
    const review = await jo.card('says nothing has changed since last time');
    await keep('review-no-change', jo, 'says nothing has changed since last time');
    await jo.press(review, 'Approve');
    await jo.card('Approved by Jo. Aisha can see it.');
    await keep('review-no-change-approved', jo, 'Approved by Jo. Aisha can see it.');
  });

  it('has sent each message once, as its ledger says', () => {
    const { code, out } = run.cli('deliveries', 'report', '--json');
    assert.equal(code, 0);
    const report = JSON.parse(out) as Record<string, number>;
    process.stderr.write(`${JSON.stringify({ ...report, items: undefined })}\n`);
    assert.equal(report.uncertain ?? 0, 0);
  });

  it('stops whole on Ctrl-C', async () => {
    assert.ok(pids.length >= 4, `npm, Waymark and two windows: ${pids.join(', ')}`);
    run.signal('SIGINT', 'group');
    await run.ended();
    assert.deepEqual(await stillRunning(pids), []);
    assert.ok(!existsSync(join(run.dataDir, 'waymark.lock')));
  });
});

/** The sample trust, but for Aisha's other milestone: it would be asked about in the same weeks. */
async function oneMilestoneOfAisha(folder: string): Promise<string> {
  const sample = await readFile('samples/trust.yaml', 'utf8');
  const trust = parse(sample) as { milestones: { id: string; next_check_in: string }[] };
  for (const milestone of trust.milestones)
    if (milestone.id === 'harbour-friday-barriers') milestone.next_check_in = '2027-02-01';
  const file = join(folder, 'trust.yaml');
  await writeFile(file, stringify(trust));
  return file;
}

async function textOf(shown: Locator): Promise<string> {
  return (await shown.textContent()) ?? '';
}
