/** Waiting until the service knows people whom a test has put into its store: it looks at its copy of the staff once a second at most. */
import { newId } from '../../src/kernel/ids.ts';
import type { Inbound, Speaker } from '../../src/sandbox/inbound.ts';
import { until } from './service.ts';

/** Presses a button that there is not, until that is said to them; until then they are nobody. */
export async function untilKnown(
  teams: Inbound,
  from: Speaker,
  options: { readonly token?: string } = {},
): Promise<void> {
  const data = { verb: 'unheard.of', id: 'x', version: 0, format: 1 };
  await until(async () => {
    const { body } = await teams.pressButton(
      from,
      { verb: data.verb, data },
      { ...options, extra: { id: newId('known') } },
    );
    return /do not recognise/.test(JSON.stringify(body));
  }, 'the people on the stage to be known');
}
