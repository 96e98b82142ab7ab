/**
 * Random permissions, audiences and questions against the whole of answering: does anything of a document that somebody
 * present may not open come out? Every document has words of its own that nobody types, so that a leak can be seen.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Audience } from '../../src/answers/access.ts';
import { envelope } from '../../src/cards/envelope.ts';
import { isRefusal } from '../../src/kernel/errors.ts';
import { type Seeded, seeded } from '../../src/kernel/seeded.ts';
import type { Db } from '../../src/storage/database.ts';
import { colleague, entered } from './access.ts';
import { answersOn } from './answers.ts';

const NOW = new Date('2026-11-23T07:30:00Z');
const PEOPLE = ['ada', 'bea', 'cem', 'dot', 'eve'] as const;
type Paper = { readonly topic: string; readonly secret: readonly [string, string, string, string] };
/** A word people ask with, then words that stand in the document alone: in its title, a heading, a list, a sentence. */
const PAPERS: readonly [Paper, ...Paper[]] = [
  { topic: 'alder', secret: ['xorvane', 'quillop', 'brimsel', 'tavorin'] },
  { topic: 'birch', secret: ['yuddle', 'marcoz', 'fenwibble', 'oskarin'] },
  { topic: 'cedar', secret: ['zephrum', 'loquist', 'hardelm', 'piverno'] },
  { topic: 'damson', secret: ['wextrol', 'nubilan', 'kesmire', 'dorvante'] },
  { topic: 'elder', secret: ['vintoque', 'sablone', 'jirmack', 'ruxelle'] },
  { topic: 'fir', secret: ['uspando', 'gremloy', 'tisquin', 'baldowe'] },
];

export type Draws = {
  readonly draws: number;
  /** What came out and should not have, in words. */
  readonly leaks: readonly string[];
  /** Replies that held words of a restricted document, for those who may open it: the other half of the question. */
  readonly rightlyShown: number;
  readonly refused: number;
};

