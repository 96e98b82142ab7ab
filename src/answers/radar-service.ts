/** Plans the weekly radar from questions that are kept. What may concern anybody's safety is not kept, and not shown if it was. */
import type { Trust } from '../config/trust.ts';
import type { Draft } from '../delivery/message.ts';
import type { Db } from '../storage/database.ts';
import { listPublished } from './asks-store.ts';
import { radarCard, type Unhelpful } from './radar-card.ts';
import type { Index } from './retrieval.ts';
import { recogniseSafety } from './safety.ts';
import { type RadarRow, readForRadar } from './store.ts';
import { themesOf } from './themes.ts';

/** Long enough that three people meet the same gap. */
const THEME_DAYS = 28;
const FEEDBACK_DAYS = 7;
const DAY = 86_400_000;

/** `week` names the card: a second run of a week sends nothing new. `index`: what all staff may open. */
export async function planRadar(
  { db, trust }: { readonly db: Db; readonly trust: Trust },
  index: Index,
  week: string,
  now: Date,
): Promise<{ readonly drafts: readonly Draft[]; readonly note: string }> {
  const rows = (await readForRadar(db, new Date(now.getTime() - THEME_DAYS * DAY))).filter(
    (row) => !recogniseSafety(row.question),
  );
  const refused = rows.filter((row) => row.outcome === 'refusal');
  const published = await listPublished(
    db,
    refused.map((row) => row.id),
  );
  const themes = themesOf(refused.filter((row) => !published.has(row.id)));
  const recent = now.getTime() - FEEDBACK_DAYS * DAY;
  const unhelpful = unhelpfulIn(
    rows.filter((row) => row.unhelpful && row.askedAt.getTime() >= recent),
    index,
  );
  const note = `${themes.length} themes, ${unhelpful.length} answers marked unhelpful`;
  if (themes.length === 0 && unhelpful.length === 0) return { drafts: [], note };
  const card = radarCard(trust.trust.short_name, themes, unhelpful);
  const target = { kind: 'person', personId: trust.trust.questions_contact } as const;
  return { drafts: [{ key: `radar/${week}`, target, card }], note };
}

/** By the heading that was cited first; the question and its reason stay out. */
function unhelpfulIn(rows: readonly RadarRow[], index: Index): Unhelpful[] {
  const found = new Map<string, Unhelpful>();
  for (const row of rows) {
    const cited = row.passages.flatMap((id) => index.entries.get(id)?.passage ?? [])[0];
    const document = cited && index.docs.get(cited.doc)?.title;
    if (!cited || !document) continue;
    const heading = cited.path.at(-1) ?? document;
    const key = `${document}\n${heading}`;
    found.set(key, { heading, document, times: (found.get(key)?.times ?? 0) + 1 });
  }
  return [...found.values()].sort((a, b) => b.times - a.times);
}
