import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { AppError, assertNever, messageOf } from './errors.ts';

/** What a parser says of words it cannot read. */
function refusalOf(words: string): unknown {
  try {
    return JSON.parse(words);
  } catch (error) {
    return error;
  }
}

describe('the message of a fault, as logs, tables and operators have it', () => {
  it('leaves out what another library quotes, which may be somebody’s words', () => {
    assert.equal(messageOf(refusalOf('Aisha is ill')), 'Unexpected token … is not valid JSON');
    const said: readonly (readonly [string, string])[] = [
      [
        'invalid input syntax for type integer: "Aisha "Ash" isn\'t in"',
        'invalid input syntax for type integer: …',
      ],
      [
        'Headers.append: "Bearer eyJ0.eyJ1.c2ln" is an invalid header value.',
        'Headers.append: … is an invalid header value.',
      ],
      ["open 'C:/marks/7B Aisha Rahman.csv", 'open …'],
    ];
    for (const [message, kept] of said) assert.equal(messageOf(new Error(message)), kept);
  });

  it('keeps nothing of any words that a parser was given', () => {
    const words = fc.array(fc.constantFrom('Zanzibar', 'Marmalade', '"', "'", '`', ' ', '{', ',', ':', '1'), {
      minLength: 1,
    });
    fc.assert(
      fc.property(words, (parts) => {
        const message = messageOf(refusalOf(`Zanzibar${parts.join('')}`));
        assert.doesNotMatch(message, /anzibar|armalade/);
      }),
    );
  });

  it('keeps names of columns and properties, other words, and all that we say ourselves', () => {
    for (const message of [
      'null value in column "person_id" of relation "checkins" violates not-null constraint',
      "Cannot read properties of undefined (reading 'trustFile')",
      "connect ECONNREFUSED 127.0.0.1:5432, and that's all",
    ])
      assert.equal(messageOf(new Error(message)), message);
    const ours = 'The calendar "Rivers and Hills" has no terms.';
    assert.equal(messageOf(new AppError('calendar', ours, { remedy: 'Add them.' })), ours);
  });

  it('tells of a value that nobody foresaw what it is, and not what it says', () => {
    for (const [value, told] of [
      ['rejected', 'rejected'],
      ['Aisha is ill', 'a text'],
      [{ kind: 'note', note: 'Aisha is ill' }, 'an object of kind, note'],
      [7, '7'],
    ] as const)
      assert.throws(() => assertNever(value as never), { message: `Unexpected value: ${told}` });
  });
});
