/** The policy's lines for what is no person's: endpoints of the service, and its command line. Pure. */
import { type Rule, rows, told } from './rule.ts';

const refused = told('not-from-here', 'That is not open from here.');

function at(does: string, ...may: Rule['may']): Rule {
  return { does, may, where: 'anywhere', says: refused };
}

/** By the path of the request. */
export const ENDPOINTS = {
  ...rows(['http:/api/messages'], at('Send an activity of the trust’s own tenant', 'teams')),
  ...rows(['http:/api/graph/notifications'], at('Tell of replies in watched channels', 'graph')),
  ...rows(
    ['http:/healthz', 'http:/readyz'],
    at('Ask whether the service lives and is ready; no words, no names', 'anyone'),
  ),
} as const;

/** By the command's name. Whoever may run one has the machine or its private socket, and so all that it holds. */
export const COMMANDS = rows(
  [
    'cli:ask',
    'cli:ingest',
    'cli:attendance import',
    'cli:attendance week',
    'cli:attendance cases',
    'cli:attendance benchmarks',
    'cli:nudge preview',
    'cli:nudge test',
    'cli:nudge recall',
    'cli:milestones import',
    'cli:milestones list',
    'cli:milestones report',
    'cli:report term',
    'cli:rehearse',
    'cli:tick',
    'cli:clock',
    'cli:deliveries report',
    'cli:deliveries resend',
    'cli:deliveries edit',
    'cli:deliveries recall',
    'cli:pause',
    'cli:resume',
    'cli:pauses',
    'cli:person export',
    'cli:person erase',
    'cli:retention report',
    'cli:audit verify',
    'cli:doctor',
  ],
  at('Run the installation’s commands (`npm run -s cli`)', 'command-line'),
);
