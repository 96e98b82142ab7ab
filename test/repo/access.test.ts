import { strict as assert } from 'node:assert';
import { decide, enter } from '../../src/access/decide.ts';
import { cardVerb, POLICY, type Verb } from '../../src/access/policy.ts';
import { ROLES, type Role, type Scope } from '../../src/access/roles.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { isRefusal } from '../../src/kernel/errors.ts';
import { isTest, readSources } from './sources.ts';

const shipped = readSources('src').filter(({ path }) => !isTest(path));
const verbs = Object.keys(POLICY) as Verb[];

/** A standing that reaches whatever is asked about. */
function everywhere(role: Role): Scope {
  switch (ROLES[role].reach) {
    case 'school':
      return { kind: 'school', urn: '1' };
    case 'team':
      return { kind: 'team', id: 't' };
    case 'strand':
      return { kind: 'strand', id: 's' };
    case 'groups':
      return { kind: 'groups', urn: '1', groups: ['g'] };
    case 'trust':
      return { kind: 'trust' };
    case 'thing':
      return { kind: 'thing' };
  }
}

describe('every way into a use case', () => {
  it('is in the policy: each command there is, and no other', () => {
    const named = verbs.flatMap((verb) => (verb.startsWith('cli:') ? [verb.slice(4)] : []));
    assert.deepEqual(COMMANDS.map(({ name }) => name).sort(), named.sort());
  });

  it('is in the policy: each path that the server answers, and no other', () => {
    const server = shipped.find(({ path }) => path === 'src/http/server.ts')?.code ?? '';
    const paths = [...server.matchAll(/server\.(?:get|post|put|del|patch)\('([^']+)'/g)].map(
      ([, path]) => path,
    );
    const named = verbs.flatMap((verb) => (verb.startsWith('http:') ? [verb.slice(5)] : []));
    assert.deepEqual(paths.sort(), named.sort());
  });

  it('is in the policy: each button that a card writes by name', () => {
    const written = shipped.flatMap(({ code }) =>
      [...code.matchAll(/envelope\(\s*'([a-z.-]+)'/g)].map(([, verb = '']) => verb),
    );
    assert.ok(written.length > 20, `${written.length}`);
    assert.deepEqual(
      written.filter((verb) => cardVerb(verb) === undefined),
      [],
    );
  });

  it('is denied to each role that its line does not name', () => {
    const about = { urn: '1', strand: 's', groups: ['g'] };
    for (const verb of verbs) {
      const named = POLICY[verb].may.map((grant) => grant.split('@')[0]);
      for (const role of Object.keys(ROLES) as Role[]) {
        if (named.includes(role)) continue;
        const holder = { id: 'x', standings: [{ role, scope: everywhere(role) }] };
        for (const face of [undefined, 'channel', 'leaders', 'head'] as const)
          assert.ok(isRefusal(decide(verb, holder, { ...about, face })), `${verb}, ${role}`);
      }
      assert.ok(isRefusal(enter(verb, { id: 'x', standings: [] }, 'alone')), verb);
    }
  });

  it('takes a judgement that only src/access makes: nothing casts to one', () => {
    const forged = shipped.filter(
      ({ path, code }) =>
        !path.startsWith('src/access/') && /\bas (?:unknown as )?(?:Entry|Permit)\b/.test(code),
    );
    assert.deepEqual(
      forged.map(({ path }) => path),
      [],
    );
  });
});
