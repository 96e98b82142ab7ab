/** Each consent by itself: what falls away without it, what doctor says, that the rest goes on, and the script that grants it. */
import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { consents } from '../../infra/consents.ts';
import type { Finding } from '../../src/app/doctor-trust.ts';
import { CONSENTS, consentsOf, STAGES, type StageName } from '../../src/config/consents.ts';
import { must } from '../../src/kernel/guards.ts';
import { type SandboxGraph, startSandboxGraph } from '../../src/sandbox/graph.ts';
import { useChannels } from '../support/channels.ts';
import { wordsOf } from '../support/service.ts';

const APP = '1c6f2c0e-8a34-4d0b-9b5e-2f7e4f2a6d11';
/** Where a missing consent may show besides its own line. */
const SHOWS_IN: Readonly<Record<StageName, RegExp>> = {
  chat: /^$/,
  people: /^(people|consents?)/,
  library: /^(documents|consents?)/,
  reports: /^(reports|consents?)/,
  channels: /^channel/,
  replies: /^replies/,
  install: /^(installing|consents?)/,
};

describe('a consent that is missing', () => {
  const stage = useChannels({ environment: { APP_INSTALL: 'on', TEAMS_APP_ID: APP } });
  let whole: readonly Finding[] = [];

  async function examine(): Promise<readonly Finding[]> {
    const { instance, command } = stage().service;
    await instance.app.refresh(instance.clock.now());
    await stage().look();
    const { out } = await command('doctor', '--json');
    return (JSON.parse(out) as { findings: readonly Finding[] }).findings;
  }

  before(async () => {
    stage().service.graph.apps.catalogue.set(APP, 'catalogue-1');
    whole = await examine();
  });
  afterEach(() => stage().service.graph.withheld.clear());

  it('is not there when all are given', () => {
    assert.equal(whole.find(({ part }) => part === 'consents')?.state, 'well');
    assert.match(whole.find(({ part }) => part === 'replies')?.says ?? '', /read in 1 channel/);
  });

  for (const { name, stage: of, part } of CONSENTS) {
    it(`${name}: shows in doctor by its name and nowhere else, and people are answered`, async () => {
      const { graph, chat, teams, shownTo, quiet } = stage().service;
      graph.withheld.add(name);
      const now = await examine();
      const changed = now.filter((one) => {
        const before = whole.find((other) => other.part === one.part);
        return before?.state !== one.state || before.says !== one.says;
      });
      const named = changed.filter(
        ({ state, says, remedy }) => state !== 'well' && `${says} ${remedy}`.includes(name),
      );
      assert.ok(named.length > 0, JSON.stringify(changed));
      assert.ok(
        changed.some((one) => one.part.startsWith(part)) || part === 'installing',
        JSON.stringify(changed),
      );
      const elsewhere = changed.filter(
        (one) => !SHOWS_IN[of].test(one.part) && !/^(audit|deliveries)/.test(one.part),
      );
      assert.deepEqual(elsewhere, []);
      const aisha = chat('Aisha Rahman');
      const { status } = await teams.sendMessage(aisha, 'my work');
      assert.equal(status, 200);
      await quiet();
      assert.doesNotMatch(wordsOf(must(shownTo(aisha).at(-1), 'an answer')), /went wrong/);
    });
  }

  it('is forgotten once it is given', async () => {
    const now = await examine();
    assert.deepEqual(
      now.filter(({ part }) => /^(consents?|people|replies|reports|installing|channel)/.test(part)),
      whole.filter(({ part }) => /^(consents?|people|replies|reports|installing|channel)/.test(part)),
    );
  });
});

describe('npm run consents', () => {
  const IDS = { IDENTITY_PRINCIPAL_ID: 'id-1', BOT_ID: '6f1c1f9e-2a55-4a0e-9a46-6f5d4a8f2f10' };
  let graph: SandboxGraph;
  let folder = '';

  before(async () => {
    graph = await startSandboxGraph({ tenantFile: 'samples/tenant.yaml', documentsDir: 'samples/documents' });
    folder = mkdtempSync(join(tmpdir(), 'waymark-consents-'));
    mkdirSync(join(folder, 'env'));
    writeFileSync(join(folder, 'env/.env.dev'), 'IDENTITY_PRINCIPAL_ID=\nBOT_ID=\n');
  });
  beforeEach(() => {
    for (const { name, kind } of CONSENTS) if (kind === 'application') graph.withheld.add(name);
  });
  after(async () => {
    await graph.close();
    rmSync(folder, { recursive: true });
  });

  async function call(words: string, shell: Readonly<Record<string, string>> = IDS) {
    const lines: string[] = [];
    const world = {
      shell,
      say: (line: string) => void lines.push(line),
      token: async () => 'operator',
      graphUrl: graph.url,
      folder,
    };
    const code = await consents(words.split(' '), world);
    return { code, text: lines.join('\n') };
  }

  it('says what is missing, with the reason of each, and changes nothing', async () => {
    const before = new Set(graph.withheld);
    const { code, text } = await call('--env dev');
    assert.equal(code, 1);
    for (const { name, why } of consentsOf(['people']))
      assert.ok(text.includes(`MISSING   ${name}: ${why}`), text);
    assert.ok(!text.includes('Sites.Selected'), 'only what every trust wants');
    assert.match(text, /Nothing was changed/);
    assert.deepEqual(graph.withheld, before);
    assert.deepEqual([...new Set(graph.requests.map(({ method }) => method))], ['GET']);
  });

  for (const { name } of STAGES) {
    it(`grants what stage ${name} needs and nothing else, and again does nothing`, async () => {
      const before = [...graph.withheld];
      const { code, text } = await call(`--env dev --stage ${name} --grant`);
      assert.equal(code, 0, text);
      const wanted = consentsOf([name], 'application').map((one) => one.name);
      assert.deepEqual(
        [...graph.withheld],
        before.filter((one) => !wanted.includes(one)),
      );
      const posts = () => graph.requests.filter(({ method }) => method === 'POST').length;
      const once = posts();
      assert.equal((await call(`--env dev --stage ${name} --grant`)).code, 0);
      assert.equal(posts(), once);
    });
  }

  it('prints what only a person can do: the policy, the switch, the grants on one site and one folder', async () => {
    const { text } = await call('--env dev --stage chat,library,reports,channels --grant');
    for (const line of [
      /Grant-CsTeamsAppSetupPolicy -Group/,
      /Set-MgBetaTeamRscConfiguration -State ManagedByMicrosoft/,
      /sites\/<site id>\/permissions' -Body \(@\{roles=@\('read'\);grantedToIdentities=@\(@\{application=@\{id='6f1c1f9e/,
      /items\/<folder id>\/permissions' -Body \(@\{roles=@\('write'\);grantedToV2=@\{application=@\{id='6f1c1f9e/,
    ])
      assert.match(text, line);
  });

  it('stops with what Graph said, and with what to do, when it is refused', async () => {
    graph.fail(403);
    const { code, text } = await call('--env dev --grant');
    graph.recover();
    assert.equal(code, 1);
    assert.match(text, /Graph refused GET \/servicePrincipals \(403 .*Privileged Role Administrator/);
  });

  it('wants an environment, stages that there are, and the identity of a deployment', async () => {
    assert.equal((await call('--stage people')).code, 2);
    assert.equal((await call('--env nowhere')).code, 2);
    assert.equal((await call('--env dev --stage everything')).code, 2);
    const { code, text } = await call('--env dev', {});
    assert.equal(code, 1);
    assert.match(text, /IDENTITY_PRINCIPAL_ID/);
  });
});
