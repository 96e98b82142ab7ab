/** What a trust's people see of its figures at one moment, through the service itself: cards, answers, and a report's two files. */
import { strict as assert } from 'node:assert';
import type { Instance } from '../../src/app/instance.ts';
import type { Element } from '../../src/cards/elements.ts';
import type { MessageReply } from '../../src/cards/reply.ts';
import { must } from '../../src/kernel/guards.ts';
import { addDays, dateInWords, mondayOf, weekOf } from '../../src/kernel/time.ts';
import { sheetsOf, tablesOf } from './figures-read.ts';
import { textsIn } from './service.ts';

/** `texts`: all that a reader sees, shown or behind "more". `charts`: pictures of it. */
export type Seen = {
  readonly texts: readonly string[];
  readonly all: string;
  readonly charts: readonly Element[];
};
export type ReportSeen = {
  readonly tables: readonly string[][][];
  readonly sheets: ReadonlyMap<string, string[][]>;
};

export function seeing({ app }: Instance, now: Date) {
  const reader = (personId: string) => ({ personId, name: 'A reader' });
  return {
    digest: async (personId: string) => seenIn(await app.digests.onDemand(reader(personId), now)),
    request: async (personId: string, words: string) =>
      seenIn(await app.digests.request(words, reader(personId), now)),
    standing: async (personId: string, words: string) =>
      seenIn(await app.digests.standing(words, reader(personId), now)),
    answer: async (personId: string, words: string) => {
      const asker = must(await app.directory.person(personId), 'an asker');
      const readers = { place: 'personal', ids: [personId] } as const;
      return seenIn(await app.attendance.ask(words, asker, readers, now));
    },
    report: async (school?: string, term: number | 'newest' = 'newest'): Promise<ReportSeen> => {
      const made = await app.reports.forOperator({ term, school }, now);
      if ('kind' in made) throw new Error(made.message);
      const [docx, xlsx] = made.files.map(({ bytes }) => bytes);
      assert.ok(docx && xlsx);
      return { tables: tablesOf(docx), sheets: sheetsOf(xlsx) };
    },
  };
}

function seenIn(reply: MessageReply | undefined): Seen {
  const { card, text = '' } = reply ?? {};
  const texts = card ? textsIn(withoutPictures(card.content)) : [text];
  return { texts, all: texts.join('\n'), charts: card ? chartsIn(card.content) : [] };
}

function chartsIn(part: unknown): Element[] {
  if (typeof part !== 'object' || part === null) return [];
  const { type } = part as { type?: unknown };
  if (String(type).startsWith('Chart.')) return [part as Element];
  return Object.values(part).flatMap(chartsIn);
}

function withoutPictures(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(withoutPictures);
  if (typeof part !== 'object' || part === null) return part;
  if (String((part as { type?: unknown }).type).startsWith('Chart.')) return undefined;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, withoutPictures(value)]));
}

/** The Monday of the week that a line of a digest tells of: its own, else the card's, else last week's. */
export function mondayTold(line: string, card: string, today: string): string {
  const own = /(?:^|; )of (\d+) (?:to \d+ )?([A-Z]\w+)/.exec(line);
  const told =
    own ?? /Disadvantage first(?:, |: no gap can be shown for )(\d+) (?:to \d+ )?([A-Z]\w+)/.exec(card);
  if (!told) return mondayOf(weekOf(addDays(today, -7)));
  return must(
    Array.from({ length: 70 }, (_, back) => addDays(today, -back)).find(
      (date) => dateInWords(date) === `Monday ${told[1]} ${told[2]}`,
    ),
    `the Monday of ${told[0]}`,
  );
}
