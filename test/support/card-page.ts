/** One card on a page of its own, drawn by the vendor's renderer: for pictures, and for what tools and keyboards find there. */
import type { Browser, Page } from 'playwright-core';
import { DRAW_CHARTS } from './chart-drawing.ts';

/** Teams' dark and light colours, in so far as a renderer's settings take them. */
const THEMES = {
  light: {
    page: '#f5f5f5',
    back: '#ffffff',
    raised: '#f0f0f6',
    text: '#242424',
    subtle: '#616161',
    accent: '#5b5fc7',
  },
  dark: {
    page: '#1f1f1f',
    back: '#292929',
    raised: '#3a3a44',
    text: '#ffffff',
    subtle: '#adadad',
    accent: '#9299f7',
  },
} as const;
const COLOURS = {
  light: { good: '#237b4b', warning: '#8a5a00', attention: '#c4314b' },
  dark: { good: '#92c353', warning: '#ffaa44', attention: '#f9526b' },
} as const;

export type Theme = keyof typeof THEMES;

/** The card stands in `#card`. `width`: of the window, in CSS pixels; the caller closes the page. */
export async function openCard(
  browser: Browser,
  content: unknown,
  theme: Theme,
  width: number,
): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const { page: ground, back, raised, text, subtle, accent } = THEMES[theme];
  const colour = (tone: string) => ({ default: tone, subtle: tone });
  const { good, warning, attention } = COLOURS[theme];
  const colours = {
    default: { default: text, subtle },
    accent: colour(accent),
    good: colour(good),
    warning: colour(warning),
    attention: colour(attention),
  };
  const container = { backgroundColor: back, foregroundColors: colours };
  const config = {
    supportsInteractivity: true,
    textBlock: { headingLevel: 2 },
    fontFamily: 'DejaVu Sans, sans-serif',
    fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 22 },
    containerStyles: { default: container, emphasis: { ...container, backgroundColor: raised } },
    actions: { maxActions: 6, buttonSpacing: 8, actionsOrientation: 'horizontal', actionAlignment: 'left' },
  };
  await page.setContent(
    `<body style="margin:0;background:${ground};color:${text};color-scheme:${theme}"><style>
       button{font:600 14px "DejaVu Sans",sans-serif;padding:6px 10px;border-radius:4px;color:${text};background:${back};border:1px solid ${subtle};margin-bottom:8px}
       button.style-positive{background:#5b5fc7;border-color:#5b5fc7;color:#fff}
       .ac-actionSet{flex-wrap:wrap!important}
       input[type=radio],input[type=checkbox]{width:24px!important;height:24px;margin-right:6px!important}
       input:not([type=radio],[type=checkbox]),select,textarea{width:100%;box-sizing:border-box;font:14px "DejaVu Sans",sans-serif;padding:6px;color:${text};background:${ground};border:1px solid ${subtle};border-radius:4px}
     </style><div id="card" style="margin:8px;border:1px solid ${subtle};border-radius:4px"></div>`,
  );
  await page.addScriptTag({ path: 'node_modules/adaptivecards/dist/adaptivecards.min.js' });
  await page.evaluate(`window.chartText = '${text}'; ${DRAW_CHARTS}`);
  await page.evaluate(
    `{ const card = new AdaptiveCards.AdaptiveCard();
       AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
         result.outputHtml = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
           .replace(/^- /gm, '• ').replace(/[*][*](.+?)[*][*]/g, '<b>$1</b>').replaceAll('\\n', '<br>')
           .replace(/\\\\(.)/g, '$1');
         result.didProcess = true;
       };
       card.hostConfig = new AdaptiveCards.HostConfig(${JSON.stringify(config)});
       card.parse(${JSON.stringify(content)});
       document.getElementById('card').append(card.render()); }`,
  );
  return page;
}
