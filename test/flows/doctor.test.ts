import { strict as assert } from 'node:assert';
import type { Finding } from '../../src/app/doctor-trust.ts';
import { buttonOf, type SampleTrust, useService, wordsOf } from '../support/service.ts';

const URN = '900001';

const QUESTIONS = {
  team: '00000000-0000-4000-8002-000000000100',
  channel: '19:leaders-general@thread.tacv2',
  name: 'Ask Tideway',
};

/** The sample trust with a calendar that ends within weeks, and a channel for questions where the app is not. */
function endsSoon(trust: SampleTrust): void {
  Object.assign(trust.trust, { questions_channel: QUESTIONS });
  const calendars = trust.calendars as Record<string, { terms: { to: string }[] }>;
  for (const calendar of Object.values(calendars))
    calendar.terms = calendar.terms.filter(({ to }) => to < '2027-01-01');
  const [first] = trust.milestones as { title: string }[];
  Object.assign(first ?? {}, { title: 'Jayden Okonkwo-Quill is back in every lesson' });
}

describe('the doctor', () => {
  const service = useService({ trust: endsSoon });

  async function examine(): Promise<{
    exit: number;
    found: (part: string) => Finding | undefined;
    words: string;
  }> {
    const words = await service().command('doctor');
    const { exit, out } = await service().command('doctor', '--json');
    const { findings } = JSON.parse(out) as { findings: readonly Finding[] };
    return { exit, words: words.out, found: (part) => findings.find((finding) => finding.part === part) };
  }

  it('says of each part that it is well, or what it costs and what to do', async () => {
    const { exit, found, words } = await examine();
    assert.equal(exit, 0, words);
    for (const part of ['identity', 'clock', 'people', 'groups', 'schedules', 'deliveries', 'audit'])
      assert.equal(found(part)?.state, 'well', `${part}: ${found(part)?.says}`);
    assert.match(found(`channel ${URN}`)?.says ?? '', /app is not in .* team/);
    assert.match(found('channel for questions')?.says ?? '', /app is not in Ask Tideway's team/);
    assert.match(found('milestones')?.says ?? '', /milestone 1 there, title: looks as if it names a pupil;/);
    assert.match(found('milestones')?.remedy ?? '', /Mend the words under milestones in trust\.yaml/);
    assert.doesNotMatch(words, /Okonkwo/);
    assert.match(found('installing')?.says ?? '', /installs itself for nobody: APP_INSTALL is off/);
    assert.match(found('calendar default')?.says ?? '', /ends on .* 2026/);
    assert.ok(words.includes('look at'), words);
    for (const finding of words.split('\n')) assert.doesNotMatch(finding, /undefined|NaN|\[object/);
  });

  it('says the same to an operator in chat, what is wrong first, and nothing to anybody else', async () => {
    const { teams, quiet, chat, shownTo } = service();
    const owen = chat('Owen Pryce');
    await teams.sendMessage(owen, 'doctor');
    await quiet();
    const shown = shownTo(owen).at(-1);
    assert.match(wordsOf(shown), /How Waymark is.*worth a look/s);
    assert.match(wordsOf(shown), /app is not in .* team.*An owner of the team adds Waymark/s);
    assert.doesNotMatch(wordsOf(shown), /Okonkwo/);
    const again = buttonOf(shown, 'operations.doctor');
    const tom = chat('Tom Ellery');
    await teams.sendMessage(tom, 'doctor');
    await quiet();
    assert.match(wordsOf(shownTo(tom).at(-1)), /for those who run Waymark/);
    const pressed = await teams.pressButton(tom, again);
    assert.doesNotMatch(JSON.stringify(pressed), /How Waymark is/);
    assert.match(JSON.stringify(await teams.pressButton(owen, again)), /How Waymark is/);
  });

  it('sees the app in a team once it is there, and a guest who came in', async () => {
    const { teams, graph, instance, channel } = service();
    const school = instance.trust.schools.find(({ urn }) => urn === URN);
    assert.ok(school);
    const team = graph.tenant.teams.find(({ id }) => id === school.team);
    assert.ok(team);
    await teams.install(channel('Jo Bennett', team.name));
    assert.equal((await examine()).found(`channel ${URN}`)?.state, 'well');
    const guest = graph.tenant.people.find(({ name }) => name === 'Elaine Porter');
    assert.ok(guest);
    graph.update(() => void team.members.push(guest.id));
    assert.match((await examine()).found(`channel ${URN}`)?.says ?? '', /1 member .* is not on the staff/);
  });

  it('names the consent that is missing, and goes on with the rest', async () => {
    const { graph, instance } = service();
    graph.fail(403);
    await instance.app.refresh(instance.clock.now());
    const { exit, found } = await examine();
    graph.recover();
    assert.equal(exit, 1);
    assert.match(found('people')?.remedy ?? '', /User\.Read\.All/);
    assert.match(found(`channel ${URN}`)?.remedy ?? '', /TeamMember\.Read\.Group/);
    assert.equal(found('audit')?.state, 'well');
  });
});
