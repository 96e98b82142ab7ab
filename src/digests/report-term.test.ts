import { strict as assert } from 'node:assert';
import { sampleTrust } from '../../test/support/school.ts';
import type { Trust } from '../config/trust.ts';
import { must } from '../kernel/guards.ts';
import { reportScope } from './audience.ts';
import type { TermReport } from './report.ts';
import { termOf } from './report-service.ts';
import { notesOf } from './report-words.ts';

const NOW = new Date('2026-12-20T09:00:00Z');

/** The second school's only term as told; the first's is Tuesday 1 September to Friday 18 December. */
function trustWith(from: string, to: string): Trust {
  const trust = sampleTrust();
  const calendar = must(trust.calendars.default, 'a calendar');
  const [one, two] = [must(trust.schools[0], 'a school'), must(trust.schools[1], 'another')];
  return {
    ...trust,
    calendars: { ...trust.calendars, own: { ...calendar, terms: [{ term: 1, from, to }] } },
    schools: [one, { ...two, calendar: 'own' }],
  };
}

function termIn(trust: Trust, of: 'trust' | readonly string[] = 'trust') {
  const found = termOf(trust, reportScope('ada', of), { term: 'newest' }, NOW);
  if ('kind' in found) throw new Error(found.message);
  return found.term;
}

/** What the report's notes say of the term's dates, if anything. */
function saidOf(term: TermReport['term']): string | undefined {
  const report = { term, threshold: 10, schools: [], trustWeeks: [], milestones: [] };
  return notesOf(report as unknown as TermReport).find(([heading]) => heading === 'Dates of the term')?.[1];
}

describe('the dates of a report on schools with several calendars', () => {
  it('are one school’s, and the report names it and where the term begins or ends in another week', () => {
    for (const [from, to] of [
      ['2026-09-08', '2026-12-18'],
      ['2026-09-01', '2026-12-11'],
    ] as const) {
      const term = termIn(trustWith(from, to));
      assert.deepEqual([term.from, term.to], ['2026-09-01', '2026-12-18']);
      assert.match(must(saidOf(term), 'a note'), /^Those of Harbour Primary\. At Quayside School the term/);
    }
  });

  it('go without saying where every week is of the same term, though days differ', () => {
    assert.equal(saidOf(termIn(trustWith('2026-09-03', '2026-12-17'))), undefined);
  });

  it('are a school’s own in its own report', () => {
    const trust = trustWith('2026-09-08', '2026-12-11');
    const term = termIn(trust, ['100002']);
    assert.deepEqual([term.from, term.to], ['2026-09-08', '2026-12-11']);
    assert.equal(saidOf(term), undefined);
  });
});
