/** The cards of asking that are pictured: settings, what was begun, a colleague in the owner's place, a long wait. Through the service's own code. */
import type { Card } from '../../src/cards/elements.ts';
import { cardFor, type Face, keptCard } from '../../src/checkins/cards.ts';
import type { Answer, Checkin } from '../../src/checkins/lifecycle.ts';
import { planOf } from '../../src/checkins/milestone.ts';
import { namedCard, type SettingsView, settingsCard } from '../../src/checkins/settings-card.ts';
import { must } from '../../src/kernel/guards.ts';
import { sampleTrust } from '../../test/support/school.ts';

const TODAY = '2026-11-23';
const [plan] = sampleTrust().milestones.map(planOf);
const MILESTONE = {
  ...must(plan, 'a milestone'),
  title: 'Every Year 7 family has met their tutor',
  ended: false,
};
const LAST: Answer = {
  status: 'on-track',
  confidence: 'high',
  value: 96,
  note: 'Evening calls are working.',
  blocker: '',
  evidence: '',
};
const OPEN: Checkin = {
  id: 'c1',
  milestoneId: MILESTONE.id,
  round: TODAY,
  ownerId: 'tom',
  state: 'open',
  version: 1,
  unchanged: false,
  asked: 1,
  resting: false,
};
const FACE: Face = {
  checkin: OPEN,
  milestone: MILESTONE,
  names: { owner: 'Tom', reviewer: 'Jo' },
  last: LAST,
};
const WAITS: Checkin = {
  ...OPEN,
  state: 'submitted',
  answer: { ...LAST, status: 'at-risk', value: 104, note: 'Two families are still hard to reach.' },
};
const SETTINGS: SettingsView = {
  personId: 'tom',
  version: 0,
  name: 'Tom',
  today: TODAY,
  choices: {
    works: [1, 2, 4],
    hours: { from: '10:00' },
    delegation: { delegate: 'bea', from: '2026-11-30', to: '2026-12-04' },
  },
  delegateName: 'Bea Hall',
};

export function askingCards(): Readonly<Record<string, Card>> {
  return {
    'settings-mine': settingsCard(SETTINGS),
    'settings-mend': settingsCard({
      ...SETTINGS,
      notice: 'I found no colleague by that name. Please give their full name or their work address.',
      typed: {
        pause: 'none',
        reminders: 'two',
        days: '1,2,4',
        'first-hour': '10-00',
        'last-hour': 'any',
        delegate: 'Bea Hal',
        'delegate-from': '2026-11-30',
        'delegate-to': '2026-12-04',
      },
    }),
    'settings-named': namedCard({ name: 'Bea', by: 'Tom', from: '2026-11-30', to: '2026-12-04' }),
    'checkin-kept': keptCard(MILESTONE, OPEN, '2027-01-22'),
    'checkin-begun': cardFor('owner', { ...FACE, begun: true }),
    'checkin-in-place': cardFor('stand-in', FACE),
    'checkin-waits': cardFor('reviewer', {
      ...FACE,
      checkin: { ...WAITS, escalation: { told: 'head1', from: '2026-11-25' } },
    }),
    'checkin-next-manager': cardFor('reviewer', {
      ...FACE,
      checkin: { ...WAITS, escalation: { told: 'head1', from: '2026-11-25', to: 'ada' } },
      alsoWith: 'Ada',
    }),
  };
}
