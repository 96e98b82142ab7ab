import { strict as assert } from 'node:assert';
import { useGraph } from '../../test/support/graph.ts';
import { chatId } from '../sandbox/graph-apps.ts';
import { personNamed } from '../sandbox/tenant.ts';
import { createAppInstaller } from './apps-graph.ts';

const APP = '1c6f2c0e-8a34-4d0b-9b5e-2f7e4f2a6d11';

describe('installing the app for a person', () => {
  const graph = useGraph();
  const installer = () => createAppInstaller(graph().graph, APP);
  const aisha = () => personNamed(graph().sandbox.tenant, 'Aisha Rahman').id;
  const posts = () => graph().sandbox.requests.filter(({ method }) => method === 'POST');
  beforeEach(() => void graph().sandbox.apps.catalogue.set(APP, 'catalogue-1'));

  it('finds it in the catalogue by the id of its manifest, installs it once, and knows the chat', async () => {
    assert.equal(await installer().chatOf(aisha()), undefined);
    assert.deepEqual(await installer().install(aisha()), { kind: 'installed' });
    assert.deepEqual(await installer().install(aisha()), { kind: 'installed' });
    assert.equal(posts().length, 1);
    assert.equal(await installer().chatOf(aisha()), chatId(aisha()));
  });

  it('looks first when the answer was lost, and takes "already there" for installed', async () => {
    graph().sandbox.apps.lostAnswers = 1;
    await assert.rejects(installer().install(aisha()), { code: 'graph-failing' });
    assert.deepEqual(await installer().install(aisha()), { kind: 'installed' });
    assert.equal(posts().length, 1);
    // Two instances at once: both looked before either installed.
    const jo = personNamed(graph().sandbox.tenant, 'Jo Bennett').id;
    const both = await Promise.all([installer().install(jo), installer().install(jo)]);
    assert.deepEqual(both, [{ kind: 'installed' }, { kind: 'installed' }]);
    assert.equal(graph().sandbox.apps.installed.get(jo)?.size, 1);
  });

  it('says which no it met', async () => {
    const { apps } = graph().sandbox;
    const why = async () => {
      const result = await installer().install(aisha());
      return result.kind === 'refused' ? result.reason : result.kind;
    };
    apps.refused.set(aisha(), 'policy');
    assert.match(await why(), /app permission policy/);
    apps.refused.set(aisha(), 'licence');
    assert.match(await why(), /no licence for Teams/);
    apps.refused.clear();
    apps.missing.add('TeamsAppInstallation.ReadWriteSelfForUser.All');
    assert.match(await why(), /TeamsAppInstallation.ReadWriteSelfForUser.All is not granted/);
    apps.missing.clear();
    apps.missing.add('AppCatalog.Read.All');
    assert.match(await why(), /AppCatalog.Read.All is not granted/);
    assert.match((await installer().look()) ?? '', /AppCatalog.Read.All/);
    apps.missing.clear();
    apps.catalogue.clear();
    assert.match(await why(), /catalogue of Teams apps does not have it/);
    assert.match((await installer().look()) ?? '', /TEAMS_APP_ID/);
    const nobody = await installer().install('00000000-0000-4000-8000-00000000dead');
    assert.ok(nobody.kind === 'refused' && /does not know their account/.test(nobody.reason));
  });

  it('throws what heals by itself', async () => {
    graph().sandbox.fail(500);
    await assert.rejects(installer().install(aisha()), { code: 'graph-failing' });
  });

  it('looks the app up anew when it was published under another id', async () => {
    const one = installer();
    assert.deepEqual(await one.install(aisha()), { kind: 'installed' });
    graph().sandbox.apps.catalogue.set(APP, 'catalogue-2');
    const jo = personNamed(graph().sandbox.tenant, 'Jo Bennett').id;
    assert.equal((await one.install(jo)).kind, 'refused');
    assert.deepEqual(await one.install(jo), { kind: 'installed' });
  });
});
