/** A person's rights: a copy of what is kept about them, and its removal. */
import { isRefusal } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import { heldIn } from '../privacy/processing-tables.ts';
import { type Command, DONE, REFUSED, textOption } from './command.ts';
import { print } from './io.ts';

export const PERSON_EXPORT: Command<'person export'> = {
  name: 'person export',
  usage: 'ID',
  summary: 'A copy of all that is kept about a person, for them',
  words: [1, 1],
  run: async ({ app, io, json, words, permit }) => {
    const { privacy } = await app();
    const found = await privacy.exportPerson(words[0] ?? '', permit);
    if (isRefusal(found)) throw found;
    const { kept, audit, questions, named } = found;
    const lines = [
      `What is kept about ${found.name ?? found.person}:`,
      ...Object.entries(kept).flatMap(([table, rows]) => [
        `${heldIn(table)}: ${count(rows.length, 'row')}`,
        ...rows.map((row) => `  ${JSON.stringify(row)}`),
      ]),
      `audit: ${count(audit.length, 'entry', 'entries')}`,
      ...audit.map((entry) => `  ${JSON.stringify(entry)}`),
      `questions to Waymark: ${count(questions.length, 'row')}`,
      ...questions.map((row) => `  ${JSON.stringify(row)}`),
      ...Object.entries(named).map(
        ([table, rows]) =>
          `${heldIn(table)}: named in ${count(rows, 'row')} that belong to others; not copied here`,
      ),
      'Check it for other people before you hand it over. As one document: add --json.',
    ];
    print(io, json, found, lines);
    return DONE;
  },
};

export const PERSON_ERASE: Command<'person erase'> = {
  name: 'person erase',
  usage: 'ID [--name "First Last"] [--mail ADDRESS]',
  summary:
    'Removes a person from all that is kept; cannot be undone. Of somebody who has left the staff group it needs the name too',
  words: [1, 1],
  options: { name: { type: 'string' }, mail: { type: 'string' } },
  run: async (context) => {
    const { app, io, json, words, options, permit } = context;
    const { privacy, clock } = await app();
    const erased = await privacy.erasePerson(
      words[0] ?? '',
      permit,
      clock.now(),
      options.name === undefined
        ? undefined
        : { name: textOption(context, 'name'), mail: textOption(context, 'mail') },
    );
    if (isRefusal(erased)) throw erased;
    const { deleted, changed, audit, left, nameShared, ordinary } = erased;
    const sum = (counts: Readonly<Record<string, number>>) =>
      Object.values(counts).reduce((all, n) => all + n, 0);
    const clean = sum(left) === 0;
    const lines = [
      `Deleted ${count(sum(deleted), 'row')} of their own, took them out of ${count(sum(changed), 'row')} of others and ${count(audit, 'audit entry', 'audit entries')}.`,
      clean
        ? 'A look through every table found nothing more of theirs.'
        : `Still found in ${Object.entries(left)
            .map(([table, n]) => `${heldIn(table)} (${n})`)
            .join(', ')}: run it again; if they stay, report this.`,
      ...(nameShared ? ['A colleague has the same name, so the name alone was left where it stood.'] : []),
      ...(ordinary
        ? [`"${ordinary}" is an ordinary word too: it was taken out only where they were named otherwise.`]
        : []),
      'If they are still in the staff group, the next reading of the directory brings their name back: take them out of it first.',
      'Take them out of trust.yaml by hand, and let older backups run out.',
    ];
    print(io, json, { ...erased, clean }, lines);
    return clean ? DONE : REFUSED;
  },
};
