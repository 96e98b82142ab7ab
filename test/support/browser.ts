/** A headless browser at a Playground: what a person at that window can do, and pictures of what she sees. */
import { strict as assert } from 'node:assert';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { openCard, type Theme } from './card-page.ts';

const PICTURES = '.test/screenshots';
/** Narrower than this, the Playground hides its list of chats. Pixels. */
const WINDOW = { width: 1700, height: 1250 };
/** How long a person would wait for an answer here; a busy machine needs it. Milliseconds. */
const PATIENCE = 30_000;

export type Window = {
  readonly page: Page;
  /** Types a message into the chat and sends it. */
  say(text: string): Promise<void>;
  /** Waits for a message or card with a text, and returns the last one. */
  sees(text: string | RegExp): Promise<Locator>;
  /** The last card that holds a text. */
  card(text: string | RegExp): Promise<Locator>;
  press(card: Locator, name: string): Promise<void>;
  /** Opens a chat or channel of the list. */
  open(name: string): Promise<void>;
  /** Chooses in a drop-down list of a card by its label. */
  choose(card: Locator, label: string | RegExp, option: string): Promise<void>;
  fill(card: Locator, label: string | RegExp, text: string): Promise<void>;
  /** Keeps a picture of the window, or of a part of it. */
  picture(name: string, part?: Locator): Promise<void>;
  /** The newest card content that reached this window and holds a text. */
  content(text: string): unknown;
};

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export async function openWindow(browser: Browser, url: string): Promise<Window> {
  const page = await browser.newPage({ viewport: WINDOW });
  page.setDefaultTimeout(PATIENCE);
  const contents: unknown[] = [];
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => contents.push(...cardsIn(parsed(String(payload))))),
  );
  await page.goto(url);
  await page.getByRole('treeitem').first().waitFor();
  await closeLog(page);
  const sees = async (text: string | RegExp) => {
    const found = page.getByText(text).last();
    await found.waitFor();
    return found;
  };
  return {
    page,
    sees,
    say: async (text) => {
      await page.getByRole('textbox').last().click();
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    },
    card: async (text) => {
      const found = page.locator('.ac-adaptiveCard').filter({ hasText: text }).last();
      await found.waitFor();
      await found.scrollIntoViewIfNeeded();
      return found;
    },
    press: (card, name) => card.getByRole('button', { name, exact: true }).click(),
    open: (name) => page.getByRole('treeitem').filter({ hasText: name }).first().click(),
    choose: async (card, label, option) => {
      await card.getByRole('combobox', { name: label }).click();
      await page.getByRole('option', { name: option }).click();
    },
    fill: (card, label, text) => card.getByRole('textbox', { name: label }).fill(text),
    content: (text) => {
      const found = contents.findLast((content) => JSON.stringify(content).includes(text));
      assert.ok(found, `a card with "${text}" reached the window`);
      return found;
    },
    picture: async (name, part) => {
      mkdirSync(PICTURES, { recursive: true });
      const path = join(PICTURES, `${name}.png`);
      const bytes = await (part ? part.screenshot({ path }) : page.screenshot({ path }));
      assert.ok(bytes.length > 2_000, `${name} shows something`);
    },
  };
}

/** The panel for developers takes a third of the window. */
async function closeLog(page: Page): Promise<void> {
  const close = page.getByText('Log Panel').locator('..').getByRole('button').last();
  if (await close.isVisible()) await close.click();
}

/** The frames of the Playground's socket are JSON but for some of its own. */
function parsed(frame: string): unknown {
  try {
    return JSON.parse(frame);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Every Adaptive Card anywhere in a value. */
function cardsIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('type' in value && value.type === 'AdaptiveCard') return [value];
  return Object.values(value).flatMap(cardsIn);
}

/** Draws a card with the vendor's renderer in a column as wide as a phone; returns what it shows as text. */
export async function drawCard(
  browser: Browser,
  name: string,
  content: unknown,
  theme: Theme,
): Promise<string> {
  const { text, picture } = await pictureOf(browser, name, content, theme, 400);
  mkdirSync(PICTURES, { recursive: true });
  writeFileSync(join(PICTURES, `${name}-phone-${theme}.png`), picture);
  return text;
}

/** A card as a picture, so many pixels wide, with what it shows as text. Nothing of it may be wider than that. */
export async function pictureOf(
  browser: Browser,
  name: string,
  content: unknown,
  theme: Theme,
  width: number,
): Promise<{ readonly text: string; readonly picture: Buffer }> {
  const page = await openCard(browser, content, theme, width);
  try {
    const drawn = page.locator('#card');
    const wide = await drawn.evaluate((element) => element.scrollWidth > element.clientWidth + 1);
    assert.ok(!wide, `${name} fits ${width} pixels without scrolling sideways`);
    return { text: (await drawn.textContent()) ?? '', picture: await drawn.screenshot() };
  } finally {
    await page.close();
  }
}
