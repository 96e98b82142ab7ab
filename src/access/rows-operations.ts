/** The policy's lines for those who run Waymark, in their own chats. Pure. */
import { CHAT } from './rows-chat.ts';
import { type Rule, rows, told } from './rule.ts';

const says = CHAT['word:pauses'].says;

export const OPERATIONS = {
  ...rows(['operations.pause', 'operations.resume'], {
    does: 'Pause and resume what is sent by schedule',
    may: ['operator'],
    where: 'anywhere',
    says,
  }),
  ...rows(['operations.change', 'operations.note', 'operations.recall'], {
    does: 'Put a word on all that a run delivered, or take it back',
    may: ['operator'],
    where: 'anywhere',
    says,
  }),
  ...rows(['operations.report', 'operations.resend', 'operations.resend-one'], {
    does: 'See what reached whom, and send again what did not',
    may: ['operator'],
    where: 'anywhere',
    says,
  }),
  ...rows(['operations.doctor'], {
    does: 'Have the installation looked over',
    may: ['operator'],
    where: 'anywhere',
    says,
  }),
} as const;

/** Messages that waited since a week had enough of them. */
export const MESSAGES = {
  'messages.open': {
    does: 'Open a message that waited for them',
    may: ['recipient'],
    where: 'alone',
    says: told('not-for-you', 'That message was not for you.'),
  },
} as const satisfies Readonly<Record<string, Rule>>;
