/** Plans the weekly radar from questions that are kept. What may concern anybody's safety is not kept, and not shown if it was. */

import type { Card } from '../cards/elements.ts';
import type { Trust } from '../config/trust.ts';
import type { Draft } from '../delivery/message.ts';
import type { Directory } from '../directory/model.ts';
import type { Db } from '../storage/database.ts';
import { type Access, openDocuments } from './access.ts';
import { listPublished } from './asks-store.ts';
import type { DocumentFacts } from './corpus.ts';
import { radarCard, type Unhelpful } from './radar-card.ts';
import type { Index } from './retrieval.ts';
import { recogniseSafety } from './safety.ts';
import { type RadarRow, readForRadar } from './store.ts';
import { type Theme, themesOf } from './themes.ts';

/** Long enough that three people meet the same gap. */
const THEME_DAYS = 28;
const FEEDBACK_DAYS = 7;
const DAY = 86_400_000;

export type RadarResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly directory: Pick<Directory, 'person'>;
};

/**
 * All of it for the trust's contact, and for each owner what their own documents leave open. `week` names the cards: a second
 * run of a week sends nothing new. `index`: what all staff may open.
 */
export async function planRadar(
  { db, trust, directory }: RadarResources,
  index: Index,
  week: string,
  now: Date,
): Promise<{ readonly drafts: readonly Draft[]; readonly note: string }> {
  const rows = await safeRows(db, now);
  const themes = await themesIn(db, rows);
  const recent = now.getTime() - FEEDBACK_DAYS * DAY;
  const unhelpful = unhelpfulIn(
    rows.filter((row) => row.unhelpful && row.askedAt.getTime() >= recent),
    index,
  );
  const note = `${themes.length} themes, ${unhelpful.length} answers marked unhelpful`;
  if (themes.length === 0 && unhelpful.length === 0) return { drafts: [], note };
  const name = trust.trust.short_name;
  const contact = trust.trust.questions_contact;
  const drafts = [draftFor(`radar/${week}`, contact, radarCard(name, themes, unhelpful))];
  const owners = new Set([
    ...themes.map((theme) => ownerOf(theme, index)),
    ...unhelpful.map(({ owner }) => owner),
  ]);
  for (const owner of owners) {
    if (!owner || owner === contact || !(await directory.person(owner))?.staff) continue;
    const own = themes.filter((theme) => ownerOf(theme, index) === owner);
    const marked = unhelpful.filter((one) => one.owner === owner);
    drafts.push(draftFor(`radar/${week}/${owner}`, owner, radarCard(name, own, marked, 'own')));
  }
  return { drafts, note };
}

async function safeRows(db: Db, now: Date): Promise<RadarRow[]> {
  const rows = await readForRadar(db, new Date(now.getTime() - THEME_DAYS * DAY));
  return rows.filter((row) => !recogniseSafety(row.question));
}

async function themesIn(db: Db, rows: readonly RadarRow[]): Promise<Theme<RadarRow>[]> {
  const refused = rows.filter((row) => row.outcome === 'refusal');
  const published = await listPublished(
    db,
    refused.map((row) => row.id),
  );
  return themesOf(refused.filter((row) => !published.has(row.id)));
}

/** What digests say of the documents: themes of the last weeks, by their label alone, and what has run out. */
export async function openMatters(
  { db, access }: { readonly db: Db; readonly access: Access },
  docs: readonly DocumentFacts[],
  at: { readonly today: string; readonly now: Date },
  wanted: { readonly themes: boolean },
) {
  const { today, now } = at;
  const themes = wanted.themes ? await themesIn(db, await safeRows(db, now)) : [];
  const out = docs.filter((doc) => doc.kind === 'policy' && doc.to !== undefined && doc.to < today);
  const toAll = new Set(await openDocuments(out, '', { kind: 'channel' }, access, now));
  return {
    themes: themes.map(({ label, people }) => ({ label, people })),
    documents: out.map((doc) => ({
      title: doc.title,
      ownerId: doc.owner,
      toAll: toAll.has(doc),
      url: doc.url,
    })),
  };
}

function draftFor(key: string, personId: string, card: Card): Draft {
  return { key, target: { kind: 'person', personId }, card };
}

/** Who looks after what most of a theme's questions came nearest to. */
function ownerOf({ asked }: Theme<RadarRow>, index: Index): string | undefined {
  const counts = new Map<string, number>();
  for (const { passages } of asked) {
    const nearest = passages.flatMap((id) => index.entries.get(id)?.passage.doc ?? [])[0];
    const owner = nearest && index.docs.get(nearest)?.owner;
    if (owner) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** By the heading that was cited first; the question and its reason stay out. */
type Marked = Unhelpful & { readonly owner: string | undefined };

function unhelpfulIn(rows: readonly RadarRow[], index: Index): Marked[] {
  const found = new Map<string, Marked>();
  for (const row of rows) {
    const cited = row.passages.flatMap((id) => index.entries.get(id)?.passage ?? [])[0];
    const doc = cited && index.docs.get(cited.doc);
    if (!cited || !doc) continue;
    const { title: document, owner } = doc;
    const heading = cited.path.at(-1) ?? document;
    const key = `${document}\n${heading}`;
    found.set(key, { heading, document, owner, times: (found.get(key)?.times ?? 0) + 1 });
  }
  return [...found.values()].sort((a, b) => b.times - a.times);
}
