import { strict as assert } from 'node:assert';
import { cardProblems } from '../cards/size.ts';
import {
  type DraftView,
  draftCard,
  draftKey,
  droppedCard,
  movedOnCard,
  pupilNamedCard,
  sentForCard,
  takenBackCard,
} from './draft-card.ts';

const VIEW: DraftView = {
  key: draftKey({ checkinId: 'c1', authorId: 'aisha', messageId: '1' }),
  checkin: {
    id: 'c1',
    milestoneId: 'm1',
    round: '2026-11-23',
    ownerId: 'aisha',
    state: 'open',
    version: 1,
    unchanged: false,
    asked: 1,
    resting: false,
  },
  milestone: {
    id: 'm1',
    title:
      'Every Year 7 family has met their child’s tutor, in person or on the telephone, by the end of term',
    strand: 'families',
    ownerId: 'aisha',
    measure: 'Families reached',
    unit: 'families',
    target: 150,
    due: '2026-12-18',
    everyWeeks: 3,
    firstRound: '2026-11-23',
    ended: false,
  },
  names: { owner: 'Aisha', reviewer: 'Jo' },
  typed: {
    status: 'at-risk',
    confidence: '',
    value: '60',
    note: '',
    blocker: 'waiting on the LA',
    evidence: '',
    unblocker: '',
    unblockerId: '',
  },
  author: 'Aisha',
  own: true,
};

describe('the cards of a draft', () => {
  it('keep every limit, for the owner and for who answers in their place', () => {
    const cards = [
      draftCard(VIEW),
      draftCard({
        ...VIEW,
        author: 'Dee',
        own: false,
        notice: 'Please choose how sure you are of reaching it.',
      }),
      sentForCard({ ...VIEW, author: 'Dee' }),
      droppedCard(),
      takenBackCard(),
      movedOnCard(),
      pupilNamedCard({ name: 'Mel Okafor', phone: 'ext. 204' }),
    ];
    for (const card of cards) assert.deepEqual(cardProblems(card), [], card.text);
  });

  it('say that nothing has been sent, and whose check-in it is', () => {
    assert.match(draftCard(VIEW).text, /Nothing has been sent yet/);
    assert.match(draftCard({ ...VIEW, author: 'Dee', own: false }).text, /for Aisha/);
    const sent = draftCard({ ...VIEW, checkin: { ...VIEW.checkin, state: 'submitted', version: 2 } });
    assert.match(sent.text, /what was sent before stands until you send this/);
    assert.doesNotMatch(sent.text, /Nothing has been sent/);
    assert.deepEqual(cardProblems(sent), []);
  });

  it('can be sent only with what stands in the form', () => {
    const text = JSON.stringify(draftCard(VIEW).content);
    assert.match(text, /"verb":"checkins.send-draft"/);
    assert.doesNotMatch(text, /"associatedInputs":"none"[^}]*send-draft/);
  });
});
