/**
 * What waited for a person in a week, as one card, and as a part of a card that they get anyway. Each thing is opened by a press:
 * its own card then comes below, with all its buttons. Pure.
 */
import {
  actionSet,
  button,
  type Card,
  card,
  container,
  type Element,
  hidden,
  line,
  more,
  plainText,
  title,
} from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { capital, numberInWords, shorten } from '../kernel/text.ts';

/** A message that waited. `summary` and `text` are its card's own, neutralised when it was made. */
export type WaitingItem = {
  readonly key: string;
  readonly summary: string;
  readonly text: string;
  readonly opened: boolean;
};

/** Shown at once; the others stand behind "more". */
const SHOWN = 3;
const LONGEST = 90;
const PART = 'waited';

/** The newest of those that are about the same: a reminder says again what an earlier message asked. */
export function distinct<Item extends WaitingItem>(items: readonly Item[]): Item[] {
  const said = ({ summary, text }: WaitingItem) => `${summary}\n${aboutOf(text) ?? ''}`;
  return [...Map.groupBy(items, said).values()].flatMap((same) => same.at(-1) ?? []);
}

/** Of what `distinct` leaves. */
export function gatheredCard(items: readonly WaitingItem[]): Card {
  const heading = headingOf(items);
  const rows = rowsOf(items);
  const rest = rows.slice(SHOWN).flat();
  return card({
    summary: `${heading}.`,
    body: [
      title(heading),
      line('They waited so that you get fewer messages in a week.'),
      ...rows.slice(0, SHOWN).flat(),
      ...(rest.length > 0 ? [hidden('rest', rest)] : []),
    ],
    ...(rest.length > 0
      ? { actions: [more(`${capital(numberInWords(items.length - SHOWN))} more`, 'rest')] }
      : {}),
  });
}

/** The card with what waited behind a button at its end; what it had of that before is replaced. */
export function withWaiting(base: Card, items: readonly WaitingItem[]): Card {
  const body = (base.content.body as Element[]).filter(({ id }) => id !== PART);
  if (items.length === 0) return { ...base, content: { ...base.content, body } };
  const part = {
    ...container([
      actionSet([more(headingOf(items), `${PART}-lines`)]),
      hidden(`${PART}-lines`, rowsOf(items).flat()),
    ]),
    id: PART,
  };
  const text = plainText([...body, part]);
  return { ...base, text, content: { ...base.content, body: [...body, part], fallbackText: text } };
}

function headingOf(items: readonly WaitingItem[]): string {
  return `${capital(numberInWords(items.length))} ${items.length === 1 ? 'thing' : 'things'} waited this week`;
}

/** Two lines at most a thing; numbered, so that no two buttons read alike. */
function rowsOf(items: readonly WaitingItem[]): Element[][] {
  const often = new Map<string, number>();
  for (const { summary } of items) often.set(summary, (often.get(summary) ?? 0) + 1);
  return items.map(({ key, summary, text, opened }, index) => {
    const about = (often.get(summary) ?? 0) > 1 ? aboutOf(text) : undefined;
    const says = `${index + 1}. ${shorten(about ? `${summary.replace(/[.:].*$/, '')}: ${about}` : summary, LONGEST)}`;
    if (opened) return [line(`${says} (opened: it is below)`, { subtle: true })];
    return [
      line(says),
      actionSet([
        button(`Open ${index + 1}`, envelope('messages.open', key), {
          primary: index === 0,
          withoutInputs: true,
        }),
      ]),
    ];
  });
}

/** The first line below a card's title: what it is about, where its summary does not tell. */
function aboutOf(text: string): string | undefined {
  return text.split('\n').filter((one) => one.trim())[1];
}
