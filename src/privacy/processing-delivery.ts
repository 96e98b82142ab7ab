/** The register of processing for what is sent unasked, and when. Its order is that of deletion. Pure. */
import { days, entry, REPLACED, rule, SERVICE, THEIRS } from './processing-entries.ts';

export const DELIVERY_TABLES = {
  activities: entry(
    'delivery',
    'staff',
    'Which messages and presses were taken, so that a repeat does nothing',
    SERVICE,
    rule(
      'after 30 days; who waits for an answer once it is there, what a press was answered with after 10 minutes',
    ),
  ),
  gathered: entry(
    'delivery',
    'staff',
    'Which messages waited because a week had enough, and which card named them',
    'the person',
    days('messages_days', 'gathered_at'),
  ),
  looks: entry(
    'delivery',
    'nobody',
    'When a channel was looked through for a message that may not have arrived',
    SERVICE,
    rule('when its fate is known, or with the message'),
  ),
  deliveries: entry(
    'delivery',
    'staff',
    'Each message that was sent unasked: to whom, what, when, and what became of it',
    'the person; the IT lead sees outcomes',
    days('messages_days', 'settled_at'),
  ),
  conversations: entry(
    'delivery',
    'staff',
    'Where in Teams a person or channel is reached',
    SERVICE,
    rule('until the app is removed there, or the person is erased'),
    { column: 'owner', prefix: 'person:' },
  ),
  openings: entry(
    'delivery',
    'staff',
    'Whose chat with Waymark is being opened, or could not be and why',
    'the IT lead sees the reasons',
    rule('once it is open; what was refused, a day after'),
    THEIRS,
  ),
  send_slots: entry('delivery', 'nobody', 'When the next message may leave, and how fast', SERVICE, REPLACED),
  rules: entry('delivery', 'nobody', 'Up to when each schedule was carried out', SERVICE, REPLACED),
  alarms: entry(
    'delivery',
    'nobody',
    'Which late or missed runs the IT lead was told of',
    'the IT lead',
    days('messages_days', 'raised_at'),
  ),
  pauses: entry(
    'delivery',
    'staff',
    'When sending was paused, by whom, and why in their words',
    'the IT lead',
    // From its end: while it lasts it stops what is sent, however long ago it began.
    days('messages_days', 'until'),
  ),
  slots: entry(
    'delivery',
    'nobody',
    'Each scheduled run and its outcome',
    'the IT lead',
    days('messages_days', 'due_at'),
  ),
} as const;
