import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { stopwatch } from '../kernel/time.ts';
import { createLog, type LogFields } from './log.ts';
import { redact } from './redact.ts';
import { attributesOf, type SpanFields } from './trace.ts';

const SECRET = 'zanzibar marmalade';
const FORBIDDEN = [
  ...['text', 'question', 'note', 'upn', 'dob', 'surname', 'forename', 'mark', 'authorization', 'card'],
  ...[
    'Authorization',
    'questionText',
    'review_note',
    'X-Authorization',
    'displayName',
    'TEXT',
    'client-secret',
  ],
];

function lineOf(fields: LogFields): string {
  const lines: string[] = [];
  createLog('debug', { write: (line) => lines.push(line) }).warn('something was done', fields);
  assert.equal(lines.length, 1);
  return lines[0] ?? '';
}

class Wrapped {
  readonly #inner: unknown;
  constructor(inner: unknown) {
    this.#inner = inner;
  }
  toJSON() {
    return { inner: this.#inner };
  }
}

/** Ways in which one thing can lie within another. */
const WRAPPINGS: readonly ((inner: unknown) => unknown)[] = [
  (inner) => ({ of: inner }),
  (inner) => [1, inner],
  (inner) => new Set([inner]),
  (inner) => new Map([['of', inner]]),
  (inner) => new Error(SECRET, { cause: inner }),
  (inner) => Object.assign(new Error(SECRET), { detail: inner }),
  (inner) => new AggregateError([inner], SECRET),
  (inner) => new Wrapped(inner),
  (inner) => Object.assign(Object.create(null), { of: inner }),
];

describe('what is taken out of a log line', () => {
  it('is whatever could carry words of people, at any depth, in objects, lists, errors and their causes', () => {
    const planted = fc.oneof(
      fc.constant(SECRET),
      fc.constant([SECRET]),
      fc.constant({ deep: { deeper: SECRET } }),
      fc.constant(new Wrapped(SECRET)),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...FORBIDDEN),
        planted,
        fc.array(fc.nat(WRAPPINGS.length - 1), { maxLength: 12 }),
        fc.object({ key: fc.stringMatching(/^[a-z]{1,3}Id$/), maxDepth: 2 }),
        (name, value, ways, others) => {
          const inner = ways.reduce<unknown>((within, way) => WRAPPINGS[way]?.(within), {
            ...others,
            [name]: value,
          });
          const line = lineOf({ delivery: 'dlv_1', inner });
          assert.ok(!line.includes(SECRET), line);
          const read = JSON.parse(line) as Record<string, unknown>;
          assert.equal(read.delivery, 'dlv_1');
          assert.equal(read.msg, 'something was done');
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is nothing of what says how a thing was done', () => {
    const fields = {
      delivery: 'd',
      codes: [1, 'two', null],
      of: { at: true, run: { week: '2026-W47' } },
      askedAt: 1,
    };
    assert.deepEqual(redact(fields), fields);
    const fault = Object.assign(new RangeError('quoted'), {
      code: 'too-far',
      cause: new TypeError('quoted'),
    });
    assert.deepEqual(redact({ fault }), {
      fault: { type: 'RangeError', code: 'too-far', cause: { type: 'TypeError' } },
    });
    assert.deepEqual(redact({ fault: new Error('', { cause: 'quoted' }) }), {
      fault: { type: 'Error', cause: '[string]' },
    });
    const row = { detail: `Failing row contains (${SECRET}).`, query: 'insert', params: [SECRET] };
    assert.deepEqual(redact({ fault: Object.assign(new Error('refused'), { code: '23502', ...row }) }), {
      fault: { type: 'Error', code: '23502' },
    });
  });

  it('never ends what it tells of, whatever it is given', () => {
    const circle: Record<string, unknown> = {};
    circle.again = circle;
    const thrower = {
      get of() {
        throw new Error(SECRET);
      },
    };
    for (const odd of [
      circle,
      thrower,
      Buffer.alloc(1e6, 'x'),
      'x'.repeat(1e6),
      Array(1e5).fill('x'),
      Symbol('x'),
      1n,
    ])
      assert.ok(lineOf({ odd }).length < 10_000);
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withMap: true, withSet: true, withNullPrototype: true }),
        (odd) => {
          JSON.parse(lineOf({ odd }));
        },
      ),
      { numRuns: 2_000 },
    );
    lineOf({ odd: JSON.parse('{"__proto__":{"polluted":true}}') });
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });

  it('costs no more than a few microseconds a line, and nothing of a line that is not written', () => {
    const fields = {
      channel: 'c',
      code: 'graph-refused',
      tries: 3,
      of: { state: 'listening', at: [1, 2, 3] },
    };
    const elapsed = stopwatch();
    for (let n = 0; n < 100_000; n += 1) redact(fields);
    assert.ok(elapsed() < 3_000, `${elapsed()} ms`);
    let looked = false;
    const seen = {
      get of() {
        looked = true;
        return 1;
      },
    };
    createLog('warn', { write: () => undefined }).debug('not written', { seen });
    assert.equal(looked, false);
  });
});

describe('what a span says', () => {
  it('is what its type names and nothing else, whatever it is given', () => {
    fc.assert(
      fc.property(fc.object({ withBigInt: true }), fc.constantFrom(...FORBIDDEN), (others, name) => {
        const fields = {
          ...others,
          [name]: SECRET,
          verb: 'checkins.approve',
          kind: { text: SECRET },
          count: 2,
        };
        assert.deepEqual(attributesOf(fields as unknown as SpanFields), {
          verb: 'checkins.approve',
          count: 2,
        });
      }),
    );
  });
});
