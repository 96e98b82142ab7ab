import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { choiceInput } from './elements.ts';
import { CHOICE, envelope, parseCommand } from './envelope.ts';

describe("a button's data", () => {
  const carried = envelope('checkins.submit', 'c1', 3);

  it('gives choices by their own id, and keeps them apart from what was typed', () => {
    const { id } = choiceInput('status', { label: 'How is it going?', choices: [['at-risk', 'At risk']] });
    assert.equal(id, 'choice-status');
    const command = parseCommand({ ...carried, [String(id)]: 'at-risk', note: 'Evening calls are working.' });
    assert.deepEqual(command, {
      envelope: carried,
      inputs: { status: 'at-risk', note: 'Evening calls are working.' },
      typed: 'Evening calls are working.',
    });
  });

  it('drops from typed words what no store can keep, and knows no id that holds such', () => {
    const command = parseCommand({ ...carried, note: 'Calls\u0000 work.\ud800\n' });
    assert.ok('inputs' in command);
    assert.equal(command.inputs.note, 'Calls work.\ufffd\n');
    assert.ok('reason' in parseCommand({ ...carried, id: 'c\u00001' }));
  });

  it('takes words for words, under whatever id they come', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (name, before) => {
        const words = `${before} is hurt`;
        const command = parseCommand({ ...carried, [`${CHOICE}${name}`]: words });
        assert.ok('typed' in command && command.typed === words);
      }),
    );
  });
});
