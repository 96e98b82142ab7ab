import { strict as assert } from 'node:assert';
import { type AddressInfo, createServer } from 'node:net';
import { startIssuer } from '../sandbox/issuer.ts';
import { openStore } from '../storage/database.ts';
import { databasePassword } from './database-sign-in.ts';

const BOT = { id: '2d9a3c10-5b7e-4f0e-8e57-0a6f5d4a8f99', tenantId: 't', type: 'UserAssignedMsi' } as const;

/** As much of a PostgreSQL server as asks for a password in clear and turns everyone away. Keeps what it was given. */
async function startAskingServer() {
  const given: string[] = [];
  const server = createServer((socket) => {
    socket.once('data', () => {
      socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
      socket.once('data', (message) => {
        given.push(message.subarray(5, message.length - 1).toString('utf8'));
        socket.destroy();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { given, port: (server.address() as AddressInfo).port, close: () => server.close() };
}

describe('signing in to the database', () => {
  it('as the managed identity gives its token as the password', async () => {
    const issuer = await startIssuer({ audience: BOT.id });
    const database = await startAskingServer();
    const saved = { ...process.env };
    Object.assign(process.env, issuer.environment);
    const password = databasePassword({ databaseSignIn: 'entra', bot: BOT });
    assert.ok(password);
    const url = `postgres://id-waymark@127.0.0.1:${database.port}/waymark`;
    await assert.rejects(
      openStore({ databaseUrl: url, password, dataDir: '', schema: 'public' }),
      /database/,
    );
    for (const name of Object.keys(issuer.environment)) {
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
    }
    database.close();
    await issuer.close();
    const [, payload = ''] = (database.given[0] ?? '').split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    assert.deepEqual(claims, { aud: 'https://ossrdbms-aad.database.windows.net', appid: BOT.id });
  });

  it('takes what the URL carries when that is asked for', async () => {
    assert.equal(databasePassword({ databaseSignIn: 'password', bot: BOT }), undefined);
    const database = await startAskingServer();
    const databaseUrl = `postgres://waymark:s%2Fcret@127.0.0.1:${database.port}/waymark`;
    await assert.rejects(openStore({ databaseUrl, dataDir: '', schema: 'public' }));
    database.close();
    assert.equal(database.given[0], 's/cret');
  });
});
