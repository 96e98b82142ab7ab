import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersOn } from '../../test/support/answers.ts';
import { useStore } from '../../test/support/store.ts';
import type { MessageReply } from '../cards/reply.ts';
import { must } from '../kernel/guards.ts';
import { sleep, stopwatch } from '../kernel/time.ts';
import { MANNERS, type Manner, type SandboxModel, startSandboxModel } from '../sandbox/openai.ts';
import { createLog } from '../telemetry/log.ts';
import { createComposer } from './model.ts';
import type { Answers } from './service.ts';

const NOW = new Date('2026-11-23T07:30:00Z');
const HANDBOOK = `# Handbook

## Leave of absence
Only the headteacher may agree leave in term time. Requests must reach the office 14 days before the leave begins.
Leave is not agreed in the first 3 weeks of September.

## Our two promises
We keep these two promises:

- Every child reads daily
- Every family gets a call

## Pay
The panel set the allowance at £412 for the year.
`;
const SECRET =
  '# Board\n\n## Leave of the headteacher\nThe headteacher may take leave in term time for surgery.\n';
const QUESTION = 'Who may agree leave of absence in term time?';
/** Whose words may be shown, wholly or in part. */
const SHOWN: ReadonlySet<Manner> = new Set(['faithful', 'reordered', 'partly-invented', 'changed-figure']);
const LATE: ReadonlySet<Manner> = new Set(['stall', 'drip']);

describe('an answer with a model', () => {
  const store = useStore();
  const logged: string[] = [];
  let folder = '';
  let model: SandboxModel;
  let plain: Answers;
  let extractive: MessageReply;

  const withModel = (budget: number, getToken = async () => 'token-1') =>
    answersOn(store().db, DOCUMENTS, {
      log: createLog('debug', { write: (line: string) => void logged.push(line) }),
      isInGroup: async (person) => person === 'governor',
      composer: createComposer({ endpoint: model.endpoint, deployment: 'gpt-small', getToken, budget }),
    });
  const DOCUMENTS = [
    { file: 'handbook.md', owner: 'ceo', kind: 'policy' },
    { file: 'board.md', owner: 'ceo', kind: 'policy', group: 'governors' },
  ];
  const ask = (answers: Answers, question = QUESTION, personId = 'staff') =>
    answers.ask(question, { personId, conversationId: personId, audience: { kind: 'personal' } }, NOW);
  const words = ({ ref: _, ...reply }: MessageReply) => reply;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waymark-model-'));
    await writeFile(join(folder, 'handbook.md'), HANDBOOK);
    await writeFile(join(folder, 'board.md'), SECRET);
    model = await startSandboxModel();
    plain = answersOn(store().db, DOCUMENTS, { isInGroup: async (person) => person === 'governor' });
    await plain.ingest(folder, NOW);
    extractive = await ask(plain);
    assert.match(extractive.text ?? '', /Only the headteacher may agree leave/);
  });
  after(async () => {
    await model.close();
    await rm(folder, { recursive: true });
  });

  for (const manner of MANNERS) {
    it(`${SHOWN.has(manner) ? 'shows what holds of' : 'stays with the documents’ words when it is'} ${manner}`, async () => {
      model.behave(manner);
      const printed = hearConsole();
      const elapsed = stopwatch();
      const reply = await ask(withModel(LATE.has(manner) ? 400 : 3_500));
      assert.ok(elapsed() < 3_000, `${elapsed()} ms`);
      assert.deepEqual(printed(), []);
      assert.equal(reply.byModel ?? false, SHOWN.has(manner));
      assert.match(reply.text ?? '', /Only the headteacher may agree leave/);
      assert.doesNotMatch(
        JSON.stringify(reply),
        /evil|parking|closed tomorrow|grants leave|sorry|21 days|10 weeks|every member|because|colleagues say|headteacher must/,
      );
      if (!SHOWN.has(manner)) assert.deepEqual(words(reply), words(extractive));
    });
  }

  it('asks the deployment over the API with the identity’s token, and shows it only what the asker may read', async () => {
    model.behave('faithful');
    await ask(withModel(3_500), 'May the headteacher take leave in term time?', 'staff');
    const request = must(model.requests.at(-1), 'a request');
    assert.equal(request.path, '/openai/deployments/gpt-small/chat/completions?api-version=2024-10-21');
    assert.equal(request.authorization, 'Bearer token-1');
    assert.doesNotMatch(request.body, /surgery|Board/);
    await ask(withModel(3_500), 'May the headteacher take leave in term time?', 'governor');
    assert.match(must(model.requests.at(-1), 'a request').body, /surgery/);
  });

  it('asks no model where there is no answer, a list or talk', async () => {
    model.behave('faithful');
    const before = model.requests.length;
    const answers = withModel(3_500);
    assert.match((await ask(answers, 'What is the mileage rate for scooters?')).text ?? '', /don't say/);
    assert.match((await ask(answers, 'What are our two promises?')).text ?? '', /reads daily/);
    await ask(answers, 'thank you');
    assert.equal(model.requests.length, before);
  });

  it('shows no figure question’s answer without its figure', async () => {
    model.behave('faithful', [{ text: 'The panel set the allowance for the year.', citations: [1] }]);
    const reply = await ask(withModel(3_500), 'How much is the allowance for the year?');
    assert.match(reply.text ?? '', /£412/);
    assert.equal(reply.byModel ?? false, false);
  });

  it('neutralises what a model writes as it does what a document says', async () => {
    const text = 'Only the headteacher may agree **leave** in term time [9](https://term.example).';
    model.behave('faithful', [{ text, citations: [1] }]);
    assert.doesNotMatch((await ask(withModel(3_500))).text ?? '', /\]\(|https|(?<!\\)\*\*|\[9/);
  });

  it('waits for no token that does not come, and for no model that keeps failing', async () => {
    model.behave('faithful');
    const elapsed = stopwatch();
    const stuck = withModel(300, () => sleep(20_000).then(() => 'late'));
    assert.deepEqual(words(await ask(stuck)), words(extractive));
    await ask(withModel(300, () => Promise.reject(new Error('no identity'))));
    assert.ok(elapsed() < 2_000);
    model.behave('broken');
    const failing = withModel(3_500);
    const before = model.requests.length;
    for (let turn = 0; turn < 6; turn += 1) await ask(failing);
    assert.equal(model.requests.length - before, 3);
  });

  it('logs neither prompts nor replies', () => {
    assert.ok(logged.some((line) => line.includes('the model gave no words')));
    assert.ok(logged.some((line) => line.includes("the model's words did not hold")));
    assert.doesNotMatch(logged.join('\n'), /headteacher|leave in term|secret words|portal|token-1/);
  });
});

/** What is printed from now until it is asked for: the library prints the faults that it meets. */
function hearConsole(): () => string[] {
  const { log, warn, error } = console;
  const heard: string[] = [];
  const hear = (...said: unknown[]) => void heard.push(said.join(' '));
  Object.assign(console, { log: hear, warn: hear, error: hear });
  return () => {
    Object.assign(console, { log, warn, error });
    return heard;
  };
}
