import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import Papa from 'papaparse';
import { cellOf, createLineReader } from './lines.ts';

type Read = {
  readonly rows: { readonly cells: string[]; readonly line: number }[];
  readonly faults: string[];
};

function read(text: string, cuts: readonly number[] = [], lead = 0): Read {
  const rows: { cells: string[]; line: number }[] = [];
  const faults: string[] = [];
  const reader = createLineReader({
    row: (row) => {
      rows.push({
        cells: Array.from({ length: row.count }, (_, place) => cellOf(row, place)),
        line: row.line,
      });
      return true;
    },
    fault: (reason, line) => faults.push(`${line}: ${reason}`),
  });
  reader.expectLead(lead);
  const points = [0, ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  points.slice(1).forEach((point, index) => {
    reader.take(text.slice(points[index], point));
  });
  reader.end();
  return { rows, faults };
}

/** The library's reading: line ends made one, outer blanks taken off, empty lines left out. */
function oracle(text: string): string[][] {
  const plain = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  return Papa.parse<string[]>(plain, { delimiter: ',', newline: '\n' })
    .data.map((cells) => cells.map((cell) => cell.replace(/^[ \t]+|[ \t]+$/g, '')))
    .filter((cells) => cells.length > 1 || cells[0] !== '');
}

const plainCell = fc.string({
  unit: fc.constantFrom('a', 'B', '7', '/', '\\', ' ', '-', 'é'),
  maxLength: 6,
});
const quotedCell = fc
  .string({ unit: fc.constantFrom('a', ',', '\n', '\r\n', '"', ' '), maxLength: 6 })
  .map((text) => `"${text.replaceAll('"', '""')}"`);
const row = fc.array(fc.oneof({ weight: 4, arbitrary: plainCell }, quotedCell), {
  minLength: 1,
  maxLength: 5,
});
const file = fc
  .tuple(
    fc.array(row, { maxLength: 8 }),
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.boolean(),
    fc.constantFrom('', '\uFEFF'),
  )
  .map(
    ([rows, end, last, mark]) => mark + rows.map((cells) => cells.join(',')).join(end) + (last ? end : ''),
  );

describe('lines', () => {
  it('are cut as papaparse cuts them, wherever the chunks end', () => {
    fc.assert(
      fc.property(file, fc.array(fc.nat(), { maxLength: 8 }), fc.nat(3), (text, cuts, lead) => {
        const { rows, faults } = read(text, cuts, lead);
        assert.deepEqual(faults, []);
        assert.deepEqual(
          rows.map(({ cells }) => cells.map((cell) => cell.replace(/\r\n?/g, '\n'))),
          oracle(text),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('are numbered as a text editor numbers them, over line ends in quotation marks', () => {
    const { rows } = read('a,b\n"x\r\ny\n",2\n\n"z",3\r\nlast,4');
    assert.deepEqual(
      rows.map(({ line }) => line),
      [1, 2, 6, 7],
    );
  });

  it('that never end are refused on the line where they begin, however they come', () => {
    const long = `a,b\nc,"${'x'.repeat(150_000)}`;
    for (const cuts of [[], [10, 70_000, 120_000]])
      assert.deepEqual(read(long, cuts).faults, ['2: a line does not end; is a quotation mark left open?']);
    assert.deepEqual(read(`a\n${'y'.repeat(150_000)}\nb\n`).faults, [
      '2: a line does not end; is a quotation mark left open?',
    ]);
  });

  it('whose quotation marks do not pair up are named, and what follows is still read', () => {
    const { rows, faults } = read('a,b\n"x"y,1\nc,2\nd,"open');
    assert.deepEqual(faults, [
      '2: the quotation marks do not pair up',
      '4: the quotation marks do not pair up',
    ]);
    assert.deepEqual(
      rows.map(({ cells }) => cells),
      [
        ['a', 'b'],
        ['c', '2'],
      ],
    );
  });
});
