import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { createByteReader } from './encoding.ts';

function decode(bytes: Uint8Array, cuts: readonly number[] = []) {
  const reader = createByteReader();
  const points = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  let text = '';
  for (let index = 1; index < points.length; index += 1) {
    const read = reader.take(bytes.subarray(points[index - 1], points[index]));
    if ('problem' in read) return read.problem;
    text += read.text;
  }
  const rest = reader.end();
  return 'problem' in rest ? rest.problem : { text: text + rest.text, note: reader.note() };
}

const NAME = 'pupil_id,surname\n1,Zoë O’Hara\n2,Łukasz\n';

describe('the encoding of a file', () => {
  it('is found out for UTF-8 and UTF-16, wherever the chunks end', () => {
    const files = [
      Buffer.from(NAME),
      Buffer.from(`\uFEFF${NAME}`),
      Buffer.from(`\uFEFF${NAME}`, 'utf16le'),
      Buffer.from(`\uFEFF${NAME}`, 'utf16le').swap16(),
      Buffer.from('pupil_id,mark,session,date\n1,/,AM,2026\n', 'utf16le'),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(fc.nat(), { maxLength: 8 }), (bytes, cuts) => {
        const read = decode(bytes, cuts);
        assert(typeof read !== 'string', String(read));
        assert.equal(read.text.replace(/^\uFEFF/, '').startsWith('pupil_id'), true);
        if (bytes !== files[4]) assert.equal(read.text.replace(/^\uFEFF/, ''), NAME);
      }),
    );
  });

  it('is Windows-1252 only where it can be nothing else, and that is said', () => {
    const read = decode(Buffer.from('1,Zo\u00eb O\u0092Hara\n'.repeat(3), 'latin1'));
    assert.deepEqual(read, {
      text: '1,Zoë O’Hara\n'.repeat(3),
      note: 'The file is in Windows-1252, not UTF-8.',
    });
    for (const other of ['1,Zo\u0091 \u00a4\n', '1,Ren\u008ee\n', '1,Mu\u0096oz\n', '1,\u0081\n'])
      assert.match(
        String(decode(Buffer.from(other.padStart(40, 'x'), 'latin1'))),
        /neither UTF-8 nor surely/,
      );
  });

  it('is refused when it changes in the middle, breaks off, or the file is no text', () => {
    const mixed = Buffer.concat([Buffer.from(NAME), Buffer.from('3,Zo\u00eb\n', 'latin1')]);
    assert.match(String(decode(mixed)), /mixes two encodings/);
    assert.match(String(decode(Buffer.from(NAME, 'utf16le').subarray(0, 41))), /characters that no CSV has/);
    assert.match(String(decode(Buffer.from('a,b\n\0\0\0'.padStart(60, 'x')))), /characters that no CSV has/);
    assert.match(String(decode(Buffer.from('PK\x03\x04workbook'))), /Excel workbook/);
    assert.match(String(decode(Buffer.from('<!DOCTYPE html><table>'))), /web page/);
  });
});
