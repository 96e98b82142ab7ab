/**
 * Staff are not measured. What is known of how quickly or how often somebody answered, was reminded or pressed a button, what
 * they began and did not send, and what they chose for themself, is told to nobody else: on no card, in no answer, no export,
 * by no command. Each such fact is planted as a word or a time that stands nowhere else, and then looked for everywhere.
 */
import { strict as assert } from 'node:assert';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { COMMANDS } from '../../src/cli/commands.ts';
import { must } from '../../src/kernel/guards.ts';
import type { Speaker } from '../../src/sandbox/inbound.ts';
import { buttonOf, buttonsOf, useService } from '../support/service.ts';

const AISHA = '00000000-0000-4000-8000-000000000202';
/** Planted: an hour of asking, answering, asking for help and deciding; a draft; a pause; hours; a colleague named. */
const TIMES = [
  '2026-11-24T03:11:17Z',
  '2026-11-24T04:22:27Z',
  '2026-11-24T05:33:37Z',
  '2026-11-25T06:44:47Z',
];
const OF_TIME = /03:11|04:22|05:33|06:44|11:17|22:27|33:37|44:47/;
const DRAFT = 'A zorbelstick that I have not sent.';
const CHOSEN = /29 December|2026-12-29|zorbel|13:57/;
/** Words that only a measure of somebody would need. */
const MEASURED =
  /respon(se|ds|ded) (time|within)|took \d+ (min|hour|day)|answered (in|within|after) \d|reminded|\breminders?\b|\btaps?\b|quick(er|est)|slow(er|est)|on average/i;

const WORDS = [
  'my work',
  'my approvals',
  'digest',
  'how are we doing on disadvantage first?',
  'my settings',
  'milestones',
  'export milestones',
  'milestones on 23 November',
  'how were we doing on disadvantage first on 23 November?',
  'who is late?',
  'How quickly does Aisha Rahman answer?',
  'help',
];
const OTHERS = ['Helen Marsh', 'David Osei', 'Jo Bennett', 'Tom Ellery', 'Bea Nowak'] as const;
/**
 * A person's own copy is for them; an erasure and a deletion show nothing; those that write need files of their own; a rehearsal
 * has a store of its own, in which nobody did anything.
 */
const APART = [
  'rehearse',
  'person export',
  'person erase',
  'nudge recall',
  'nudge test',
  'attendance import',
  'milestones import',
  'milestones list',
  'pause',
  'resume',
  'deliveries resend',
  'deliveries edit',
  'deliveries recall',
];

