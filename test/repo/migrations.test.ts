/** Migrations add, so that the version before can run beside the next one; what takes away says so in its name. */
import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENDS_OLDER } from '../../src/storage/schema-standing.ts';

const FOLDER = 'src/storage/migrations';
/** Landed before anything was released: nobody runs a version that knows fewer. */
const BEFORE_RELEASE = '0040-milestone-list';

/** Statements after which code that was written before them fails: to read, or to write a row as it always did. */
const TAKING_AWAY: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['takes a table or a column away', /\bdrop\s+(table|column|schema|type)\b/i],
  ['gives a table or a column another name', /\brename\s+(to|column)\b/i],
  ['gives a column another type', /\balter\s+column\s+\w+\s+(set\s+data\s+)?type\b/i],
  ['asks for a value that older code does not write', /\bset\s+not\s+null\b/i],
  [
    'adds a column that older code cannot leave out',
    /\badd\s+column\b(?:(?!default|add\s+column)[^`])*\bnot\s+null\b(?![^`,]*\bdefault\b)/i,
  ],
];

/** What in a migration older code cannot live with, in words. */
function takenAway(text: string): string[] {
  return TAKING_AWAY.flatMap(([what, pattern]) => (pattern.test(text) ? [what] : []));
}

describe('migrations', () => {
  const names = readdirSync(FOLDER).map((file) => file.replace(/\.ts$/, ''));

  it('since the first release only add, unless their name says that they end older versions', () => {
    const found = names
      .filter((name) => name > BEFORE_RELEASE && !name.endsWith(ENDS_OLDER))
      .flatMap((name) => {
        const taken = takenAway(readFileSync(join(FOLDER, `${name}.ts`), 'utf8'));
        return taken.map(
          (what) => `${name} ${what}: add first, and take away a release later (${ENDS_OLDER})`,
        );
      });
    assert.deepEqual(found, []);
  });

  it('would be caught if they did not', () => {
    for (const statement of [
      'alter table deliveries drop column state',
      'drop table deliveries',
      'alter table deliveries rename column state to standing',
      'alter table deliveries rename to posts',
      'alter table deliveries alter column version type bigint',
      'alter table deliveries alter column state set not null',
      'alter table deliveries add column way text not null',
      "alter table deliveries add column a text default '', add column way text not null",
    ])
      assert.equal(takenAway(`await sql\`${statement}\`.execute(db);`).length, 1, statement);
    for (const statement of [
      'alter table deliveries add column way text',
      "alter table deliveries add column way text not null default 'card'",
      'create table ways (id text primary key, name text not null)',
      'create index deliveries_way on deliveries (way)',
      'alter table deliveries drop constraint deliveries_state_check',
    ])
      assert.deepEqual(takenAway(`await sql\`${statement}\`.execute(db);`), [], statement);
  });

  it('are listed in the order of their numbers, every one of them', () => {
    const list = readFileSync('src/storage/migrate.ts', 'utf8').match(/(?<=^ {2}')\d{4}-[a-z-]+(?=':)/gm);
    assert.deepEqual(list, names);
  });

  it('are numbered without a gap or a double', () => {
    assert.deepEqual(
      names.map((name) => Number(name.slice(0, 4))),
      names.map((_, index) => index + 1),
    );
  });
});
