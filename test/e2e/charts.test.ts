/**
 * The digest's charts as Teams' own renderer draws them: the Playground's window holds it, with chart elements. A few lines stand
 * in for Waymark and send one card; pictures are kept in .test/screenshots, to be looked at.
 */
import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { digestCards } from '../../docs/pictures/digests.ts';
import type { Card } from '../../src/cards/elements.ts';
import { must } from '../../src/kernel/guards.ts';
import { type Playground, startPlayground } from '../../src/sandbox/playground.ts';
import { openBrowser, openWindow, type Window } from '../support/browser.ts';
import { CHART_TONES } from '../support/chart-drawing.ts';

type Inbound = {
  readonly type: string;
  readonly serviceUrl: string;
  readonly conversation: { readonly id: string };
};

/** Answers every message with the card. */
async function startSender(card: Card): Promise<{ readonly url: string; close(): void }> {
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      response.end('{}');
      // The Playground first looks whether anybody is there.
      if (request.method !== 'POST') return;
      const { type, serviceUrl, conversation } = JSON.parse(Buffer.concat(parts).toString()) as Inbound;
      if (type !== 'message') return;
      const attachments = [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card.content }];
      void fetch(`${serviceUrl}/v3/conversations/${encodeURIComponent(conversation.id)}/activities`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ type: 'message', from: { id: 'waymark-local' }, attachments }),
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/api/messages`, close: () => server.close() };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return port;
}

describe('charts in the Playground', () => {
  let folder: string;
  let playground: Playground;
  let sender: { readonly url: string; close(): void };
  let browser: Browser;
  let window: Window;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waymark-charts-'));
    sender = await startSender(must(digestCards()['digest-leader-more'], 'the card'));
    const person = (number: number) => ({
      id: `00000000-0000-4000-8000-00000000000${number}`,
      name: `Person ${number}`,
      givenName: `Person${number}`,
      mail: `person${number}@tideway.example`,
    });
    playground = await startPlayground({
      folder,
      port: await freePort(),
      botUrl: sender.url,
      tenantId: '00000000-0000-4000-8009-000000000001',
      persona: person(1),
      others: [2, 3, 4, 5, 6].map(person),
      team: {
        id: person(7).id,
        name: 'Harbour',
        channel: { id: '19:harbour@thread.tacv2', name: 'Attendance' },
      },
    });
    browser = await openBrowser();
    window = await openWindow(browser, playground.url);
    await window.say('digest');
  });
  after(async () => {
    await browser?.close();
    await playground?.stop();
    sender?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('are drawn: the ring, the line over weeks and the bars by school, with their numbers in words beside them', async () => {
    const card = await window.card('Each priority');
    await card.locator('svg path, svg rect').first().waitFor();
    await window.page.waitForTimeout(1_000);
    await window.picture('charts-card', card);
    const text = (await card.textContent()) ?? '';
    for (const title of ['Milestones', 'Days missed for every 10 pupils', 'by school'])
      assert.ok(text.includes(title), `${title} in ${text}`);
    for (const legend of ['On track: 2', 'At risk or off: 2', 'None approved: 1'])
      assert.ok(text.includes(legend), legend);
    assert.doesNotMatch(text, /\+\d item/, 'no part of a legend is folded away');
    assert.match(text, /Week by week, those experiencing disadvantage and others: 5 October: 6 and 2/);
    assert.match(text, /5 Oct12 Oct19 Oct2 Nov9 Nov16 Nov/, 'no label of the axis is cut');
    const charts = card.locator('svg').filter({ has: window.page.locator('path, rect, line') });
    assert.ok((await charts.count()) >= 3, `${await charts.count()} drawings`);
  });

  it('have the colours that the test of colours measures', async () => {
    const card = await window.card('Each priority');
    const html = (await card.innerHTML()).toLowerCase();
    for (const [name, tone] of Object.entries(CHART_TONES)) {
      const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(tone.slice(at, at + 2), 16));
      assert.ok(html.includes(tone) || html.includes(`rgb(${r}, ${g}, ${b})`), `${name} is drawn in ${tone}`);
    }
  });
});
