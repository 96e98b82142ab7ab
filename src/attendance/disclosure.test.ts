import { strict as assert } from 'node:assert';
import { attack } from '../../test/support/disclosure-attack.ts';
import { DEFENCES, TAKEN } from '../../test/support/disclosure-facts.ts';
import { CALENDAR, makeWorld } from '../../test/support/disclosure-world.ts';
import { type Highs, openHighs } from '../../test/support/highs.ts';
import { reasonsDueIn } from './reasons-due.ts';
import { Body } from './release-shape.ts';

/** The whole campaign is `npm run bench:disclosure -- --full`. */
const SCHOOLS = 30;
const TRIES = 150;

describe('an onlooker who sees everything shown over six weeks', function () {
  this.timeout(120_000);
  let highs: Highs;
  before(async () => {
    highs = await openHighs();
  });

  it('bounds no group of one to nine pupils, whoever joins, leaves or is corrected', () => {
    let groups = 0;
    for (let seed = 1; seed <= SCHOOLS; seed += 1) {
      const found = attack(makeWorld(seed), seed, highs);
      groups += found.groups;
      assert.deepEqual(found.recovered, [], `school ${seed}`);
    }
    assert(groups > 1000);
  });

  it('learns nothing from the days by which reasons are due: they are the calendar’s, and stand wherever the number awaited does', () => {
    let told = 0;
    for (let seed = 1; seed <= SCHOOLS; seed += 1)
      for (const { week, reasonsAwaited, reasonsDue } of makeWorld(seed).releases) {
        assert.deepEqual(reasonsDue, reasonsAwaited === null ? null : reasonsDueIn(CALENDAR, week));
        if (reasonsDue) told += 1;
      }
    assert(told > 0);
  });

  it('is given every part of a release, which is all that a card, an answer, a digest and a report are made of', () => {
    assert.deepEqual(Object.keys(TAKEN).toSorted(), Object.keys(Body.shape).toSorted());
  });

  for (const defence of DEFENCES)
    it(`finds small groups out when the defence "${defence}" is missing`, () => {
      for (let seed = 1; seed <= TRIES; seed += 1)
        if (attack(makeWorld(seed), seed, highs, defence).recovered.length > 0) return;
      assert.fail(`nothing was found out in ${TRIES} schools`);
    });
});
