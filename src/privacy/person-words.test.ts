import { strict as assert } from 'node:assert';
import { givenNameIn, givenWord, isOrdinary, isPersonId, namingWords } from './person-words.ts';

const ID = '6f1c1f9e-2a55-4a0e-9a46-6f5d4a8f2f10';
const ANN = { name: 'Ann Lee', givenName: 'Ann', mail: 'ann.lee@trust.example', namesakes: 0, sharers: 0 };
const wordsFor = (known: Partial<typeof ANN>) =>
  namingWords(ID, 'erased_1', { ...ANN, ...known }).map(({ word }) => word);

describe('the words by which a person is erased', () => {
  for (const wrong of ['', ' ', 'the', 'Ann Lee', '.*', ID.slice(1), `${ID}0`, `${ID} `])
    it(`takes no "${wrong}" for an id`, () => assert.equal(isPersonId(wrong), false));

  it('takes an id in either letter case', () => assert.ok(isPersonId(ID) && isPersonId(ID.toUpperCase())));

  it('are the id alone when nothing else is known', () =>
    assert.deepEqual(
      namingWords(ID, 'erased_1', undefined).map(({ word }) => word),
      [ID],
    ));

  it('are also an address and a name as cards write them, and as JSON does', () => {
    const words = wordsFor({ name: 'Ann Lee [Ext] "AL"' });
    for (const word of [
      'ann.lee (at) trust (dot) example',
      'Ann Lee \\[Ext\\] "AL"',
      'Ann Lee [Ext] \\"AL\\"',
    ])
      assert.ok(words.includes(word), `${word}: ${words.join(' ')}`);
  });

  it('leave out a name that a colleague has, and what is empty', () => {
    assert.ok(!wordsFor({ namesakes: 1 }).includes('Ann Lee'));
    assert.deepEqual(wordsFor({ name: ' ', mail: '' }), [ID]);
  });

  it('do not lead to a row by a given name that is a word of its own, nor by an account called Reception', () => {
    for (const word of ['Will', 'May', 'June', 'Mark', 'Grace', 'Summer', 'Monday']) {
      assert.ok(isOrdinary(word), word);
      assert.deepEqual(
        givenWord({ ...ANN, givenName: word }, []).map(({ leads, exact }) => [leads, exact]),
        [[false, true]],
      );
    }
    for (const name of ['Aisha', 'Priya', 'Karen']) assert.ok(!isOrdinary(name), name);
    const account = namingWords(ID, 'erased_1', { ...ANN, name: 'Reception', mail: '' });
    assert.deepEqual(
      account.filter(({ leads }) => leads).map(({ word }) => word),
      [ID],
    );
    assert.deepEqual(givenWord({ ...ANN, sharers: 1 }, []), []);
  });

  it('find the given name in either order', () => {
    assert.equal(givenNameIn('Rahman, Aisha J.'), 'Aisha');
    assert.equal(givenNameIn(' Aisha  Rahman'), 'Aisha');
    assert.equal(givenNameIn(''), '');
  });
});
