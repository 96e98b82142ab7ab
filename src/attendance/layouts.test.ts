import { strict as assert } from 'node:assert';
import { compulsorySpan } from './age.ts';
import { createMarksReader, type MarksOptions, type MarksReading } from './marks.ts';

const OPTIONS: MarksOptions = { schools: new Set(['900001', '900002']), today: '2026-11-21' };

function read(text: string, more: Partial<MarksOptions> = {}): MarksReading {
  const reader = createMarksReader({ ...OPTIONS, ...more });
  reader.take(text);
  return reader.finish();
}

function marks(text: string, more: Partial<MarksOptions> = {}) {
  const reading = read(text, more);
  if (reading.kind !== 'marks') assert.fail(JSON.stringify(reading));
  return reading;
}

function problems(text: string, more: Partial<MarksOptions> = {}): string[] {
  const reading = read(text, more);
  if (reading.kind !== 'problems') assert.fail(reading.kind);
  return reading.problems.map(({ line, column, reason }) =>
    [line, column, reason].filter((part) => part !== '').join(': '),
  );
}

const HALVES = 'MonAM,MonPM,TueAM,TuePM,WedAM,WedPM,ThuAM,ThuPM,FriAM,FriPM';

describe('the layouts', () => {
  it('are known by their columns: a week in one row reads as the same ten rows do', () => {
    const wide = marks(
      `school_urn,pupil_id,year_group,week_commencing,${HALVES}\n900001,7,5,2026-11-16,/,\\,I,I,/,\\,L,\\,/,\\\n`,
    );
    const codes = ['/', '\\', 'I', 'I', '/', '\\', 'L', '\\', '/', '\\'];
    const rows = codes.map(
      (code, place) => `900001,7,5,2026-11-${16 + (place >> 1)},${place % 2 ? 'PM' : 'AM'},${code}`,
    );
    const long = marks(`school_urn,pupil_id,year_group,date,session,mark\n${rows.join('\n')}\n`);
    assert.deepEqual(wide.grid.dates, long.grid.dates);
    assert.deepEqual(wide.grid.pupils[0]?.cells.slice(0, 10), long.grid.pupils[0]?.cells.slice(0, 10));
  });

  it('take a day that is blank for the whole school for no day, and one that is blank for a pupil for missing marks', () => {
    const head = `school_urn,pupil_id,week_commencing,${HALVES}\n`;
    const week = marks(
      `${head}900001,7,2026-11-16,/,\\,,,/,\\,/,\\,,\n900001,8,2026-11-16,/,\\,/,\\,/,\\,/,\\,,\n`,
    );
    const [first] = week.grid.pupils;
    assert.deepEqual([...(first?.cells.slice(0, 10) ?? [])], [2, 2, 1, 1, 2, 2, 2, 2, 0, 0]);
    assert.deepEqual(
      problems(`${head}900001,7,2026-11-16,/,\\,/,\\,/,\\,/,\\,/,\\\n`, { today: '2026-11-18' }),
      [
        '2: week_commencing: 2026-11-19 has marks and has not come yet',
        '2: week_commencing: 2026-11-20 has marks and has not come yet',
      ],
    );
    assert.deepEqual(problems(`${head}900001,7,2026-11-17,/,\\,/,\\,/,\\,/,\\,/,\\\n`), [
      '2: week_commencing: 2026-11-17 is not a Monday',
    ]);
  });

  it('may use the names of other systems, and those that a trust adds', () => {
    const bromcom = marks(
      'StudentId,Upn,YearGroup,TutorGroup,CalendarStartDate,PeriodDisplayName,Mark,AttendanceComment,IsPupilPremium,SendStatusCode\n7,,5,5A,2026-11-16T00:00:00,AM,/,said hello,true,K\n',
      { schoolUrn: '900001' },
    );
    assert.deepEqual(bromcom.notes, ['Not needed, dropped unread: attendancecomment.']);
    assert.deepEqual(bromcom.grid.contexts, [{ year: '5', pp: 'yes', sen: 'K', reg: '5A' }]);
    marks('student,recordDate,session,attendanceMark,minutesLate\n7,2026-11-16,AM,/,\n', {
      schoolUrn: '900001',
    });
    marks(
      'student,date,session,attendance_code,minutes_late,current_nc_year,sen_status,premium_pupil_indicator\n7,2026-11-16,AM,/,,5,N,0\n',
      { schoolUrn: '900001' },
    );
    const own = { schoolUrn: '900001', columns: { Kürzel: 'mark', 'Pupil No.': 'pupil_id' } };
    marks('Pupil No.,Date,Session,Kürzel\n7,2026-11-16,AM,/\n', own);
    assert.deepEqual(
      problems('Pupil No.,Date,Session,Kürzel\n7,2026-11-16,AM,/\n', { schoolUrn: '900001' }),
      ['1: the column pupil_id is missing', '1: the column mark is missing'],
    );
    assert.deepEqual(problems(`school_urn,pupil_id,date,session,mark,week_commencing,${HALVES}\n`), [
      '1: the columns are of two layouts at once; keep those of one',
    ]);
  });

  it('take an empty pp or sen for no only where the trust says that it means no', () => {
    const text = 'school_urn,pupil_id,date,session,mark,pp,sen\n900001,7,2026-11-16,AM,/,,\n';
    assert.deepEqual(problems(text), ['2: pp: must be Y or N', '2: sen: must be N, K or E']);
    const said = marks(text, { blankMeansNo: true });
    assert.deepEqual(said.grid.contexts, [{ year: 'unknown', pp: 'no', sen: 'N', reg: '' }]);
  });

  it('take totals that add up, with no pupil in them, and refuse what cannot be', () => {
    const head =
      'school_urn,week_commencing,group_type,group,pupils,possible,attended,authorised,unauthorised,late_before,late_after\n';
    const good = read(
      `${head}900001,2026-11-16,all,all,60,600,570,20,10,5,3\n900001,2026-11-16,pp,Y,20,200,180,15,5,2,1\n900001,2026-11-16,sex,F,30,300,290,5,5,0,0\n`,
    );
    if (good.kind !== 'totals') assert.fail(JSON.stringify(good));
    assert.deepEqual(
      good.notes.map((note) => note.slice(0, 45)),
      [
        'Groups not needed, dropped unread: sex.',
        'There are no rows for days, so every session ',
        'There are no rows for pupils who are not pp: ',
      ],
    );
    assert.deepEqual(
      good.weeks.map((week) => [
        week.schoolUrn,
        week.week,
        week.groups.map((one) => `${one.type} ${one.key} ${one.present}`),
      ]),
      [['900001', '2026-W47', ['all all 570', 'pp no 390', 'pp yes 180']]],
    );
    assert.deepEqual(problems(`${head}900001,2026-11-16,all,all,60,601,570,20,10,0,0\n`), [
      '2: attended, authorised and unauthorised make 600, possible is 601',
      '2: 601 sessions are more than ten for each of 60 pupils',
    ]);
    assert.deepEqual(problems(`${head}900001,2026-11-16,pp,Y,20,200,180,15,5,0,0\n`), [
      '2: group_type: school 900001, week of 2026-11-16: there is no row for the whole school (all)',
    ]);
    assert.deepEqual(
      problems(
        `${head}900001,2026-11-16,all,all,60,600,570,20,10,0,0\n900001,2026-11-16,all,all,60,600,570,20,10,0,0\n`,
      ),
      ['3: group: gives this group’s week a second time'],
    );
  });

  it('turn a date of birth into a yes or no, and say where X stands for a child of compulsory age', () => {
    assert.deepEqual(compulsorySpan('2021-09-01'), { from: '2026-12-31', to: '2038-06-25' });
    assert.deepEqual(compulsorySpan('2021-08-31'), { from: '2026-08-31', to: '2037-06-26' });
    assert.deepEqual(compulsorySpan('2022-01-15'), { from: '2027-03-31', to: '2038-06-25' });
    const head = 'school_urn,pupil_id,date,session,mark,dob\n';
    const four = marks(`${head}900001,7,2026-11-16,AM,X,2022-01-15\n`);
    assert.deepEqual(four.notes, ['There is no column pp, so the gap cannot be worked out.']);
    const six = marks(`${head}900001,7,2026-11-16,AM,X,2020-01-15\n`);
    assert.match(six.notes[1] ?? '', /1 mark is of pupils who are/);
    assert.deepEqual(problems(`${head}900001,7,2026-11-16,AM,/,2020-13-15\n`), [
      '2: dob: is not a date of birth such as 2015-11-23',
    ]);
  });

  it('keep two pupils from sharing one number', () => {
    const head = 'school_urn,pupil_id,upn,date,session,mark\n';
    assert.deepEqual(
      problems(`${head}900001,7,H801200001001,2026-11-16,AM,/\n900001,8,H801200001001,2026-11-16,AM,/\n`),
      ['3: upn: is another pupil’s further up'],
    );
  });
});
