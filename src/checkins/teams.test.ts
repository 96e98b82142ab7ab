import { strict as assert } from 'node:assert';
import {
  ask,
  checkins,
  EVE,
  JO,
  liveOf,
  MONDAY,
  outbox,
  press,
  rebuild,
  store,
  TOM,
  UPDATE,
  useDesk,
} from '../../test/support/checkin-desk.ts';
import { ADA, BEA, cardOf, create, field, made, none } from '../../test/support/milestone-desk.ts';
import { sampleTrust } from '../../test/support/school.ts';
import { plainText } from '../cards/elements.ts';
import type { Trust } from '../config/trust.ts';
import { must } from '../kernel/guards.ts';

/** Max leads the team; he leads nothing else. Of its milestone Tom is the owner. */
const TEAM = {
  id: 'inclusion',
  name: 'Inclusion team',
  lead: 'max',
  channel: { team: 't', channel: 'c-inclusion' },
};
const MAX = EVE;

function withTeam(milestone: Record<string, unknown> = {}): Trust {
  const trust = sampleTrust([{ id: 'm1', owner: 'tom', school: undefined, team: TEAM.id, ...milestone }]);
  return { ...trust, teams: [TEAM] };
}

describe('a milestone of a team', () => {
  useDesk();
  beforeEach(async () => {
    await rebuild(withTeam()).syncMilestones(MONDAY.now);
  });

  it('is made by the lead of that team, and by nobody who leads another place', async () => {
    const shown = await create(MAX, { school: 'team/inclusion' });
    assert.match(shown, /Disadvantage first, Families\. Inclusion team\./);
    const { teamId, schoolUrn } = await made();
    assert.deepEqual([teamId, schoolUrn], ['inclusion', undefined]);
  });

  it('is refused in one clear sentence where the place is none, or another’s', async () => {
    assert.match(await create(ADA, { school: 'team/nowhere' }), /Please choose a school or a team\./);
    assert.match(await create(JO, { school: 'team/inclusion' }), /That place is another leader’s\. Yours/);
    assert.match(
      await create(MAX, { school: '100001' }),
      /Yours to make and change are those of Inclusion team\./,
    );
    assert.match(await create(MAX, { school: 'central' }), /another leader’s/);
    await none();
  });

  it('offers each maker their own places, the team among them', async () => {
    const places = async (person: typeof JO) => {
      const card = await cardOf(person, 'checkins.milestone-new', { id: 'new', version: 0 });
      const inputs = card.content.body as { id?: string; choices?: { title: string }[] }[];
      return inputs.find(({ id }) => id === 'choice-school')?.choices?.map(({ title }) => title);
    };
    assert.deepEqual(await places(MAX), ['Inclusion team']);
    assert.deepEqual(await places(JO), ['Harbour Primary']);
    assert.ok((await places(ADA))?.includes('Inclusion team'));
  });

  it('is seen by its lead, its owner, their manager and leaders, and by no head of a school beside', async () => {
    const seen = async (person: typeof JO) => {
      const reply = await checkins.request('milestone every family has met', person, MONDAY.now);
      return reply !== undefined && /Every family has met their tutor/.test(JSON.stringify(reply));
    };
    const kit = { personId: 'head2', name: 'Kit Vane' };
    for (const person of [MAX, TOM, JO, ADA]) assert.ok(await seen(person), person.name);
    for (const person of [kit, BEA]) assert.ok(!(await seen(person)), person.name);
  });

  it('says in its history that it went to a school, and its form shows where it is', async () => {
    await create(ADA, { school: 'team/inclusion' });
    const { id } = await made();
    const form = await cardOf(ADA, 'checkins.milestone-edit', { id, version: 0 });
    assert.equal(field(form, 'school'), 'team/inclusion');
    const { version } = (form.content.actions as { data?: { version: number } }[])[0]?.data ?? { version: 0 };
    const typed = Object.fromEntries(
      ['title', 'strand', 'owner', 'measure', 'unit', 'target', 'direction', 'due', 'cadence'].map((name) => [
        name,
        String(field(form, name) ?? ''),
      ]),
    );
    const saved = await press(
      ADA,
      'checkins.milestone-save',
      { id, version },
      { ...typed, school: '100001' },
    );
    assert.match(saved, /Saved\.[\s\S]*Harbour Primary\./);
    const { schoolUrn, teamId } = await made();
    assert.deepEqual([schoolUrn, teamId], ['100001', undefined]);
    const card = await cardOf(ADA, 'checkins.milestone-show', { id, version: 0 });
    assert.match(JSON.stringify(card.content), /changed where it belongs/);
    assert.match(plainText(card.content.body as never), /Harbour Primary/);
  });

  it('is not the central team’s once its team or school has left the file, on its card and in the export', async () => {
    await create(ADA, { school: 'team/inclusion' });
    const { id } = await made();
    const shown = async () => {
      const card = await cardOf(ADA, 'checkins.milestone-show', { id, version: 0 });
      return plainText(card.content.body as never);
    };
    assert.match(await shown(), /Inclusion team\./);
    rebuild(sampleTrust());
    assert.match(await shown(), /A team that Tideway no longer lists\./);
    const { rows } = await checkins.report('2026-11-23');
    assert.equal(rows.find(({ milestone }) => milestone.id === id)?.team, 'inclusion');
    await store.db.updateTable('milestones').set({ team_id: null, school_urn: '199999' }).execute();
    assert.match(await shown(), /A school that Tideway no longer lists\./);
    await store.db.updateTable('milestones').set({ school_urn: null }).execute();
    assert.match(await shown(), /Tideway’s central team\./);
  });

  it('is asked about in its own channel where it says so', async () => {
    await rebuild(withTeam({ ask_in: 'channel' })).syncMilestones(MONDAY.now);
    await ask();
    const [draft] = [...outbox.drafts.values()];
    assert.deepEqual(must(draft, 'an ask').target, {
      kind: 'channel',
      teamId: 't',
      channelId: 'c-inclusion',
    });
  });

  it('stands in the export with its team, for its lead too', async () => {
    await ask();
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
    await press(JO, 'checkins.approve', await liveOf());
    const { csv } = await checkins.report(MONDAY.date);
    const [head = '', row = ''] = csv.split('\r\n');
    const at = head.split(',').indexOf('team');
    assert.equal(row.split(',')[at], 'Inclusion team');
    const offer = await checkins.request('export milestones', MAX, MONDAY.now);
    assert.match(JSON.stringify(offer), /1 milestone as/);
  });

  it('comes from a file by the team’s name or id, and is refused with line and column', async () => {
    const head = 'id,title,strand,school,team,owner,measure,unit,target,due,next_check_in';
    const line = (id: string, place: string) =>
      `${id},Home visits,families,${place},Bea Hall,Visits,visits,40,2027-02-12,2026-11-30`;
    const take = async (...lines: string[]) => {
      const receipt = await checkins.importMilestones([head, ...lines].join('\n'), 'ada', MONDAY.now);
      return JSON.stringify(receipt);
    };
    assert.match(
      await take(line('a', ',Nowhere')),
      /"line":2,"column":"team","reason":"is no team of the trust: \\"Nowhere\\""/,
    );
    assert.match(
      await take(line('a', 'Harbour Primary,inclusion')),
      /"column":"team","reason":"is given beside school: keep one of them"/,
    );
    assert.doesNotMatch(await take(line('a', ',inclusion team'), line('b', ',inclusion')), /reason/);
    const { rows } = await checkins.report(MONDAY.date);
    assert.deepEqual(
      rows.map(({ milestone, team }) => `${milestone.id} ${team}`),
      ['csv-a Inclusion team', 'csv-b Inclusion team', 'm1 Inclusion team'],
    );
  });
});