/** `weakened`: every question of permission is answered yes, to show that a leak would be seen. */
export async function drawPermissions(
  db: Db,
  folder: string,
  draws: number,
  seed: number,
  weakened = false,
): Promise<Draws> {
  const random = seeded(seed);
  const names = PAPERS.map(({ topic }) => `${topic}.md`);
  await mkdir(folder, { recursive: true });
  // The first half is restricted by trust.yaml, the second by the library's own permissions.
  const inFolder = PAPERS.slice(0, 3);
  for (const paper of inFolder) await writeFile(join(folder, `${paper.topic}.md`), textOf(paper));
  const may = new Map<string, Set<string>>(PAPERS.map(({ topic }) => [topic, new Set()]));
  const everyone = new Set<string>();
  const opens = (topic: string, personId: string) =>
    everyone.has(topic) || may.get(topic)?.has(personId) === true;
  /** What the library had said a moment before: what held in the draw before this one. */
  let lately = { may: new Map<string, ReadonlySet<string>>(), everyone: new Set<string>() };
  const answers = answersOn(
    db,
    names.map((file, index) => ({
      file,
      owner: 'ceo',
      kind: 'policy',
      ...(index < inFolder.length ? { group: file.slice(0, -3) } : {}),
    })),
    {
      isInGroup: async (personId, group) => weakened || opens(group, personId),
      mayOpen: async (reader, items, _now, asked) => {
        const said = asked === 'now' ? { may, everyone } : lately;
        const isOpen = (item: string) =>
          said.everyone.has(item) ||
          (reader !== 'all staff' && said.may.get(item)?.has(reader.personId) === true);
        return new Set(items.filter((item) => weakened || isOpen(item)));
      },
      library: {
        drive: 'd',
        ownerOf: async () => undefined,
        changes: async () => ({
          whole: true,
          removed: [],
          link: 'l',
          files: PAPERS.slice(3).map(({ topic }) => ({
            id: topic,
            name: `${topic}.md`,
            version: '1',
            url: '',
          })),
        }),
        read: async (id) => Buffer.from(textOf(PAPERS.find(({ topic }) => topic === id) ?? PAPERS[0])),
      },
    },
  );
  await answers.ingest(folder, NOW);
  const rows = await db.selectFrom('answer_passages').select(['id', 'document_id']).execute();
  const passages = rows.map((row) => ({
    id: row.id,
    topic: row.document_id.replace(/^library:|\.md$/g, ''),
  }));
  const leaks: string[] = [];
  let rightlyShown = 0;
  let refused = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    lately = {
      may: new Map([...may].map(([topic, people]) => [topic, new Set(people)])),
      everyone: new Set(everyone),
    };
    redraw(random, may, everyone);
    const personId = random.pick(PEOPLE);
    const audience = drawAudience(random);
    const readers = audience.kind === 'members' ? [personId, ...audience.ids] : [personId];
    const allowed = (topic: string, index: number) =>
      audience.kind === 'channel'
        ? index >= inFolder.length && everyone.has(topic)
        : readers.every((reader) => opens(topic, reader));
    const conversationId = `c${random.whole(1, 4)}`;
    const paper = random.pick(PAPERS);
    const question = drawQuestion(random, paper);
    const passage = passages[random.whole(0, passages.length - 1)];
    const shown = random.chance(0.8)
      ? JSON.stringify(await answers.ask(question, { personId, conversationId, audience }, NOW))
      : await open(passage?.id ?? '');
    PAPERS.forEach(({ topic, secret }, index) => {
      const found = secret.filter((word) => shown.toLowerCase().includes(word));
      const linked = passages.some((one) => one.topic === topic && shown.includes(one.id));
      if (found.length === 0 && !linked) return;
      if (allowed(topic, index)) rightlyShown += 1;
      else
        leaks.push(
          `draw ${draw}: "${question}" by ${personId} (${audience.kind}) showed ${topic}: ${found.join(', ')}`,
        );
    });
    if (/don't say/.test(shown)) refused += 1;

    async function open(id: string): Promise<string> {
      const reply = await answers.act(
        entered('answers.read', colleague(personId)),
        { envelope: envelope('answers.read', id), inputs: {} },
        audience,
        NOW,
      );
      // A refusal must not say more than that; what a card says is looked at.
      return isRefusal(reply) ? reply.message : JSON.stringify(reply).replaceAll(id, '');
    }
  }
  return { draws, leaks, rightlyShown, refused };
}

function textOf({ topic, secret: [title, heading, item, value] }: Paper): string {
  return `# The ${topic} paper ${title}

## ${topic} allowance ${heading}
The ${topic} allowance is ${value} for each term and is paid in March.

## Steps for ${topic} ${heading}
There are three ${topic} steps:

1. Plant the ${topic} ${item}
2. Water the ${topic} daily ${item}
3. Measure the ${topic} in June ${item}
`;
}

/** Changes some permissions between questions, as people do: what was right a minute ago may not be now. */
function redraw(random: Seeded, may: ReadonlyMap<string, Set<string>>, everyone: Set<string>): void {
  for (const [topic, readers] of may) {
    if (random.chance(0.1)) {
      if (everyone.has(topic)) everyone.delete(topic);
      else if (random.chance(0.3)) everyone.add(topic);
    }
    for (const person of PEOPLE) {
      if (!random.chance(0.15)) continue;
      if (readers.has(person)) readers.delete(person);
      else readers.add(person);
    }
  }
}

function drawAudience(random: Seeded): Audience {
  const kind = random.pick(['personal', 'personal', 'members', 'channel'] as const);
  if (kind !== 'members') return { kind };
  return { kind, ids: PEOPLE.filter(() => random.chance(0.4)) };
}

function drawQuestion(random: Seeded, { topic }: Paper): string {
  return random.pick([
    `What is the ${topic} allowance?`,
    `What are the three ${topic} steps?`,
    `Tell me about ${topic}`,
    `Tell me about steps for ${topic}`,
    `What does the ${topic} paper say?`,
    'And what about the second one?',
    'Tell me more about that',
    'Which document is that from?',
    'What are the steps?',
    'Which papers are there?',
    `Does the ${topic} allowance cover boats?`,
  ]);
}
