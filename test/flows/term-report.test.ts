import { strict as assert } from 'node:assert';
import { strFromU8, unzipSync } from 'fflate';
import { must } from '../../src/kernel/guards.ts';
import { writeFigures } from '../support/figures-world.ts';
import { useService } from '../support/service.ts';

const TODAY = '2026-11-26';

describe('a term report, which is written as if public', () => {
  const service = useService({ documents: false });

  /** All parts of both files. */
  async function partsAt(today: string, term: number | 'newest' = 'newest'): Promise<Map<string, string>> {
    const { app } = service().instance;
    const made = await app.reports.forOperator({ term }, new Date(`${today}T16:00:00Z`));
    if ('kind' in made) throw new Error(made.message);
    return new Map(
      made.files.flatMap(({ bytes }) =>
        Object.entries(unzipSync(bytes)).map(([name, part]): [string, string] => [name, strFromU8(part)]),
      ),
    );
  }

  /** Of every answer that there is; `links` in turn. */
  async function giveEvidence(...links: readonly string[]): Promise<void> {
    const { db } = service().store;
    const rows = await db.selectFrom('checkins').select(['id', 'milestone_id', 'answer']).execute();
    const order = [...new Set(rows.map(({ milestone_id }) => milestone_id))].sort();
    for (const { id, milestone_id, answer } of rows) {
      if (answer === null) continue;
      const told = typeof answer === 'string' ? JSON.parse(answer) : answer;
      const evidence = links[order.indexOf(milestone_id) % links.length];
      const body = JSON.stringify({ ...told, evidence });
      await db.updateTable('checkins').set({ answer: body }).where('id', '=', id).execute();
      await db
        .updateTable('checkin_history')
        .set({ answer: body } as never)
        .where('checkin_id', '=', id)
        .where('answer', 'is not', null)
        .execute();
    }
  }

  const linksIn = (parts: ReadonlyMap<string, string>) =>
    [...parts]
      .filter(([name]) => name.endsWith('.rels'))
      .flatMap(([, xml]) => [...xml.matchAll(/Target="(https:[^"]+)"/g)].map(([, link]) => link));

  it('has no link whose address names a pupil or a colleague, and says how many it keeps back', async () => {
    const { store, instance } = service();
    await writeFigures(store.db, instance.trust, 1, TODAY);
    const fair = 'https://tideway.example/sites/trust/Family-visits_autumn.xlsx';
    await giveEvidence(
      'https://tideway-my.sharepoint.com/personal/aisha_rahman/Documents/Jayden-Okafor-exclusion-plan.docx',
      'https://tideway.example/sites/trust/Jayden-Okafor-plan.docx',
      'https://tideway.example/sites/trust/x?id=%2Fsites%2Fjayden%255Fokafor.docx',
      'https://tideway.example/sites/trust/aisha%2Drahman.docx',
      'https://tideway.example/sites/trust/AishaRahman2026.docx',
      fair,
    );
    const parts = await partsAt(TODAY);
    assert.deepEqual([...new Set(linksIn(parts))], [fair]);
    for (const [name, xml] of parts) assert.doesNotMatch(xml, /jayden|okafor|aisha|rahman/i, name);
    const said = /Evidence of (\d+) milestones: the address of the link may name somebody/;
    assert.ok(Number(said.exec(must(parts.get('word/document.xml'), 'the document'))?.[1]) >= 5);
  });
});
