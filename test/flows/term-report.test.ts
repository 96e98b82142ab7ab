import { strict as assert } from 'node:assert';
import { strFromU8, unzipSync } from 'fflate';
import { must } from '../../src/kernel/guards.ts';
import { addDays, mondayOf, weekOf } from '../../src/kernel/time.ts';
import { writeFigures } from '../support/figures-world.ts';
import { buttonOf, type TestService, useService, wordsOf } from '../support/service.ts';

const TODAY = '2026-11-26';

/** All parts of both files. */
async function partsOf(
  service: TestService,
  today: string,
  term: number | 'newest' = 'newest',
): Promise<Map<string, string>> {
  const { app } = service.instance;
  const made = await app.reports.forOperator({ term }, new Date(`${today}T16:00:00Z`));
  if ('kind' in made) throw new Error(made.message);
  return new Map(
    made.files.flatMap(({ bytes }) =>
      Object.entries(unzipSync(bytes)).map(([name, part]): [string, string] => [name, strFromU8(part)]),
    ),
  );
}

describe('a term report, which is written as if public', () => {
  const service = useService({ documents: false });
  const partsAt = (today: string, term?: number) => partsOf(service(), today, term);

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

  /** Mondays of "Week by week": of schools, and of the schools together. */
  function weeksIn(parts: ReadonlyMap<string, string>) {
    const strings = [...must(parts.get('xl/sharedStrings.xml'), 'words').matchAll(/<si>(.*?)<\/si>/gs)].map(
      ([, si = '']) => si.replace(/<[^>]+>/g, ''),
    );
    const rows = [
      ...must(parts.get('xl/worksheets/sheet5.xml'), 'a sheet').matchAll(/<row .*?<\/row>/gs),
    ].map(([row]) =>
      [...row.matchAll(/<c r="([A-Z])\d+"[^>]*t="s"[^>]*><v>(\d+)<\/v>/g)].map(
        ([, , at]) => strings[Number(at)] ?? '',
      ),
    );
    const mondays = (own: string[][]) =>
      [...new Set(own.map(([, monday = '']) => monday))].filter((one) => /^\d{4}-/.test(one)).sort();
    const joint = (row: string[]) => /^All schools|of \d+ schools/.test(row[0] ?? '');
    return { schools: mondays(rows.filter((row) => !joint(row))), trust: mondays(rows.filter(joint)) };
  }

  /** One school's figures, and the trust's, published of each of these weeks. */
  async function publish(weeks: readonly string[]): Promise<void> {
    const { db } = service().store;
    const one = await db.selectFrom('releases').selectAll().limit(1).executeTakeFirstOrThrow();
    const all = await db.selectFrom('trust_releases').selectAll().limit(1).executeTakeFirstOrThrow();
    const bodyOf = (body: unknown, week: string) => {
      const read = typeof body === 'string' ? JSON.parse(body) : body;
      return JSON.stringify({ ...read, week, monday: mondayOf(week) });
    };
    for (const table of ['nudge_queries', 'nudge_weeks', 'releases', 'trust_releases'] as const)
      await db.deleteFrom(table).execute();
    for (const week of weeks) {
      const at = new Date(`${addDays(mondayOf(week), 7)}T07:30:00Z`);
      await db
        .insertInto('releases')
        .values({
          school_urn: one.school_urn,
          week,
          version: 1,
          published_at: at,
          body: bodyOf(one.body, week),
        })
        .execute();
      await db
        .insertInto('trust_releases')
        .values({ week, published_at: at, body: bodyOf(all.body, week) })
        .execute();
    }
  }

  it('lists the published weeks of its term, and none before or after', async () => {
    const { store, instance } = service();
    const today = '2027-01-08';
    await writeFigures(store.db, instance.trust, 1, today);
    const every = Array.from({ length: 22 }, (_, index) => addDays('2026-08-10', 7 * index));
    await publish(every.map(weekOf));
    for (const [term, first, last, weeks] of [
      [1, '2026-08-31', '2026-10-19', 8],
      [2, '2026-11-02', '2026-12-14', 7],
    ] as const) {
      const own = every.filter((monday) => monday >= first && monday <= last);
      assert.equal(own.length, weeks);
      assert.deepEqual(weeksIn(await partsAt(today, term)), { schools: own, trust: own }, `term ${term}`);
    }
    const midway = weeksIn(await partsAt('2026-11-26', 2));
    assert.equal(midway.schools[0], '2026-11-02', 'a term that lasts');
  });

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

describe('a report of a term that has ended', () => {
  const service = useService({ documents: false });

  it('tells nothing that was approved after it', async () => {
    const { teams, chat, shownTo, command, quiet } = service();
    const [aisha, jo] = [chat('Aisha Rahman'), chat('Jo Bennett')];
    for (const one of [aisha, jo]) await teams.install(one);
    await command('tick', '--at', '2026-11-23T08:00:00Z');
    await quiet();
    const find = (who: typeof jo, words: RegExp) => {
      const message = shownTo(who).find((one) => words.test(wordsOf(one)));
      return must(message, String(words));
    };
    const { data } = buttonOf(find(aisha, /Check-in/), 'checkins.submit');
    const answer = {
      'choice-status': 'at-risk',
      'choice-confidence': 'high',
      value: '9',
      note: 'Nine met so far.',
      blocker: '',
    };
    await teams.pressButton(aisha, { verb: 'checkins.submit', data: { ...data, ...answer } });
    await quiet();
    await teams.pressButton(jo, buttonOf(find(jo, /Nine met so far/), 'checkins.approve'));
    await quiet();
    const told = async (term: number) =>
      [...(await partsOf(service(), TODAY, term)).values()].some((part) => part.includes('Nine met so far'));
    assert.deepEqual([await told(2), await told(1)], [true, false]);
  });
});
