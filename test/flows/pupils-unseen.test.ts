import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkLetter } from '../../src/attendance/upn.ts';
import { addDays } from '../../src/kernel/time.ts';
import { type SandboxModel, startSandboxModel } from '../../src/sandbox/openai.ts';
import { buttonsOf, startService, type TestService, wordsOf } from '../support/service.ts';

const AT = '2026-11-23T07:30:00Z';
const HEADER =
  'school_urn,pupil_id,upn,surname,forename,year_group,reg_group,date,session,mark,minutes_late,pp,sen,dob,comment,religion';

/** What stands in the marks file about its pupils, as nobody would write it by chance. */
const PLANTED = {
  pupilId: 'MIS7712049',
  surname: 'Quillfeather',
  forename: 'Zebedee',
  dob: '2016-03-29',
  comment: 'bereaved grandmother',
  religion: 'Zoroastrian',
} as const;
const NUMBERS = Array.from({ length: 30 }, (_, index) => {
  const number = `80120001${String(index).padStart(4, '0')}`;
  return `${checkLetter(number)}${number}`;
});

function file(monday: string, absentOf: (pupil: number) => number, mark = 'I'): string {
  const lines = NUMBERS.flatMap((upn, pupil) =>
    Array.from({ length: 10 }, (_, place) => {
      const session = place % 2 === 0 ? 'AM' : 'PM';
      const here = session === 'AM' ? '/' : '\\';
      const { pupilId, surname, forename, dob, comment, religion } = PLANTED;
      return [
        `900001,${pupilId}${pupil},${upn},${surname}${pupil},${forename},5,5Q,${addDays(monday, Math.floor(place / 2))},${session}`,
        place < absentOf(pupil) ? mark : here,
        `,${pupil < 12 ? 'Y' : 'N'},N,${dob},${comment},${religion}`,
      ].join();
    }),
  );
  return `${[HEADER, ...lines].join('\n')}\n`;
}

describe('what stands in a marks file about a pupil', () => {
  let model: SandboxModel;
  let service: TestService;
  let folder = '';

  before(async function () {
    this.timeout(60_000);
    model = await startSandboxModel();
    service = await startService({
      environment: { AZURE_OPENAI_ENDPOINT: model.endpoint, AZURE_OPENAI_DEPLOYMENT: 'gpt-small' },
    });
    folder = await mkdtemp(join(tmpdir(), 'waymark-unseen-'));
  });
  after(async () => {
    await rm(folder, { recursive: true });
    await service.close();
    await model.close();
  });

  const names = [...Object.values(PLANTED), ...NUMBERS];
  const planted = (text: string) => names.filter((value) => text.toLowerCase().includes(value.toLowerCase()));

  async function take(name: string, text: string) {
    const path = join(folder, name);
    await writeFile(path, text);
    return service.command('attendance', 'import', path, '--school', '900001');
  }

  /** All that left: messages as they are now, each with its notification text, what the model was asked, every log line. */
  function wire(): Record<string, string> {
    return {
      messages: JSON.stringify(service.teams.arrivals.map((arrival) => arrival.activity)),
      prompts: JSON.stringify(model.requests),
      log: service.logged.join('\n'),
    };
  }

  function assertUnseen(): void {
    for (const [where, text] of Object.entries(wire())) assert.deepEqual(planted(text), [], where);
  }

  it('reaches no card, notification, log line or prompt, through import, nudge, digest, answers and every button', async function () {
    this.timeout(60_000);
    const { teams, chat, channel, quiet, command, shownTo } = service;
    await teams.install(chat('Jo Bennett'));
    await teams.install(channel('Aisha Rahman', 'Harbour Primary'));
    const first = await take(
      'first.csv',
      file('2026-11-09', (pupil) => (pupil % 3) + (pupil < 12 ? 1 : 0)),
    );
    assert.equal(first.exit, 0, first.err || first.out);
    const second = await take(
      'second.csv',
      file('2026-11-16', (pupil) => (pupil % 4) + (pupil < 12 ? 2 : 0)),
    );
    assert.equal(second.exit, 0, second.err || second.out);
    assertUnseen();
    assert.equal((await command('tick', '--at', AT, '--json')).exit, 0);
    assert.equal((await command('tick', '--at', '2026-11-23T08:00:00Z', '--json')).exit, 0);
    await quiet();
    const place = channel('Aisha Rahman', 'Harbour Primary');
    const [card] = shownTo(place).slice(-1);
    assert.match(wordsOf(card), /Harbour Primary, last week/);
    assertUnseen();
    for (const { verb, data } of buttonsOf(card)) {
      await teams.pressButton(place, { verb, data });
      await quiet();
      assertUnseen();
    }
    const jo = chat('Jo Bennett');
    for (const asked of [
      'How is attendance at Harbour Primary?',
      'How is attendance in Year 5 at Harbour Primary?',
      'digest',
      'Who may agree leave in term time?',
    ]) {
      await teams.sendMessage(jo, asked);
      await quiet();
      assertUnseen();
    }
    assert(shownTo(jo).length >= 4);
    assert(model.requests.length > 0, 'the model was asked, so its prompts were looked at');
  });

  it('is not told by the log either when the file is refused', async () => {
    const wrong = file('2026-11-16', (pupil) => (pupil < 12 ? 2 : 1), 'Quillfeather').replace(
      '2026-11-16',
      'Zebedee',
    );
    const refused = await take('wrong.csv', wrong);
    assert.equal(refused.exit, 1);
    assertUnseen();
  });

  it('stands in no table, since the school shows no pupils', async () => {
    assert.deepEqual(planted(await service.everything()), []);
  });

  it('would be found if it had been sent', async () => {
    const before = service.teams.arrivals.length;
    await service.teams.sendMessage(service.chat('Jo Bennett'), 'hello');
    assert(service.teams.arrivals.length > before);
    assert.deepEqual(planted(`${wire().messages} ${PLANTED.surname}7 ${NUMBERS[3]}`), [
      PLANTED.surname,
      NUMBERS[3] ?? '',
    ]);
  });
});
