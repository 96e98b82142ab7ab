/** A readable check of the installation: what is well, what wants attention, what is wrong, and what to do about each. */
import { count } from '../kernel/text.ts';
import { type Command, DONE, REFUSED } from './command.ts';
import { print } from './io.ts';

const MARKS = { well: 'ok     ', attention: 'look at', wrong: 'WRONG  ' } as const;

export const DOCTOR: Command<'doctor'> = {
  name: 'doctor',
  usage: '',
  summary: 'Looks the installation over and says what is wrong and what to do; changes nothing',
  run: async ({ app, io, json }) => {
    const { examine } = await app();
    const findings = await examine();
    const wrong = findings.filter(({ state }) => state === 'wrong').length;
    const attention = findings.filter(({ state }) => state === 'attention').length;
    const lines = findings.flatMap(({ part, state, says, remedy }) => [
      `${MARKS[state]}  ${part}: ${says}`,
      ...(remedy ? [`         ${remedy}`] : []),
    ]);
    const end =
      wrong + attention === 0
        ? 'All is well. Next: npm run -s cli -- deliveries report'
        : wrong === 0
          ? `Nothing is wrong; ${count(attention, 'thing')} to look at.`
          : `${count(wrong, 'thing')} wrong and ${attention} to look at. Mend them from the top; then run doctor again.`;
    print(io, json, { healthy: wrong === 0, wrong, attention, findings }, [...lines, end]);
    return wrong === 0 ? DONE : REFUSED;
  },
};
