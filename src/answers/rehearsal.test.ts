import { strict as assert } from 'node:assert';
import { cutPassages, type DocumentFacts } from './corpus.ts';
import { rehearse } from './rehearsal.ts';
import { buildIndex } from './retrieval.ts';
import { takeTurn } from './turn.ts';

const DOC: DocumentFacts = { id: 'guide.md', title: 'Guide', kind: 'policy' };
const BLOCKS = [
  { kind: 'heading', level: 1, text: 'Guide' },
  { kind: 'heading', level: 2, text: 'Bicycles' },
  { kind: 'paragraph', text: 'Bicycles stand in the covered racks.' },
] as const;

describe('the rehearsal', () => {
  it('runs on any documents, even on none, and changes no answer', () => {
    rehearse(buildIndex([], []));
    const [fresh, rehearsed] = [1, 2].map(() => buildIndex([DOC], cutPassages(DOC, BLOCKS)));
    assert.ok(fresh && rehearsed);
    rehearse(rehearsed);
    const asked = 'Where do bicycles stand?';
    const [one, other] = [fresh, rehearsed].map((index) => takeTurn(asked, undefined, index));
    assert.match(JSON.stringify(one), /covered racks/);
    assert.deepEqual(other, one);
  });
});
