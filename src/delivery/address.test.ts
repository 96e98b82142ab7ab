import { strict as assert } from 'node:assert';
import { conversationRoot, isAllowedService } from './address.ts';

describe('addresses that may get our token', () => {
  const hosts = ['smba.trafficmanager.net', 'http://127.0.0.1:9000'];
  const cases: readonly (readonly [string, boolean])[] = [
    ['https://smba.trafficmanager.net/uk/', true],
    ['https://SMBA.trafficmanager.net/uk/', true],
    ['https://emea.smba.trafficmanager.net/', true],
    ['http://smba.trafficmanager.net/uk/', false],
    ['https://smba.trafficmanager.net:8443/uk/', false],
    ['https://smba.trafficmanager.net.evil.example/', false],
    ['https://evilsmba.trafficmanager.net/', false],
    ['https://smba.trafficmanager.net@evil.example/', false],
    ['https://user:secret@smba.trafficmanager.net/', false],
    ['http://127.0.0.1:9000/x', true],
    ['http://127.0.0.1:9001/', false],
    ['https://127.0.0.1:9000/', false],
    ['file:///etc/passwd', false],
    ['nonsense', false],
  ];
  for (const [url, allowed] of cases) {
    it(`${allowed ? 'allows' : 'refuses'} ${url}`, () => assert.equal(isAllowedService(url, hosts), allowed));
  }

  it('posts to the channel, not to the thread that was last heard', () => {
    assert.equal(conversationRoot('19:abc@thread.tacv2;messageid=17'), '19:abc@thread.tacv2');
  });
});
