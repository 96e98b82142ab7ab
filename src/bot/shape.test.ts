import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { messageActivity } from '../../test/support/activities.ts';
import { localServiceUrlProblem, parseActivity, serviceUrlProblem } from './shape.ts';

const HOSTS = ['smba.trafficmanager.net', 'http://127.0.0.1:9000'];

describe('an inbound activity', () => {
  const allowed = [
    'https://smba.trafficmanager.net/uk/',
    'https://SMBA.trafficmanager.net/uk/tenant/',
    'http://127.0.0.1:9000/connector',
  ];
  for (const url of allowed) {
    it(`may be answered at ${url}`, () => assert.equal(serviceUrlProblem(url, HOSTS), undefined));
  }

  const refused = [
    'http://smba.trafficmanager.net/uk/',
    'https://smba.trafficmanager.net:8443/uk/',
    'https://smba.trafficmanager.net.evil.example/',
    'https://evil.example/smba.trafficmanager.net',
    'https://smba.trafficmanager.net@evil.example/',
    'https://user:secret@smba.trafficmanager.net/',
    'https://evil.smba.trafficmanager.net/',
    'https://smba.trafficmanager.net/?to=',
    'https://smba.trafficmanager.net/#x',
    'http://127.0.0.1:9001/',
    'http://localhost:9000/',
    'http://169.254.169.254/',
    'file:///etc/passwd',
    'smba.trafficmanager.net',
    '//smba.trafficmanager.net/',
  ];
  for (const url of refused) {
    it(`may not be answered at ${url}`, () =>
      assert.equal(serviceUrlProblem(url, HOSTS), 'service-url-not-allowed'));
  }

  it('must say where it is answered', () => {
    assert.equal(serviceUrlProblem(undefined, HOSTS), 'service-url-missing');
    assert.equal(serviceUrlProblem('', HOSTS), 'service-url-missing');
  });

  it('may on a local run be answered on this machine alone', () => {
    assert.equal(localServiceUrlProblem('http://localhost:56150/_connector'), undefined);
    assert.equal(localServiceUrlProblem('http://[::1]:56150/'), undefined);
    assert.equal(localServiceUrlProblem('https://smba.trafficmanager.net/uk/'), 'service-url-not-allowed');
    assert.equal(localServiceUrlProblem('http://127.0.0.1.evil.example/'), 'service-url-not-allowed');
    assert.equal(localServiceUrlProblem('ftp://127.0.0.1/'), 'service-url-not-allowed');
  });

  it('keeps the fields that nobody here has heard of', () => {
    const read = parseActivity(JSON.stringify(messageActivity('https://x.example/', { later: { a: 1 } })));
    assert.ok('activity' in read);
    assert.deepEqual(read.activity.later, { a: 1 });
  });

  it('may write null for what it leaves out', () => {
    const body = messageActivity('https://x.example/', { replyToId: null, entities: null, text: null });
    const read = parseActivity(JSON.stringify(body));
    assert.ok('activity' in read);
    assert.ok(!('entities' in read.activity));
  });

  it('is refused when it is nested deeper than any card', () => {
    const deep = `${'['.repeat(60_000)}${']'.repeat(60_000)}`;
    const body = JSON.stringify(messageActivity('https://x.example/', { value: 0 })).replace(
      '"value":0',
      `"value":${deep}`,
    );
    assert.deepEqual(parseActivity(body), { reason: 'not-an-activity' });
  });

  it('never throws, whatever the body', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `{"type":"message","from":${json}}`),
        ),
        (body) => {
          const read = parseActivity(body);
          assert.ok('activity' in read || read.reason === 'not-json' || read.reason === 'not-an-activity');
        },
      ),
      { numRuns: 500 },
    );
  });
});
