import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** In a process of its own: other suites load what is looked for here. */
const CODE = `
  import { createRequire } from 'node:module';
  import './src/bot/application.ts';
  import './src/bot/adapter.ts';
  const own = createRequire(process.cwd() + '/');
  const teams = createRequire(own.resolve('@microsoft/teams-ai/lib/Application.js'));
  const parts = ['botbuilder-dialogs/lib/prompts', 'recognizers-text-date-time/dist', 'follow-redirects'];
  const loaded = () => parts.filter((part) =>
    Object.keys(own.cache).some((path) => path.replaceAll('\\\\', '/').includes('/' + part + '/')));
  const before = loaded();
  const { AuthenticationManager } = teams('./authentication/Authentication');
  const { DialogTurnStatus } = teams('botbuilder-dialogs');
  const axios = createRequire(own.resolve('botbuilder'))('axios');
  console.log(JSON.stringify({
    before,
    manager: typeof AuthenticationManager,
    status: DialogTurnStatus.complete,
    same: teams('botbuilder-dialogs').DialogTurnStatus === DialogTurnStatus,
    client: typeof axios.default.post,
    after: loaded().length === parts.length,
  }));`;

describe('what the vendors load at once and a turn never calls', function () {
  this.timeout(20_000);

  it('is not loaded with the bot, and is there when somebody asks for it', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', CODE]);
    assert.deepEqual(JSON.parse(stdout), {
      before: [],
      manager: 'function',
      status: 'complete',
      same: true,
      client: 'function',
      after: true,
    });
  });
});
