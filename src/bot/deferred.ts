/**
 * Parts of the vendors' libraries that they load at once and that a turn never calls: signing people in with dialogs, and what
 * fetches tokens for it. Each is loaded when something first asks it for anything. To be imported before any of these
 * libraries; with their recognisers of dates and numbers they took 35 MB of every instance (docs/decisions/speed.md).
 */
import { createRequire, Module } from 'node:module';

const own = createRequire(import.meta.url);
const TEAMS = own.resolve('@microsoft/teams-ai/lib/Application.js');
const BUILDER = own.resolve('botbuilder');
const CONNECTOR = own.resolve('botframework-connector');

/** Who loads it, its name there, and whether it says that it is a compiled ES module (importers ask that at once). */
const DEFERRED: readonly (readonly [from: string, name: string, esModule: boolean])[] = [
  [TEAMS, './authentication/Authentication', true],
  [TEAMS, 'botbuilder-dialogs', true],
  [CONNECTOR, '@azure/msal-node', true],
  [CONNECTOR, '@azure/identity', true],
  [CONNECTOR, 'axios', false],
  [BUILDER, 'axios', false],
];

for (const [from, name, esModule] of DEFERRED) defer(createRequire(from), name, esModule);

/** Puts a stand-in where Node keeps loaded modules; the first look at it loads the module and puts that in its place. */
function defer(require: NodeJS.Require, name: string, esModule: boolean): void {
  const path = require.resolve(name);
  if (require.cache[path]) return;
  let loaded: object | undefined;
  const load = (): object => {
    if (!loaded) {
      delete require.cache[path];
      loaded = require(path) as object;
    }
    return loaded;
  };
  const standIn = new Module(path);
  standIn.filename = path;
  standIn.loaded = true;
  standIn.exports = new Proxy(
    {},
    {
      get: (_, key) => (key === '__esModule' ? esModule : Reflect.get(load(), key)),
      has: (_, key) => Reflect.has(load(), key),
    },
  );
  require.cache[path] = standIn;
}
