/**
 * Every card as somebody meets it who does not see well, uses no mouse, or reads at 400 %: drawn by the vendor's renderer in a
 * window of 320 pixels (WCAG 2.2, 1.4.10: 1,280 pixels at 400 %), looked over by axe, walked through with the keyboard.
 */
import { strict as assert } from 'node:assert';
import type { Browser, Page } from 'playwright-core';
import { picturedCards } from '../../docs/pictures/draw.ts';
import { openBrowser } from '../support/browser.ts';
import { openCard } from '../support/card-page.ts';

const NARROW = 320;
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

type Violation = { readonly id: string; readonly help: string; readonly nodes: readonly { html: string }[] };

async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: 'node_modules/axe-core/axe.min.js' });
  const { violations: found } = (await page.evaluate(
    `axe.run('#card', { runOnly: ${JSON.stringify(RULES)} })`,
  )) as { violations: readonly Violation[] };
  return found.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id} (${help}): ${html}`));
}

/** What can be used, in the order of reading, each by its visible name. */
const USABLE = '#card :is(button, input, select, textarea, a[href], [tabindex="0"]):visible';

describe('every card, for those who read with a tool, a keyboard or at 400 %', function () {
  this.timeout(180_000);
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(async () => {
    await browser.close();
  });

  for (const [name, { content }] of Object.entries(picturedCards())) {
    it(`${name}: axe finds nothing, nothing is cut off, and the keyboard reaches all of it`, async () => {
      for (const theme of ['light', 'dark'] as const) {
        const page = await openCard(browser, content, theme, NARROW);
        try {
          assert.deepEqual(await violations(page), [], `${name}, ${theme}`);
          const wide = await page.evaluate(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          );
          assert.equal(wide, 0, `${name} at ${NARROW} pixels scrolls sideways by ${wide}`);
          const cut = await page.evaluate(`[...document.querySelectorAll('#card :is(div, span, label)')]
            .filter((one) => getComputedStyle(one).textOverflow === 'ellipsis' && one.scrollWidth > one.clientWidth)
            .map((one) => one.textContent)`);
          assert.deepEqual(cut, [], `${name} at ${NARROW} pixels`);
          if (theme === 'light') await walk(page, name);
        } finally {
          await page.close();
        }
      }
    });
  }

  it('keeps its words and its frames where the system chooses the colours', async () => {
    for (const [name, { content }] of Object.entries(picturedCards())) {
      const page = await openCard(browser, content, 'dark', NARROW);
      try {
        await page.emulateMedia({ forcedColors: 'active' });
        // The system's colours replace ours when they are painted, where no script sees them; frames and words must be left to it.
        const lost = await page.evaluate(`[...document.querySelectorAll('#card, #card *')]
          .filter((one) => getComputedStyle(one).forcedColorAdjust === 'none').length`);
        assert.equal(lost, 0, `${name} keeps colours of its own`);
        const unframed = await page.evaluate(`[...document.querySelectorAll('#card button')]
          .filter((one) => getComputedStyle(one).borderStyle === 'none').length`);
        assert.equal(unframed, 0, `${name} has buttons without a frame`);
      } finally {
        await page.close();
      }
    }
  });

  it('has no card that is redrawn while somebody types into it', () => {
    for (const [name, { content }] of Object.entries(picturedCards()))
      if (/"type":"Input\./.test(JSON.stringify(content)))
        assert.ok(!('refresh' in content), `${name} has inputs and redraws itself`);
  });

  /** Tab leads through everything that can be used, and the focus can be seen on each; within a date the browser marks its parts itself. */
  async function walk(page: Page, name: string): Promise<void> {
    const usable = await page.locator(USABLE).count();
    const met = new Set<string>();
    for (let step = 0; step < usable * 2 + 2; step += 1) {
      await page.keyboard.press('Tab');
      const at = (await page.evaluate(`(() => {
        const all = [...document.querySelectorAll('#card :is(button, input, select, textarea, a[href], [tabindex="0"])')];
        const here = document.activeElement;
        const { outlineStyle, boxShadow } = getComputedStyle(here);
        return { place: all.indexOf(here), name: here.name || '', kind: here.type || '', shown: here.type === 'date' || outlineStyle !== 'none' || boxShadow !== 'none' };
      })()`)) as { place: number; name: string; kind: string; shown: boolean };
      if (at.place < 0) continue;
      assert.ok(at.shown, `${name}: the focus cannot be seen on item ${at.place}`);
      // Of a group of radio buttons the keyboard meets one, and arrows lead to the others.
      met.add(at.kind === 'radio' ? `radio ${at.name}` : String(at.place));
    }
    const groups = (await page.evaluate(`(() => {
      const all = [...document.querySelectorAll('#card :is(button, input, select, textarea, a[href], [tabindex="0"])')];
      const seen = (one) => one.checkVisibility();
      return [...new Set(all.map((one, place) => (seen(one) ? (one.type === 'radio' ? 'radio ' + one.name : String(place)) : '')))].filter(Boolean);
    })()`)) as readonly string[];
    assert.deepEqual(
      groups.filter((group) => !met.has(group)),
      [],
      `${name}: not reached by the keyboard`,
    );
  }
});
