/** The weekly radar: what several people asked in vain, and which answers were marked unhelpful. Pure; names nobody. */
import { bullets, type Card, card, line, said, title } from '../cards/elements.ts';
import { count, listInWords, numberInWords, shorten } from '../kernel/text.ts';
import type { Theme } from './themes.ts';

export type Unhelpful = { readonly heading: string; readonly document: string; readonly times: number };

const MOST = 3;

export function radarCard(
  trustName: string,
  themes: readonly Pick<Theme, 'label' | 'people'>[],
  unhelpful: readonly Unhelpful[],
  whose: 'all' | 'own' = 'all',
): Card {
  const more = themes.length - MOST;
  return card({
    summary: `What ${trustName}'s documents leave open, this month`,
    body: [
      title(
        whose === 'own'
          ? "What your documents don't answer yet"
          : `What ${said(trustName)}'s documents don't answer yet`,
      ),
      ...(themes.length > 0
        ? [
            bullets(
              themes
                .slice(0, MOST)
                .map(
                  ({ label, people }) => `${said(shorten(label, 50))}: ${numberInWords(people)} people asked`,
                ),
            ),
          ]
        : []),
      ...(more > 0 ? [line(`And ${count(more, 'more theme')}.`)] : []),
      ...(unhelpful.length > 0
        ? [
            line(
              `Marked unhelpful: ${listInWords(
                unhelpful
                  .slice(0, MOST)
                  .map(
                    ({ heading, document }) =>
                      `"${said(shorten(heading, 50))}" in ${said(shorten(document, 40))}`,
                  ),
              )}.`,
            ),
          ]
        : []),
      line('Only what at least three people asked is shown. I keep no names with questions.', {
        subtle: true,
      }),
    ],
  });
}
