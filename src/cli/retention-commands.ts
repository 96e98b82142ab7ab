/** What is kept, for how long, and since when: for the data protection officer. */
import { count } from '../kernel/text.ts';
import { type Command, DONE } from './command.ts';
import { print } from './io.ts';

export const RETENTION_REPORT: Command<'retention report'> = {
  name: 'retention report',
  usage: '',
  summary: 'How many rows of each kind are kept, and since when',
  words: [0, 0],
  run: async ({ app, io, json }) => {
    const { retention } = await app();
    const kept = await retention.report();
    const lines = [
      ...kept.map(({ holds, rows, oldest, days }) => {
        const since = oldest ? `, the oldest of ${oldest.slice(0, 10)}` : '';
        return `${holds}: ${count(rows, 'row')}${since}${days ? `; kept ${days} days` : ''}`;
      }),
      'Why each is kept and who sees it: docs/PRIVACY.md, in the same words. To keep something shorter or longer: `retention` in trust.yaml.',
    ];
    print(io, json, { kept }, lines);
    return DONE;
  },
};
