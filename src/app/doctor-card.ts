/** What the doctor found, for operators in their own chats: what is wrong first, each with what to do. Pure. */
import {
  actionSet,
  button,
  type Card,
  card,
  container,
  type Element,
  hidden,
  line,
  more,
  said,
  title,
} from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { count } from '../kernel/text.ts';
import type { Finding } from './doctor-trust.ts';

/** How many findings are read at a glance, and how many the card holds at all: a large trust has a line for each team. */
const AT_ONCE = 4;
const MOST = 30;

/** `at`: when it was looked, as the trust's clock says it. */
export function doctorCard(findings: readonly Finding[], at: string): Card {
  const [wrong, attention] = (['wrong', 'attention'] as const).map((state) =>
    findings.filter((finding) => finding.state === state),
  );
  const open = [...(wrong ?? []), ...(attention ?? [])];
  const verdict = verdictOf(wrong?.length ?? 0, attention?.length ?? 0, findings.length);
  const rest = open.slice(AT_ONCE, MOST);
  const left = open.length - AT_ONCE - rest.length;
  return card({
    summary: `How Waymark is: ${verdict}`,
    body: [
      title('How Waymark is'),
      line(verdict),
      ...open.slice(0, AT_ONCE).map(finding),
      ...(rest.length > 0
        ? [
            actionSet([more(`${count(open.length - AT_ONCE, 'more finding')}`, 'rest')]),
            hidden('rest', [
              ...rest.map(finding),
              ...(left > 0 ? [line(`And ${left} more: the command \`doctor\` prints them all.`)] : []),
            ]),
          ]
        : []),
      line(`Looked over at ${at}.`, { subtle: true, spacing: 'Small' }),
    ],
    actions: [button('Look again', envelope('operations.doctor', 'all'), { withoutInputs: true })],
  });
}

function verdictOf(wrong: number, attention: number, parts: number): string {
  if (wrong + attention === 0) return `All is well: ${count(parts, 'part')} looked over.`;
  const worth = `${count(attention, 'thing')} worth a look`;
  if (wrong === 0) return `It works. ${worth}.`;
  return `${count(wrong, 'thing')} to mend${attention > 0 ? `, ${worth}` : ''}.`;
}

function finding({ state, says, remedy }: Finding): Element {
  return container(
    [
      line(said(says), state === 'wrong' ? { strong: true } : {}),
      ...(remedy ? [line(said(remedy), { subtle: true, spacing: 'None' })] : []),
    ],
    'emphasis',
  );
}
