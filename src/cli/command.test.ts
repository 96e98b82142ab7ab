import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { type CommandForm, parseCommandLine } from './command.ts';

const COMMANDS: readonly CommandForm[] = [
  {
    name: 'ask',
    usage: '"QUESTION"',
    summary: 'Asks',
    words: [0, 1],
    options: { as: { type: 'string' } },
  },
  { name: 'marks import', usage: 'FILE', summary: 'Reads marks', words: [1, 1] },
  { name: 'marks week', usage: '--week W', summary: 'Shows', options: { week: { type: 'string' } } },
];

const parse = (...argv: string[]) => parseCommandLine(argv, COMMANDS);

describe('a command line', () => {
  it('names a command of one word or two, with its words and options', () => {
    const asked = parse('ask', 'Why is it so?', '--as', 'ada', '--json');
    assert.ok(asked.kind === 'run');
    assert.deepEqual(
      [asked.command.name, asked.words, asked.options.as, asked.json],
      ['ask', ['Why is it so?'], 'ada', true],
    );
    const shown = parse('marks', 'week', '--week=2026-W47');
    assert.ok(shown.kind === 'run');
    assert.deepEqual([shown.command.name, shown.options.week, shown.json], ['marks week', '2026-W47', false]);
  });

  it('shows what there is when nothing, help or half a command is given', () => {
    for (const argv of [[], ['help'], ['--help'], ['-h']]) {
      const shown = parse(...argv);
      assert.ok(shown.kind === 'help');
      for (const { name, summary } of COMMANDS)
        assert.ok(shown.text.includes(name) && shown.text.includes(summary));
    }
    const family = parse('marks');
    assert.ok(
      family.kind === 'help' && /marks week/.test(family.text) && !/ask "QUESTION"/.test(family.text),
    );
    const own = parse('marks', 'import', '--help');
    assert.ok(own.kind === 'help' && /npm run -s cli -- marks import FILE/.test(own.text));
  });

  const wrong: readonly (readonly [RegExp, ...string[]])[] = [
    [/There is no command "fly"/, 'fly'],
    [/marks week/, 'marks', 'fly'],
    [/Something is missing/, 'marks', 'import'],
    [/"b\.csv" is one word too many/, 'marks', 'import', 'a.csv', 'b.csv'],
    [/Unknown option '--on'/, 'ask', '--on'],
    [/argument missing/, 'ask', '--as'],
  ];
  for (const [words, ...argv] of wrong) {
    it(`says in a sentence and the usage what is wrong with "${argv.join(' ')}"`, () => {
      const told = parse(...argv);
      assert.ok(told.kind === 'wrong');
      assert.match(told.text, words);
      assert.match(told.text, /npm run -s cli/);
      assert.doesNotMatch(told.text, /\n\s+at /);
    });
  }

  it('never throws, whatever is typed', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('ask', 'marks', 'week', '--json', '--', '-h', '--as'));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
        assert.ok(['run', 'help', 'wrong'].includes(parseCommandLine(argv, COMMANDS).kind));
      }),
    );
  });
});
