import { strict as assert } from 'node:assert';
import { strFromU8, unzipSync } from 'fflate';
import { must } from '../../src/kernel/guards.ts';
import type { Speaker } from '../../src/sandbox/inbound.ts';
import { buttonOf, buttonsOf, startService, type TestService, wordsOf } from '../support/service.ts';
import { placeFor, startPlace, type UploadPlace } from '../support/upload-place.ts';

const FORM = {
  title: '=HYPERLINK("x") Fewer days lost to exclusion',
  'choice-strand': 'attendance',
  'choice-school': '900001',
  owner: 'Carol Dunn',
  measure: 'Days of exclusion in a half-term',
  'choice-direction': 'lower',
  target: '5',
  unit: 'days',
  due: '2027-05-28',
  'choice-cadence': 'weekly',
};

describe('a milestone, from its making in chat to its export', () => {
  let place: UploadPlace;
  let service: TestService;
  let jo: Speaker;
  let carol: Speaker;

  before(async function () {
    this.timeout(120_000);
    place = await startPlace();
    service = await startService({
      documents: false,
      environment: { FILE_HOSTS: place.url },
      // In the sample every head is a trust leader as well; here Jo heads her school alone.
      trust: (trust) => {
        const head = trust.schools.find(({ urn }) => urn === '900001')?.head;
        trust.leaders = trust.leaders.filter((id) => id !== head);
      },
    });
    [jo, carol] = [service.chat('Jo Bennett'), service.chat('Carol Dunn')];
    for (const person of [jo, carol, service.chat('Tom Ellery')]) await service.teams.install(person);
    await service.quiet();
  });
  after(async () => {
    await service.close();
    place.close();
  });

  const newest = (speaker: Speaker) => must(service.shownTo(speaker).at(-1), 'a message');

  async function say(speaker: Speaker, text: string) {
    await service.teams.sendMessage(speaker, text);
    await service.quiet();
    return newest(speaker);
  }

  async function press(speaker: Speaker, card: unknown, verb: string, inputs: object = {}): Promise<string> {
    const { data } = buttonOf(card, verb);
    const sent = await service.teams.pressButton(speaker, { verb, data: { ...data, ...inputs } });
    assert.equal(sent.status, 200);
    await service.quiet();
    return JSON.stringify(sent.body);
  }

  it('is made by the head of its school on a card, and by nobody who leads nothing', async () => {
    assert.match(
      wordsOf(await say(service.chat('Tom Ellery'), 'New milestone')),
      /made by trust leaders, by heads/,
    );
    const form = await say(jo, 'new milestone');
    assert.match(wordsOf(form), /A new milestone/);
    const bad = await press(jo, form, 'checkins.milestone-create', { ...FORM, due: '' });
    assert.match(bad, /choose the day by which it is due/);
    assert.match(bad, /Days of exclusion in a half-term/, 'what was typed stays');
    const kept = await press(jo, form, 'checkins.milestone-create', FORM);
    assert.match(kept, /Kept\. Its owner is asked now whether every week is all right/);
    assert.match(kept, /Jo Bennett reads each check-in/);
  });

  it('tells its owner, who settles whether it is every week', async () => {
    const told = newest(carol);
    assert.match(wordsOf(told), /Carol, this milestone is yours.*asks for a check-in every week/s);
    assert.match(await press(carol, told, 'checkins.milestone-weekly'), /every week from now on/);
    assert.deepEqual(
      buttonsOf(newest(carol)).map(({ verb }) => verb),
      ['checkins.milestone-show'],
      'the card that was sent shows it too',
    );
  });

  it('is asked about, approved, and its trend shown on its card and in words', async () => {
    for (const [index, [date, value]] of [
      ['2026-11-30', '9'],
      ['2026-12-07', '7'],
      ['2026-12-14', '6'],
    ].entries()) {
      await service.command('tick', '--at', `${date}T08:00:00Z`);
      await service.quiet();
      const ask = must(
        service
          .shownTo(carol)
          .findLast(
            (card) => /exclusion/.test(wordsOf(card)) && /checkins\.submit/.test(JSON.stringify(card)),
          ),
        `the ask of ${date}`,
      );
      const said = {
        'choice-status': 'on-track',
        'choice-confidence': 'high',
        value,
        note: '',
        blocker: '',
        evidence: '',
      };
      await press(carol, ask, 'checkins.submit', said);
      const review = must(
        service
          .shownTo(jo)
          .findLast(
            (card) => /checkins\.approve"/.test(JSON.stringify(card)) && /exclusion/.test(wordsOf(card)),
          ),
        'the review',
      );
      if (index > 0) assert.match(wordsOf(review), /aim: at most 5/);
      assert.match(await press(jo, review, 'checkins.approve'), /pproved/);
    }
    const trend = wordsOf(await say(carol, 'trend of fewer days lost'));
    assert.match(trend, /closer to the aim each time\. Then 9 days \(aim: at most 5\), now 6 days/);
    const shown = await say(carol, 'milestone fewer days lost');
    assert.match(await press(carol, shown, 'checkins.milestone-trend'), /Chart\.Line/);
    assert.match(
      await press(service.chat('Tom Ellery'), shown, 'checkins.milestone-trend'),
      /not one of yours/,
      'passed on, it opens nothing',
    );
  });

  it('is exported for its head: theirs alone, as of any day, with a header and no formula that runs', async () => {
    const list = await say(jo, 'milestones');
    assert.match(JSON.stringify(list), /export milestones/);
    const offered = JSON.stringify(await say(jo, 'export milestones'));
    assert.match(offered, /milestones-2026-\d\d-\d\d\.xlsx/);
    const csvOf = async (asOf: string, ending = 'csv') => {
      const before = place.put.length;
      const context = { kind: 'milestones', asOf, ending };
      const uploadInfo = placeFor(`${place.url}/up`, `milestones.${ending}`);
      await service.teams.answerOffer(jo, { type: 'fileUpload', action: 'accept', context, uploadInfo });
      await service.quiet();
      return must(place.put[before], 'a file').body;
    };
    const today = (await csvOf('2026-11-23')).toString('utf8').split('\r\n');
    assert.match(
      today[0] ?? '',
      /^\uFEFFid,title,priority,strand,school,team,owner,measure,unit,target,direction,due,standing/,
    );
    assert.ok(today.length > 5);
    for (const row of today.slice(1).filter(Boolean)) assert.match(row, /Harbour Primary/);
    const own = must(
      today.find((row) => /Fewer days lost/.test(row)),
      'its row',
    );
    assert.match(own, /"'=HYPERLINK/, 'words that a spreadsheet would run get an apostrophe');
    assert.match(own, /,5,lower,2027-05-28,approved,[\d-]+,on-track,high,6,/);
    assert.ok(
      today.slice(1).every((row) => row === own || !row || /,no approved check-in yet,/.test(row)),
      'of the others only that nothing is approved',
    );
    const sheet = strFromU8(
      unzipSync(await csvOf('2026-11-23', 'xlsx'))['xl/worksheets/sheet1.xml'] ?? new Uint8Array(),
    );
    assert.match(sheet, /state="frozen"/);
    assert.doesNotMatch(sheet, /<f[ >]/);
    const audit = await service.store.db
      .selectFrom('audit')
      .select('action')
      .where('action', '=', 'checkins.export')
      .execute();
    assert.equal(audit.length, 2);
  });

  it('is exported for nobody who leads nothing, also not by an offer made up', async () => {
    const tom = service.chat('Tom Ellery');
    assert.match(wordsOf(await say(tom, 'export milestones')), /exported by trust leaders/);
    const before = place.put.length;
    await service.teams.answerOffer(tom, {
      type: 'fileUpload',
      action: 'accept',
      context: { kind: 'milestones', asOf: '2026-11-23', ending: 'csv' },
      uploadInfo: placeFor(`${place.url}/up`, 'milestones.csv'),
    });
    await service.quiet();
    assert.equal(place.put.length, before);
    assert.match(
      wordsOf(await say(jo, 'export milestones as of 9 November')),
      /No milestone of yours stood on that day/,
    );
  });
});
