import { strict as assert } from 'node:assert';
import { strFromU8, unzipSync } from 'fflate';
import { must } from '../../src/kernel/guards.ts';
import { stopwatch } from '../../src/kernel/time.ts';
import { HARBOUR, importMarks, LANTERN, SALTMARSH } from '../support/marks-files.ts';
import { buttonOf, type SampleTrust, textsIn, useService, wordsOf } from '../support/service.ts';

const LEADERS = '00000000-0000-4000-8001-000000000002';
const HEADS = '00000000-0000-4000-8001-000000000099';
const ROSA = '00000000-0000-4000-8000-000000000301';
const TOM = '00000000-0000-4000-8000-000000000204';
const OTHERS =
  /Harbour|Saltmarsh|Sandpiper|Quayside|Kingfisher|Driftwood|across Tideway|All schools|schools together/;
const PATIENCE = 6_500;

/** Leaders by group. Rosa has four roles: leader, head, lead of a priority, line manager. Tom is a head by a group. */
function byGroups(trust: SampleTrust): void {
  Object.assign(trust, { leaders: trust.leaders.slice(0, 1), leaders_group: LEADERS });
  Object.assign(must(trust.schools[0], 'a school'), { heads_group: HEADS });
  const gaps = must(trust.priorities[1], 'a priority');
  gaps.lead = ROSA;
  for (const strand of gaps.strands) delete strand.lead;
}

