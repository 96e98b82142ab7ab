/** What happens to people after a check-in was sent to its reader, and who has it then: the line of management. */
import type { Person } from '../../src/directory/model.ts';
import type { Chosen } from '../../src/directory/roster.ts';

export const DAY = '2026-11-23';
export const TODAY = { from: DAY, to: DAY };
type Note = Record<string, unknown>;
export type Change = {
  readonly people?: Readonly<Record<string, Partial<Person> | 'gone'>>;
  readonly notes?: Note[];
  /** What people chose in their settings. */
  readonly chosen?: Chosen;
  /** Whom the milestone's own rule means. */
  readonly rule?: string;
};

export const away = (id: string, more: Note = {}): Note => ({ id, leave: TODAY, ...more });
const delegates = (delegate: string, span: object = TODAY): Note => ({
  id: 'head1',
  delegations: [{ delegate, ...span }],
});

const CIRCLE_ABOVE = { head1: { managerId: 'head2' }, head2: { managerId: 'head1' } };

export type Row = readonly [says: string, change: Change, asked: string, may: string, sent: string];

/**
 * What happened after Jo (head1) was sent Tom's check-in; then who is asked today, who may act, and who is newly sent it if
 * it waits to be read. Ada is the CEO, Cho the contact; Bea a colleague, Kit (head2) the other head, Nia has left.
 */
