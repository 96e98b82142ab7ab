import { strict as assert } from 'node:assert';
import { must } from '../../src/kernel/guards.ts';
import { stopwatch } from '../../src/kernel/time.ts';
import { type SandboxModel, startSandboxModel } from '../../src/sandbox/openai.ts';
import { startService, type TestService, wordsOf } from '../support/service.ts';

const QUESTION = 'Who may agree leave in term time?';

describe('a model behind the service', () => {
  let model: SandboxModel;
  let service: TestService;

  before(async function () {
    this.timeout(60_000);
    model = await startSandboxModel();
    service = await startService({
      environment: { AZURE_OPENAI_ENDPOINT: model.endpoint, AZURE_OPENAI_DEPLOYMENT: 'gpt-small' },
    });
  });
  after(async () => {
    await service.close();
    await model.close();
  });

  async function ask(text: string) {
    const speaker = service.chat('Aisha Rahman');
    const before = service.shownTo(speaker).length;
    const elapsed = stopwatch();
    await service.teams.sendMessage(speaker, text);
    const took = elapsed();
    // While somebody waits, "is typing" is shown.
    const said = service
      .shownTo(speaker)
      .slice(before)
      .filter(({ type }) => type === 'message');
    return { took, replies: said };
  }
  const labelled = (activity: unknown) => JSON.stringify(activity).includes('AIGeneratedContent');

  it('words an answer, which then carries the AI label and its sources', async () => {
    model.behave('faithful');
    const { replies } = await ask(QUESTION);
    const reply = must(replies[0], 'a reply');
    assert.match(wordsOf(reply), /Only the head may agree leave in term time/);
    assert.ok(labelled(reply) && JSON.stringify(reply).includes('"@type":"Claim"'));
  });

  it('that invents, stalls or breaks leaves the documents’ words, without the label, within five seconds', async function () {
    this.timeout(20_000);
    for (const manner of ['unsupported', 'busy', 'stall'] as const) {
      model.behave(manner);
      const { took, replies } = await ask(QUESTION);
      assert.equal(replies.length, 1, manner);
      assert.match(wordsOf(replies[0]), /Only the head may agree leave in term time/);
      assert.ok(!labelled(replies[0]), manner);
      assert.ok(took < 5_000, `${manner}: ${took} ms`);
    }
  });

  it('is asked nothing of a pupil, who is pointed to the MIS and kept nowhere', async () => {
    const asked = model.requests.length;
    for (const typed of ["how is Kayleigh Bassett's attendance", "how is kayleigh bassett's attendance"]) {
      const { replies } = await ask(typed);
      assert.match(wordsOf(replies[0]), /your (?:MIS|school’s own system)/);
    }
    assert.equal(model.requests.length, asked);
    assert.doesNotMatch(await service.everything(), /kayleigh|bassett/i);
    assert.doesNotMatch(service.logged.join('\n'), /kayleigh|bassett|agree leave/i);
  });
});
