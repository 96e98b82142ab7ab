import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  isProblem,
  isWorthKeeping,
  NOTE_LIMIT,
  readAnswer,
  readComment,
  type Typed,
  typedAgain,
  typedFrom,
} from './form.ts';

const GOOD = {
  status: 'on-track',
  confidence: 'high',
  value: '96',
  note: ' Calls work. ',
  blocker: '',
  evidence: '',
};

function said(inputs: Readonly<Record<string, string>>): string {
  const answer = readAnswer(typedFrom({ ...GOOD, ...inputs }));
  return isProblem(answer) ? answer.message : 'taken';
}

describe('the form', () => {
  it('reads a whole answer, and fills itself again from it', () => {
    const answer = readAnswer(typedFrom(GOOD));
    assert.deepEqual(answer, {
      status: 'on-track',
      confidence: 'high',
      value: 96,
      note: 'Calls work.',
      blocker: '',
      evidence: '',
    });
    assert.ok(!isProblem(answer));
    assert.deepEqual(readAnswer(typedAgain(answer)), answer);
  });

  const VALUES: readonly (readonly [typed: string, wanted: number | undefined | 'refused'])[] = [
    ['', undefined],
    ['1,200', 1200],
    ['62.5', 62.5],
    ['62%', 62],
    ['-3', -3],
    ['-0', 0],
    ['about 90', 'refused'],
    ['1e9', 'refused'],
    ['NaN', 'refused'],
    ['0x10', 'refused'],
    ['9999999999', 'refused'],
    ['12/30', 'refused'],
  ];
  for (const [typed, wanted] of VALUES) {
    it(`takes "${typed}" as ${wanted}`, () => {
      const answer = readAnswer(typedFrom({ ...GOOD, value: typed }));
      if (wanted === 'refused') assert.ok(isProblem(answer));
      else assert.equal(!isProblem(answer) && answer.value, wanted);
    });
  }

  const LINKS: readonly (readonly [typed: string, taken: boolean])[] = [
    ['https://tideway.example/minutes', true],
    ['http://tideway.example/minutes', false],
    ['javascript:alert(1)', false],
    ['https://user:word@tideway.example/', false],
    ['https://tideway.example\\@evil.example', false],
    ['https://localhost/x', false],
    ['https://a b.example', false],
    ['see SharePoint', false],
    [`https://tideway.example/${'x'.repeat(600)}`, false],
  ];
  for (const [typed, taken] of LINKS) {
    it(`${taken ? 'takes' : 'refuses'} the link ${typed.slice(0, 50)}`, () => {
      assert.equal(said({ evidence: typed }) === 'taken', taken);
    });
  }

  it('says one thing at a time, in the order of the form', () => {
    assert.match(said({ status: '', confidence: '', value: 'x' }), /how it is going/);
    assert.match(said({ confidence: 'very', value: 'x' }), /how sure/);
    assert.match(said({ value: 'x' }), /as a number/);
    assert.match(said({ note: 'x'.repeat(NOTE_LIMIT + 1) }), /500 characters/);
    assert.match(said({ blocker: 'x'.repeat(301) }), /300 characters/);
  });

  it('takes who could unblock: one who was offered, or words, and only with something in the way', () => {
    const concerned = [{ id: 'head1', name: 'Jo Marsh' }];
    const named = (inputs: Record<string, string>) => {
      const answer = readAnswer(typedFrom({ ...GOOD, blocker: 'The council', ...inputs }), {}, concerned);
      return isProblem(answer) ? answer.message : [answer.unblocker, answer.unblockerId];
    };
    assert.deepEqual(named({}), [undefined, undefined]);
    assert.deepEqual(named({ unblockerId: 'head1' }), ['Jo Marsh', 'head1']);
    assert.deepEqual(named({ unblockerId: 'nobody' }), [undefined, undefined]);
    assert.deepEqual(named({ unblockerId: 'nobody', unblocker: ' the LA ' }), ['the LA', undefined]);
    assert.deepEqual(named({ unblockerId: 'head1', blocker: '' }), [undefined, undefined]);
    assert.match(String(named({ unblockerId: 'ada' })), /^Please choose again who could/);
    assert.match(String(named({ unblockerId: 'head1', unblocker: 'the LA' })), /one of the two/);
    assert.match(String(named({ blocker: '', unblocker: 'the LA' })), /say what is in the way too/);
    assert.match(String(named({ unblocker: 'x'.repeat(81) })), /80 characters/);
  });

  it('fills the form again with whom was named, and counts nothing new as nothing new', () => {
    const answer = readAnswer(typedFrom({ ...GOOD, blocker: 'Dates', unblockerId: 'head1' }), {}, [
      { id: 'head1', name: 'Jo Marsh' },
    ]);
    assert.ok(!isProblem(answer));
    const again = typedAgain(answer);
    assert.deepEqual([again.unblocker, again.unblockerId], ['', 'head1']);
    assert.equal(isWorthKeeping(again, answer), false);
    assert.equal(isWorthKeeping({ ...again, unblockerId: '', unblocker: 'the LA' }, answer), true);
  });

  it('keeps a comment, and asks for one that is missing', () => {
    assert.equal(readComment({ comment: ' Which families? ' }), 'Which families?');
    for (const inputs of [{}, { comment: '  ' }, { comment: 'x'.repeat(501) }])
      assert.equal(typeof readComment(inputs), 'object');
  });

  it('gives an answer or one sentence for anything at all', () => {
    const field = fc.oneof(fc.string({ maxLength: 2000 }), fc.constantFrom('on-track', 'high', '96', ''));
    const typed: fc.Arbitrary<Typed> = fc.record({
      status: field,
      confidence: field,
      value: field,
      note: field,
      blocker: field,
      evidence: field,
      unblocker: field,
      unblockerId: field,
    });
    fc.assert(
      fc.property(typed, (inputs) => {
        const answer = readAnswer(typedFrom(inputs));
        if (isProblem(answer)) assert.match(answer.message, /^(Please|That)[^.]+\.|^That figure/);
        else assert.ok(answer.evidence === '' || answer.evidence.toLowerCase().startsWith('https://'));
      }),
    );
  });
});