export const LINE: readonly Row[] = [
  ['nothing changes', {}, 'head1', 'head1', '-'],
  ['Tom gets a new manager', { people: { tom: { managerId: 'bea' } } }, 'bea', 'bea', 'bea'],
  ['Tom moves to the other head', { people: { tom: { managerId: 'head2' } } }, 'head2', 'head2', 'head2'],
  [
    'the trust names another manager',
    { notes: [{ id: 'tom', manager: 'head2' }] },
    'head2',
    'head2',
    'head2',
  ],
  ['the trust names himself', { notes: [{ id: 'tom', manager: 'tom' }] }, 'head1', 'head1', '-'],
  ['the trust names a leaver', { notes: [{ id: 'tom', manager: 'nia' }] }, 'head1', 'head1', '-'],
  ['the trust names nobody known', { notes: [{ id: 'tom', manager: 'ghost' }] }, 'head1', 'head1', '-'],
  ['Jo goes on leave', { notes: [away('head1')] }, 'ada', 'head1 ada', 'ada'],
  [
    'Jo goes on leave, Bea for her',
    { notes: [away('head1', { delegate: 'bea' })] },
    'bea',
    'head1 bea',
    'bea',
  ],
  [
    'Jo goes on leave, Tom for her',
    { notes: [away('head1', { delegate: 'tom' })] },
    'ada',
    'head1 ada',
    'ada',
  ],
  [
    'Jo goes on leave, Bea for her, away too',
    { notes: [away('head1', { delegate: 'bea' }), away('bea')] },
    'ada',
    'head1 ada',
    'ada',
  ],
  [
    'Jo goes on leave, Nia for her, who has left',
    { notes: [away('head1', { delegate: 'nia' })] },
    'ada',
    'head1 ada',
    'ada',
  ],
  [
    'Jo is back from leave',
    { notes: [{ id: 'head1', leave: { from: '2026-11-02', to: '2026-11-22' }, delegate: 'bea' }] },
    'head1',
    'head1',
    '-',
  ],
  ['Jo delegates to Bea', { notes: [delegates('bea')] }, 'bea', 'head1 bea', 'bea'],
  [
    'Jo delegated to Bea until yesterday',
    { notes: [delegates('bea', { from: '2026-11-01', to: '2026-11-22' })] },
    'head1',
    'head1',
    '-',
  ],
  [
    'Jo delegates to Bea from tomorrow',
    { notes: [delegates('bea', { from: '2026-11-24', to: '2026-12-01' })] },
    'head1',
    'head1',
    '-',
  ],
  ['Jo delegates to Tom himself', { notes: [delegates('tom')] }, 'head1', 'head1', '-'],
  ['Jo delegates to Bea, who is away', { notes: [delegates('bea'), away('bea')] }, 'head1', 'head1', '-'],
  ['Jo delegates to Nia, who has left', { notes: [delegates('nia')] }, 'head1', 'head1', '-'],
  [
    'Jo is on leave and delegated to Kit before',
    { notes: [{ ...delegates('head2'), leave: TODAY, delegate: 'bea' }] },
    'head2',
    'head1 head2',
    'head2',
  ],
  [
    'Jo chose Bea for these days in her settings',
    { chosen: new Map([['head1', { delegate: 'bea', ...TODAY }]]) },
    'bea',
    'head1 bea',
    'bea',
  ],
  [
    'Jo chose Bea until yesterday',
    { chosen: new Map([['head1', { delegate: 'bea', from: '2026-11-01', to: '2026-11-22' }]]) },
    'head1',
    'head1',
    '-',
  ],
  [
    'Jo chose Bea from tomorrow',
    { chosen: new Map([['head1', { delegate: 'bea', from: '2026-11-24', to: '2026-11-27' }]]) },
    'head1',
    'head1',
    '-',
  ],
  [
    'Jo chose Tom himself',
    { chosen: new Map([['head1', { delegate: 'tom', ...TODAY }]]) },
    'head1',
    'head1',
    '-',
  ],
  [
    'Jo chose Nia, who has left since',
    { chosen: new Map([['head1', { delegate: 'nia', ...TODAY }]]) },
    'head1',
    'head1',
    '-',
  ],
  [
    'Jo chose Bea, and the trust notes Kit',
    { chosen: new Map([['head1', { delegate: 'bea', ...TODAY }]]), notes: [delegates('head2')] },
    'bea',
    'head1 bea',
    'bea',
  ],
  [
    'Jo chose Bea, who is away, and the trust notes Kit',
    {
      chosen: new Map([['head1', { delegate: 'bea', ...TODAY }]]),
      notes: [delegates('head2'), away('bea')],
    },
    'head2',
    'head1 head2',
    'head2',
  ],
  ['Jo leaves the trust', { people: { head1: { staff: false } } }, 'ada', 'ada', 'ada'],
  [
    'Jo leaves, her delegate goes with her post',
    { people: { head1: { staff: false } }, notes: [delegates('bea')] },
    'ada',
    'ada',
    'ada',
  ],
  ['Jo is gone from the directory', { people: { head1: 'gone' } }, 'ada', 'ada', 'ada'],
  ["Tom's post loses its manager", { people: { tom: { managerId: '' } } }, 'head1', 'head1', '-'],
  [
    "Tom's post loses its manager, and Jo is away",
    { people: { tom: { managerId: '' } }, notes: [away('head1')] },
    'ada',
    'head1 ada',
    'ada',
  ],
  [
    "Tom's post loses its manager, and Bea is for Jo",
    { people: { tom: { managerId: '' } }, notes: [away('head1', { delegate: 'bea' })] },
    'bea',
    'head1 bea',
    'bea',
  ],
  [
    'Tom and Bea manage each other',
    { people: { tom: { managerId: 'bea' }, bea: { managerId: 'tom' } } },
    'head1',
    'head1',
    '-',
  ],
  ['Jo and Ada are away', { notes: [away('head1'), away('ada')] }, 'cho', 'head1 ada cho', 'cho'],
  [
    'Jo and Ada are away, the chair is for Ada',
    { notes: [away('head1'), away('ada', { manager: 'head2' })] },
    'head2',
    'head1 ada head2',
    'head2',
  ],
  ['all are away', { notes: [away('head1'), away('ada'), away('cho')] }, 'head1', 'head1 ada cho', '-'],
  [
    'all have left',
    { people: Object.fromEntries(['head1', 'ada', 'cho'].map((id) => [id, { staff: false }])) },
    '-',
    '',
    '-',
  ],
  ['Tom leaves the trust', { people: { tom: { staff: false } } }, 'head1', 'head1', '-'],
  ['Tom is gone from the directory', { people: { tom: 'gone' } }, 'ada', 'ada', 'ada'],
  ['Tom moves school, not manager', { people: { tom: { schoolUrn: '100002' } } }, 'head1', 'head1', '-'],
  [
    'Tom moves school, to an empty post',
    { people: { tom: { schoolUrn: '100002', managerId: '' } } },
    'head2',
    'head2',
    'head2',
  ],
  ['Jo gets another manager herself', { people: { head1: { managerId: 'head2' } } }, 'head1', 'head1', '-'],
  [
    'Jo leaves, and the trust notes Kit above her',
    { people: { head1: { staff: false } }, notes: [{ id: 'head1', manager: 'head2' }] },
    'head2',
    'head2',
    'head2',
  ],
  [
    'Jo leaves, and Bea takes her post',
    { people: { head1: { staff: false }, tom: { managerId: 'bea' } } },
    'bea',
    'bea',
    'bea',
  ],
  [
    "Jo's leave ends with today",
    { notes: [{ id: 'head1', leave: { from: '2026-11-16', to: DAY }, delegate: 'bea' }] },
    'bea',
    'head1 bea',
    'bea',
  ],
  [
    "Jo's leave begins tomorrow",
    { notes: [{ id: 'head1', leave: { from: '2026-11-24', to: '2026-11-27' }, delegate: 'bea' }] },
    'head1',
    'head1',
    '-',
  ],
  [
    'Jo goes on leave, Ada for her',
    { notes: [away('head1', { delegate: 'ada' })] },
    'ada',
    'head1 ada',
    'ada',
  ],
  [
    'Jo delegates to Bea and to Kit for the same days',
    {
      notes: [
        {
          id: 'head1',
          delegations: [
            { delegate: 'bea', ...TODAY },
            { delegate: 'head2', ...TODAY },
          ],
        },
      ],
    },
    'bea',
    'head1 bea',
    'bea',
  ],
  [
    'Jo delegates to Tom himself and to Kit',
    {
      notes: [
        {
          id: 'head1',
          delegations: [
            { delegate: 'tom', ...TODAY },
            { delegate: 'head2', ...TODAY },
          ],
        },
      ],
    },
    'head2',
    'head1 head2',
    'head2',
  ],
  [
    'Jo delegates to Bea, who delegates to Max',
    { notes: [delegates('bea'), { id: 'bea', delegations: [{ delegate: 'max', ...TODAY }] }] },
    'bea',
    'head1 bea',
    'bea',
  ],
  [
    'Jo delegates to Bea, who is away with Max for her',
    { notes: [delegates('bea'), away('bea', { delegate: 'max' })] },
    'head1',
    'head1',
    '-',
  ],
  [
    'Jo delegates to Bea, and Bea back to Jo',
    { notes: [delegates('bea'), { id: 'bea', delegations: [{ delegate: 'head1', ...TODAY }] }] },
    'bea',
    'head1 bea',
    'bea',
  ],
  ['Tom manages himself', { people: { tom: { managerId: 'tom' } } }, 'head1', 'head1', '-'],
  ['Tom and Jo manage each other', { people: { head1: { managerId: 'tom' } } }, 'head1', 'head1', '-'],
  ['Jo and Kit manage each other', { people: CIRCLE_ABOVE }, 'head1', 'head1', '-'],
  [
    'Jo and Kit manage each other, and Jo is away',
    { people: CIRCLE_ABOVE, notes: [away('head1')] },
    'head2',
    'head1 head2',
    'head2',
  ],
  [
    'Jo and Kit manage each other, and both are away',
    { people: CIRCLE_ABOVE, notes: [away('head1'), away('head2')] },
    'ada',
    'head1 head2 ada',
    'ada',
  ],
];