describe('a digest whose reader’s roles change', () => {
  const service = useService({ documents: false, trust: byGroups });

  const at = (name: string) => service().chat(name);
  const newest = (name: string) => must(service().shownTo(at(name)).at(-1), `a message to ${name}`);
  const ask = async (name: string, words: string) => {
    await service().teams.sendMessage(at(name), words);
    await service().quiet();
    return newest(name);
  };
  const press = async (name: string, data: Record<string, unknown>) => {
    const { status, body } = await service().teams.pressButton(at(name), { verb: String(data.verb), data });
    assert.equal(status, 200);
    const { value } = body as { value?: unknown };
    return typeof value === 'string' ? value : textsIn(value ?? body).join('\n');
  };
  const leaves = async (group: string, personId: string) => {
    const { graph, instance } = service();
    graph.update(() => {
      const { members } = must(
        graph.tenant.groups.find(({ id }) => id === group),
        'the group',
      );
      members.splice(members.indexOf(personId), 1);
    });
    await instance.app.refresh(instance.clock.now());
  };

  before(async function () {
    this.timeout(60_000);
    const { graph, instance, teams, command, quiet } = service();
    const group = must(
      graph.tenant.groups.find(({ id }) => id === LEADERS),
      'the leaders',
    );
    graph.update(() => graph.tenant.groups.push({ ...group, id: HEADS, name: 'Heads', members: [TOM] }));
    await instance.app.refresh(instance.clock.now());
    await importMarks(service(), [HARBOUR, LANTERN, SALTMARSH]);
    for (const name of ['Helen Marsh', 'Rosa Delgado', 'Tom Ellery', 'Jo Bennett'])
      await teams.install(at(name));
    await quiet();
    await command('tick', '--at', '2026-11-23T07:45:00Z');
    await quiet();
  });

  it('is one for somebody with four roles, with a section for each that holds something of its own', async () => {
    const digests = service()
      .shownTo(at('Rosa Delgado'))
      .filter((one) => /Two minutes/.test(wordsOf(one)));
    assert.equal(digests.length, 1);
    const words = wordsOf(digests[0]);
    assert.match(words, /Milestones across Tideway: /);
    assert.match(words, /Milestones of your people: /);
    assert.match(words, /Harbour Primary/);
  });

  it('shows whoever has left the leaders nothing of other schools: pressed, compared, of a past day, reported or asked', async () => {
    const old = newest('Rosa Delgado');
    assert.match(wordsOf(old), OTHERS);
    await leaves(LEADERS, ROSA);
    for (const verb of [
      'digests.refresh',
      'digests.compare',
      'digests.why',
      'digests.fewer',
      'digests.weekly',
    ]) {
      const shown = await press(
        'Rosa Delgado',
        buttonOf(old, 'digests.refresh').verb === verb
          ? buttonOf(old, verb).data
          : { ...buttonOf(old, 'digests.refresh').data, verb },
      );
      assert.doesNotMatch(shown.replaceAll('Closing gaps', ''), OTHERS, verb);
      assert.ok(shown.length > 20, `${verb}: ${shown}`);
    }
    for (const words of [
      'digest',
      'digest on 2026-11-23',
      'What changed since half-term?',
      'How are we doing on Closing gaps?',
      'How is attendance across the trust?',
      'term report',
    ])
      assert.doesNotMatch(
        wordsOf(await ask('Rosa Delgado', words)),
        /All schools|schools together|across Tideway|Tideway: term|Saltmarsh Primary: \d/,
        words,
      );
    const sections = wordsOf(await ask('Rosa Delgado', 'digest'));
    for (const part of [/Milestones at Lantern Primary: /, /Milestones in Closing gaps: /])
      assert.match(sections, part);
  });

  it('leaves a head who is one no more neither report nor school: nothing is made, filed or shown', async () => {
    const { teams, graph } = service();
    const preview = await ask('Tom Ellery', 'term report');
    assert.match(wordsOf(preview), /Harbour Primary: term 2/);
    const digest = await ask('Tom Ellery', 'digest');
    const store = buttonOf(preview, 'digests.store-report').data;
    const offered = await ask('Tom Ellery', 'Make the term report for term 2 of 2026/27');
    assert.match(JSON.stringify(offered), /harbour-primary-term-2-2026-27/);
    await leaves(HEADS, TOM);
    assert.match(await press('Tom Ellery', store), /Term reports are made by heads/);
    assert.deepEqual(graph.filed(), []);
    const context = { kind: 'term-report', term: '2', year: '2026/27', ending: 'docx' };
    await teams.answerOffer(at('Tom Ellery'), {
      type: 'fileUpload',
      action: 'accept',
      context,
      uploadInfo: {
        name: 'a.docx',
        uploadUrl: 'https://tideway-my.sharepoint.com/up',
        contentUrl: 'https://tideway-my.sharepoint.com/a',
        uniqueId: 'u',
        fileType: 'docx',
      },
    });
    await service().quiet();
    assert.match(wordsOf(newest('Tom Ellery')), /Term reports are made by heads/);
    const { data } = buttonOf(digest, 'digests.refresh');
    for (const verb of ['digests.refresh', 'digests.compare', 'digests.report']) {
      const shown = await press('Tom Ellery', { ...data, verb });
      assert.doesNotMatch(shown, /Harbour|sessions attended|every 10 pupils/, `${verb}: ${shown}`);
    }
  });

  it('is built, sent and opened while Graph is away, from what was last known', async function () {
    this.timeout(60_000);
    const { graph, command, quiet } = service();
    graph.fail(503);
    try {
      const before = service().shownTo(at('Helen Marsh')).length;
      const told = await command('tick', '--at', '2026-11-30T07:45:00Z');
      assert.equal(told.exit, 0, told.err);
      await quiet();
      assert.equal(service().shownTo(at('Helen Marsh')).length, before + 1);
      const card = newest('Helen Marsh');
      assert.match(wordsOf(card), /^Tideway, Monday 30 November/);
      const elapsed = stopwatch();
      assert.match(await press('Helen Marsh', buttonOf(card, 'digests.refresh').data), /^Tideway, /);
      assert.ok(elapsed() < PATIENCE, `${elapsed()} ms`);
      // Whoever left stays out, whatever Graph can be asked now.
      assert.doesNotMatch(wordsOf(await ask('Rosa Delgado', 'digest')), /across Tideway|All schools/);
    } finally {
      graph.recover();
    }
  });

  it('tells of somebody without a manager nobody’s lateness but to who acts as theirs', async function () {
    this.timeout(60_000);
    const { graph, instance, command, quiet } = service();
    graph.update(() => {
      const tom = must(
        graph.tenant.people.find(({ id }) => id === TOM),
        'Tom',
      );
      delete (tom as { manager?: string }).manager;
    });
    await instance.app.refresh(instance.clock.now());
    await command('tick', '--at', '2026-12-11T08:00:00Z');
    await quiet();
    const now = new Date('2026-12-11T09:00:00Z');
    const told: string[] = [];
    for (const person of await instance.app.directory.staff()) {
      const reply = await instance.app.digests.onDemand({ personId: person.id, name: person.name }, now);
      const words = 'card' in reply && reply.card ? textsIn(reply.card.content).join('\n') : '';
      assert.ok(!('card' in reply && reply.card) || words.length > 0, person.name);
      if (/Not heard from[^\n]*Tom\b/.test(words)) told.push(person.name);
    }
    assert.ok(told.length <= 1, told.join(', '));
    const late = await instance.app.checkins.summary(now);
    const own = late.standings.filter(({ milestone }) => milestone.ownerId === TOM);
    assert.ok(own.length > 0 && own.every(({ managerId }) => managerId !== TOM));
  });

  it('makes files that hold nothing of another school, in any of their parts', async () => {
    const { instance } = service();
    const made = await instance.app.reports.forOperator({ term: 2, school: '900002' }, instance.clock.now());
    assert.ok('files' in made);
    for (const { name, bytes } of made.files) {
      assert.doesNotMatch(name, /harbour|saltmarsh/i);
      for (const [part, content] of Object.entries(unzipSync(bytes)))
        assert.doesNotMatch(strFromU8(content), /Harbour|Saltmarsh|900001|900003|All schools together/, part);
    }
  });
});
