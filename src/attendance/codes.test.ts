import { strict as assert } from 'node:assert';
import { CODES, isLegacy, isMissing, PENALTY_CODES, ruleOf } from './codes.ts';

function codesThat(counts: string): string {
  return CODES.filter((rule) => rule.counts === counts && rule.to === undefined)
    .map((rule) => rule.code)
    .toSorted()
    .join(' ');
}

describe('the code table', () => {
  it('holds every code of the 2024 regulations once, in its class', () => {
    assert.equal(codesThat('present'), '/ L \\');
    assert.equal(codesThat('approved-activity'), 'B K P V W');
    assert.equal(codesThat('authorised'), 'C C1 C2 E I J1 M R S T');
    assert.equal(codesThat('unauthorised'), 'G N O U');
    assert.equal(codesThat('not-possible'), 'D Q X Y1 Y2 Y3 Y4 Y5 Y6 Y7');
    assert.equal(codesThat('not-collected'), '# Z');
    assert.equal(new Set(CODES.map((rule) => rule.code)).size, CODES.length);
  });

  it('does not read a code by its first letter: J was attended, J1 is absence', () => {
    assert.equal(ruleOf('J')?.counts, 'approved-activity');
    assert.equal(ruleOf('J1')?.counts, 'authorised');
    assert.equal(ruleOf('Y')?.counts, 'not-possible');
    for (const text of ['i', 'C3', 'YY', 'present', 'constructor']) assert.equal(ruleOf(text), undefined);
  });

  it('knows the day on which a legacy code ended', () => {
    const rule = ruleOf('H');
    assert(rule);
    assert.equal(isLegacy(rule, '2024-08-18'), false);
    assert.equal(isLegacy(rule, '2024-08-19'), true);
    const today = ruleOf('I');
    assert(today);
    assert.equal(isLegacy(today, '2030-01-01'), false);
  });

  it('takes an empty cell and a dash as no mark', () => {
    assert.deepEqual([null, undefined, '', '-', '/', '0'].map(isMissing), [
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('counts exactly the unauthorised codes towards a penalty notice', () => {
    const unauthorised = CODES.filter((rule) => rule.counts === 'unauthorised').map((rule) => rule.code);
    assert.deepEqual([...PENALTY_CODES].toSorted(), unauthorised.toSorted());
  });
});