describe('nobody of the staff is measured', () => {
  const service = useService({ documents: false });
  let folder = '';
  let checkinId = '';
  let title = '';

  before(async function () {
    this.timeout(40_000);
    const { chat, teams, command, quiet, store } = service();
    folder = await mkdtemp(join(tmpdir(), 'waymark-unmeasured-'));
    for (const name of [...OTHERS, 'Aisha Rahman']) await teams.install(chat(name));
    await command('tick', '--at', '2026-11-23T08:00:00Z');
    await quiet();
    const aisha = chat('Aisha Rahman');
    const card = must(service().shownTo(aisha).at(-1), 'her card');
    const { data } = buttonOf(card, 'checkins.submit');
    checkinId = String(data.id);
    await teams.pressButton(aisha, {
      verb: 'checkins.submit',
      data: {
        ...data,
        status: 'on-track',
        confidence: 'high',
        value: '9',
        note: 'Nine seen.',
        blocker: '',
        evidence: '',
      },
    });
    await quiet();
    const about = await sql<{ title: string }>`select title from milestones
      where id = (select milestone_id from checkins where id = ${checkinId})`.execute(store.db);
    title = must(about.rows[0], 'her milestone').title;
    const [opened, submitted, helped, drafted] = TIMES;
    await sql`update checkins set asked = 3, opened_at = ${opened}, submitted_at = ${submitted},
      help_asked_at = ${helped} where id = ${checkinId}`.execute(store.db);
    await sql`update checkin_history set at = ${submitted} where checkin_id = ${checkinId}`.execute(store.db);
    await sql`insert into checkin_drafts select milestone_id, owner_id,
      jsonb_build_object('status', '', 'confidence', '', 'value', '', 'note', ${DRAFT}::text, 'blocker', '', 'evidence', ''),
      ${drafted}::timestamptz from checkins where id = ${checkinId}`.execute(store.db);
    await sql`insert into checkin_settings (person_id, paused_until, reminded, works, hours_from, changed_at)
      values (${AISHA}, '2026-12-29', false, '2,4', '13:57', ${drafted})`.execute(store.db);
  });
  after(async () => rm(folder, { recursive: true }));

  function unmeasured(what: string, text: string, own = false): void {
    assert.doesNotMatch(text, OF_TIME, `${what}: a time`);
    assert.doesNotMatch(text, CHOSEN, `${what}: a choice or a draft`);
    if (!own) assert.doesNotMatch(text, MEASURED, `${what}: a measure`);
  }

  /** Everything that has come to somebody and still stands, without the ids and stamps that Teams itself puts there. */
  function chatOf(speaker: Speaker): string {
    return service()
      .shownTo(speaker)
      .map(({ text, attachments }) => JSON.stringify({ text, attachments }))
      .join('\n');
  }

  for (const name of OTHERS)
    it(`what ${name} is told, opens and presses`, async () => {
      const { chat, teams, quiet, shownTo } = service();
      const speaker = chat(name);
      for (const words of [...WORDS, `milestone ${title}`, `trend of ${title}`]) {
        await teams.sendMessage(speaker, words);
        await quiet();
        // Somebody's own settings speak of their own reminders.
        unmeasured(`${name}, ${words}`, JSON.stringify(shownTo(speaker).at(-1)), words === 'my settings');
      }
      for (const verb of [
        'checkins.show',
        'checkins.view',
        'checkins.save-for-later',
        'checkins.submit',
        'checkins.help',
      ])
        unmeasured(
          `${name}, ${verb}`,
          JSON.stringify(
            (await teams.pressButton(speaker, { verb, data: { verb, id: checkinId, version: 2, format: 1 } }))
              .body,
          ),
        );
      // An approval would settle what is looked for; everything else that opens something is pressed.
      for (const { verb, data } of buttonsOf(shownTo(speaker)).filter((one) =>
        /digests\.(?!approve)|show|view/.test(one.verb),
      ))
        unmeasured(
          `${name}, ${verb}`,
          JSON.stringify((await teams.pressButton(speaker, { verb, data })).body),
          verb === 'checkins.settings',
        );
      await quiet();
      const settings = /Your settings/;
      const other = shownTo(speaker).filter((one) => !settings.test(JSON.stringify(one)));
      unmeasured(
        `${name}'s chat`,
        JSON.stringify(other.map(({ text, attachments }) => ({ text, attachments }))),
      );
      assert.ok(chatOf(speaker).length > 0);
    });

  it('every command, with its exports', async () => {
    const { command } = service();
    await writeFile(join(folder, 'cases.json'), JSON.stringify({ cases: [] }));
    const argv: Readonly<Record<string, readonly string[]>> = {
      ask: ['ask', 'How quickly does Aisha Rahman answer?'],
      ingest: ['ingest', 'samples/documents'],
      'attendance week': ['attendance', 'week', '--week', '2026-W47', '--school', '900001'],
      'attendance cases': ['attendance', 'cases', join(folder, 'cases.json')],
      'attendance benchmarks': [
        'attendance',
        'benchmarks',
        join(folder, 'cases.json'),
        '--published',
        '2025-12-04',
      ],
      'nudge preview': ['nudge', 'preview', '--week', '2026-W47', '--audience', 'head', '--school', '900001'],
      'milestones report': ['milestones', 'report', '--csv', join(folder, 'standing.csv')],
      'report term': ['report', 'term', '--term', '2', '--out', join(folder, 'report')],
      tick: ['tick', '--at', '2026-11-26T08:00:00Z'],
      clock: ['clock'],
      pauses: ['pauses'],
      'deliveries report': ['deliveries', 'report'],
      'retention report': ['retention', 'report'],
      'audit verify': ['audit', 'verify'],
      doctor: ['doctor'],
    };
    for (const { name } of COMMANDS) {
      if (APART.includes(name)) continue;
      const words = must(argv[name], `how to try "${name}", or why it need not be tried`);
      for (const json of [[], ['--json']]) {
        const { out, err } = await command(...words, ...json);
        // The list of what is kept names the table of reminders' choices; it says nothing of anybody.
        unmeasured(name, `${out}\n${err}`, name === 'retention report');
      }
    }
    for (const file of await readdir(folder, { recursive: true, withFileTypes: true }))
      if (file.isFile() && /\.csv$/.test(file.name))
        unmeasured(file.name, await readFile(join(file.parentPath, file.name), 'utf8'));
  });

  it('is told to herself: her draft, her pause, in her own chat', async () => {
    const { chat, teams } = service();
    const aisha = chat('Aisha Rahman');
    const data = { verb: 'checkins.show', id: checkinId, version: 2, format: 1 };
    const shown = JSON.stringify((await teams.pressButton(aisha, { verb: 'checkins.show', data })).body);
    assert.ok(shown.includes(DRAFT), shown);
    await teams.sendMessage(aisha, 'my settings');
    await service().quiet();
    assert.match(chatOf(aisha), /paused\. I will ask again from Tuesday 29 December/);
  });
});
