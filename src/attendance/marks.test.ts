import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { MARKS_HEADER, marksFile } from '../../test/support/marks.ts';
import { createMarksReader, type MarksOptions, type MarksReading } from './marks.ts';

const OPTIONS: MarksOptions = { schools: new Set(['900001', '900002']), today: '2026-11-21' };

function read(text: string, options: Partial<MarksOptions> = {}, cuts: readonly number[] = []): MarksReading {
  const reader = createMarksReader({ ...OPTIONS, ...options });
  const points = [0, ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  points.slice(1).forEach((point, index) => {
    reader.take(text.slice(points[index], point));
  });
  return reader.finish();
}

function problems(text: string, options: Partial<MarksOptions> = {}): string[] {
  const reading = read(text, options);
  assert.equal(reading.kind, 'problems');
  return reading.problems.map((one) =>
    [one.line, one.column, one.reason].filter((part) => part !== '').join(': '),
  );
}

/** A file of rows after the usual header; each row gives the cells from pupil_id to minutes_late that matter. */
function rows(...cells: readonly string[]): string {
  return `${[MARKS_HEADER, ...cells].join('\n')}\n`;
}

const GOOD = '900001,7,,Blackwood,Marigold,5,5A,2026-11-16,AM,/,,N,K';

describe('a marks file', () => {
  it('reads the same however it is cut, with or without BOM, Windows line ends and quotation marks', () => {
    const plain = marksFile('900001', '2026-11-16', [
      { id: '1', marks: '/ \\ I I', pp: 'Y' },
      { id: '2', marks: '/ \\ L \\', year: 'R' },
    ]);
    const whole = read(plain);
    assert.equal(whole.kind, 'marks');
    const dressed = `\uFEFF${plain.replaceAll('Blackwood', '"Black,\r\n""wood"').replaceAll('\n', '\r\n').replaceAll('\r\r', '\r')}`;
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), fc.constantFrom(plain, dressed), (cuts, text) => {
        const cut = read(text, {}, cuts);
        assert.deepEqual(cut, whole);
      }),
    );
  });

  it('refuses a column of tutor groups that has a group for each pupil: they may be their names', () => {
    const each = (count: number, group: (index: number) => string) =>
      rows(
        ...Array.from(
          { length: count },
          (_, index) => `900001,${index},,B,M,5,${group(index)},2026-11-16,AM,/,,N,K`,
        ),
      );
    const names = each(12, (index) => `Marigold Black${'abcdefghijkl'[index]}`);
    assert.deepEqual(problems(names), [
      '1: reg_group: has nearly a group for each pupil, so it may hold their names; put the tutor group here, or leave the column out',
    ]);
    assert.equal(read(each(12, (index) => `5${'ABCDEF'[index % 6]}`)).kind, 'marks');
    // A few corrections may each be of another group.
    assert.equal(read(each(9, (index) => `5${'ABCDEFGHI'[index]}`)).kind, 'marks');
    assert.equal(read(each(12, () => '')).kind, 'marks');
  });

  it('names every problem with its line and column, and gives no marks', () => {
    const found = problems(
      rows(
        GOOD,
        '900001,8,,B,M,5,5A,2026-11-16,XM,/,,N,K',
        '900001,8,,B,M,5,5A,2026-11-16,AM,QQ,,N,K',
        '900009,8,,B,M,5,5A,2026-11-16,AM,/,,N,K',
        '900001,,,B,M,5,5A,2026-11-16,AM,/,,N,K',
        '900001,8,,B,M,5,5A,2026-11-16,AM,/,five,N,K',
        '900001,8,,B,M,15,5A,2026-11-16,AM,/,,N,K',
        '900001,8,,B,M,5,5A,2026-11-16,AM,/,,maybe,K',
        '900001,8,,B,M,5,5A,2026-11-16,AM,/,,N,X',
        '900001,8,,B,M,5,5A,2026-11-16,AM,/',
        GOOD,
      ),
    );
    assert.deepEqual(found, [
      '3: session: must be AM or PM',
      '4: mark: "QQ" is not an attendance code',
      '5: school_urn: "900009" is not one of the trust’s schools',
      '6: pupil_id: is empty',
      '7: minutes_late: must be whole minutes or empty',
      '8: year_group: "15" is not a year group',
      '9: pp: must be Y or N',
      '10: sen: must be N, K or E',
      '11: 10 cells, the header has 13',
      '12: session: gives this pupil’s session a second time',
    ]);
  });

  it('counts lines as a text editor does, over line breaks inside quotation marks', () => {
    const found = problems(
      rows(GOOD.replace('Blackwood', '"Black\nwood"'), '900001,8,,B,M,5,5A,2026-11-16,AM,QQ,,N,K'),
    );
    assert.deepEqual(found, ['4: mark: "QQ" is not an attendance code']);
  });

  it('never repeats a name, a number or a formula of the file in a problem', () => {
    const found = problems(
      rows(
        '900001,8,B801200005001,Blackwood,Marigold,5,5A,2026-11-16,AM,=cmd|x!A1,,N,K',
        '900001,8,B801200005001,Blackwood,Marigold,5,5A,someday,AM,/,,N,K',
      ),
    ).join('\n');
    assert.doesNotMatch(found, /Blackwood|Marigold|B8012|[=|!]/);
    assert.match(found, /"someday" is not a date/);
  });

  it('checks a pupil number by its letter, and that a pupil keeps it', () => {
    const found = problems(
      rows(
        GOOD.replace('7,,', '7,A801200005001,'),
        GOOD.replace('7,,', '8,B801200005001,'),
        GOOD.replace('7,,', '8,H801200001001,').replace('AM', 'PM'),
      ),
    );
    assert.deepEqual(found, [
      '2: upn: has a wrong check letter or shape',
      '4: upn: is not the one given for this pupil further up',
    ]);
  });

  it('refuses a missing column by name, and drops unknown ones unread, named once', () => {
    assert.deepEqual(problems('pupil_id,date,mark\n1,2026-11-16,/\n'), [
      '1: the column school_urn is missing',
      '1: the column session is missing',
    ]);
    assert.deepEqual(problems('school_urn;pupil_id;date;session;mark\n'), [
      '1: the columns are not separated by commas; save the file as “CSV (comma delimited)”',
    ]);
    assert.deepEqual(problems('pupil_id,date,session,mark,mark\n', { schoolUrn: '900001' }), [
      '1: the column mark stands twice',
    ]);
    const extra = read('School URN,Pupil ID,Date,Session,Mark,religion,sex\n900001,1,2026-11-16,AM,/,x,y\n');
    assert.equal(extra.kind, 'marks');
    assert.deepEqual(extra.notes, [
      'Not needed, dropped unread: religion, sex.',
      'There is no column pp, so the gap cannot be worked out.',
    ]);
  });

  it('takes a school from the sender when the file has no such column, and holds the file to it when it has', () => {
    const reading = read('pupil_id,date,session,mark\n1,2026-11-16,AM,/\n', { schoolUrn: '900002' });
    assert.equal(reading.kind, 'marks');
    assert.equal(reading.grid.pupils[0]?.schoolUrn, '900002');
    assert.deepEqual(problems(rows(GOOD), { schoolUrn: '900002' }), [
      '2: school_urn: is not 900002, the school this file was sent for',
    ]);
  });

  it('reads ISO dates, and slashed ones only when the file proves that the day comes first', () => {
    const dated = (...dates: readonly string[]) =>
      rows(...dates.map((date, index) => GOOD.replace(',7,', `,${index},`).replace('2026-11-16', date)));
    const proved = read(dated('16/11/2026', '03/11/2026'));
    assert.equal(proved.kind, 'marks');
    assert.deepEqual(proved.grid.dates, ['2026-11-16', '2026-11-03']);
    assert.match(
      problems(dated('03/11/2026', '05/11/2026'))[0] ?? '',
      /2: date: dates such as 03\/11\/2026 can be read as/,
    );
    const week = read(dated('02/11/2026', '03/11/2026', '04/11/2026'));
    assert.equal(week.kind, 'marks', 'read month first, 4 November would be a Saturday in April');
    assert.deepEqual(week.grid.dates, ['2026-11-02', '2026-11-03', '2026-11-04']);
    const said = read(dated('03/11/2026'), { dayFirst: true });
    assert.equal(said.kind, 'marks');
    assert.deepEqual(said.grid.dates, ['2026-11-03']);
    const named = read(dated('3 Nov 2026', '16-November-2026'));
    assert.equal(named.kind, 'marks');
    assert.deepEqual(named.grid.dates, ['2026-11-03', '2026-11-16']);
    assert.match(problems(dated('11/16/2026'))[0] ?? '', /is not day\/month\/year/);
    assert.match(
      problems(dated('2026-11-16', '16/11/2026'))[0] ?? '',
      /3: date: dates are written in two ways/,
    );
    for (const date of ['16.11.2026', '2026-11-31', '31 Nov 2026', '16/11/26', '46342', ''])
      assert.match(problems(dated(date))[0] ?? '', /2: date: .* is not a date/, date);
    assert.deepEqual(problems(dated('2026-11-15')), ['2: date: 2026-11-15 is a weekend']);
    assert.deepEqual(problems(dated('2026-11-23')), ['2: date: 2026-11-23 has not come yet']);
  });

  it('says that an old code is old, and still reads it', () => {
    const reading = read(marksFile('900001', '2026-11-16', [{ id: '1', marks: 'H F / \\' }]));
    assert.equal(reading.kind, 'marks');
    assert.deepEqual(reading.notes, [
      'Old code H (1 mark): ended on 2024-08-18, still read.',
      'Old code F (1 mark): ended on 2024-08-18, still read.',
    ]);
  });

  it('ends with one problem on a file that is empty, has only a header, or never closes a quotation mark', () => {
    assert.deepEqual(problems(''), ['0: the file is empty']);
    assert.deepEqual(problems(`${MARKS_HEADER}\n`), ['0: the file has a header and no marks']);
    const [open] = problems(rows(GOOD.replace('Blackwood', '"Blackwood'), GOOD));
    assert.match(open ?? '', /^2: the quotation marks do not pair up/);
    const endless = rows(GOOD.replace('Blackwood', `"${'x'.repeat(200_000)}`), GOOD);
    assert.deepEqual(problems(endless), ['2: a line does not end; is a quotation mark left open?']);
  });

  it('ends in marks or in named problems, and never in a fault, whatever is done to a file', () => {
    const good = marksFile('900001', '2026-11-16', [
      { id: '1', marks: '/ \\ I I', pp: 'Y' },
      { id: '2', marks: '/ \\ L \\', year: 'R' },
    ]);
    const scrap = fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom('"', '\n', '\r\n', ',', '\r', '""', '\uFEFF', ',,,', '\n\n', '=1+1', '0'),
    );
    const edit = fc.tuple(fc.nat(), fc.nat(30), scrap);
    fc.assert(
      fc.property(
        fc.array(edit, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 5 }),
        (edits, cuts) => {
          const text = edits.reduce((now, [at, length, put]) => {
            const from = at % (now.length + 1);
            return now.slice(0, from) + put + now.slice(from + length);
          }, good);
          const reading = read(text, {}, cuts);
          if (reading.kind === 'problems') assert(reading.problems.every((one) => one.reason !== ''));
          else if (reading.kind === 'marks')
            assert(reading.rows > 0 && reading.grid.dates.every((date) => date !== ''));
          assert.equal(reading.kind === 'problems' ? reading.problems.length > 0 : true, true);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('keeps the first 500 problems and counts the rest', () => {
    const reading = read(rows(...Array.from({ length: 700 }, () => GOOD.replace('AM', 'noon'))));
    assert.equal(reading.kind, 'problems');
    assert.equal(reading.problems.length, 500);
    assert.equal(reading.more, 200);
  });
});
