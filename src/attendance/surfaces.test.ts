import { strict as assert } from 'node:assert';
import { makeWorld } from '../../test/support/disclosure-world.ts';
import { textsIn } from '../../test/support/service.ts';
import type { Card } from '../cards/elements.ts';
import { type Face, type NudgeView, nudgeCard } from './card.ts';
import { shortLine } from './card-lines.ts';
import type { Release } from './release.ts';
import { whyCard } from './side-cards.ts';
import { trustCard } from './trust-card.ts';
import { releaseTrust, type SchoolShare } from './trust-release.ts';
import { tutorCard } from './tutor-card.ts';
import { yearCard } from './year-answer.ts';

const SCHOOLS = 40;
const TODAY = '2026-11-23';

/** Everything that a person may read on a card, shown or behind a button, in a chart or in its words. */
function wordsOf(card: Card): string {
  const chart = JSON.stringify(card.content).match(/"(?:x|y|value)":[^,}\]]+/g) ?? [];
  return [card.summary, card.text, ...textsIn(card.content), ...chart].join(' ');
}

function numbersIn(words: string): string[] {
  return words.replace(/(\d),(?=\d{3})/g, '$1').match(/\d+(?:\.\d+)?/g) ?? [];
}

/** Weeks are named by their dates, whose numbers say nothing of a pupil; figures up to 31 are held to the releases below. */
const DATES =
  /\b\d{1,2} (?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)(?: \d{4})?\b|\b20\d\d\/\d\d\b|\b\d{4}-W?\d{2}(?:-\d{2})?\b|\bat \d{1,2}:\d{2}\b/g;

function numbersOf(value: unknown): string[] {
  return numbersIn(JSON.stringify(value).replace(/"(?:[^"]*)":/g, ' '));
}

describe('every card and answer with figures', () => {
  function view(release: Release, history: readonly Release[], face: Face): NudgeView {
    return {
      release,
      face,
      today: TODAY,
      helper: 'Sam',
      action: 'greet first',
      state: {},
      queried: false,
      history: history.filter(({ week }) => week < release.week),
    };
  }

  function cardsOf(releases: readonly Release[], release: Release): Card[] {
    const share: SchoolShare = { release, all: null, pp: null };
    const faces = (['channel', 'head', 'leaders'] as const).map((face) => view(release, releases, face));
    const [first] = faces;
    return [
      ...faces.map(nudgeCard),
      ...(first ? [whyCard(first, 'Friday 20 November at 17:40')] : []),
      trustCard({
        trustName: 'Tideway',
        week: release.week,
        monday: release.monday,
        figures: releaseTrust(release.week, 2, [share]),
        schools: [{ schoolUrn: '900001', name: release.schoolName, release }],
        queried: new Set(),
        helper: 'Sam',
        action: 'thank one school.',
        state: {},
      }),
      tutorCard({
        schoolUrn: '900001',
        week: release.week,
        groups: release.forms.map(({ key }) => key),
        figures: release.forms,
        until: '2026-12-07',
        helper: 'Sam',
        helpAsked: false,
        stands: true,
      }),
      yearCard(release, { start: 2026, group: undefined, queried: false, today: TODAY }),
    ];
  }

  it('says no number that its releases do not hold', () => {
    let said = 0;
    for (let seed = 1; seed <= SCHOOLS; seed += 1) {
      const { releases } = makeWorld(seed);
      for (const release of releases.slice(2)) {
        const held = new Set([
          ...numbersOf(releases.filter(({ week }) => week <= release.week)),
          '10',
          '100',
          '2',
        ]);
        const words = [...cardsOf(releases, release).map(wordsOf), shortLine(release, TODAY)];
        for (const text of words)
          for (const number of numbersIn(text.replace(DATES, ' '))) {
            said += 1;
            assert(held.has(number), `school ${seed}, ${release.week}: ${number} in "${text}"`);
          }
      }
    }
    assert(said > 1000);
  });
});
