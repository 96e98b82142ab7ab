/**
 * The one fixed card for a message that may concern somebody's safety: who to speak to now, and that nothing was kept or
 * sent on. It knows the kind of worry and never the message. It has no buttons, so nothing can be sent by pressing one.
 */
import { type Card, card, type Element, line, said, title } from '../cards/elements.ts';
import type { SafetyConcern } from './safety.ts';

export type SafetyContact = { readonly name: string; readonly phone: string };

/** Helplines for anybody who works in education: Samaritans (samaritans.org), Education Support (educationsupport.org.uk). */
const SAMARITANS = '116 123';
const EDUCATION_SUPPORT = '08000 562 561';

/** `lead`: the safeguarding lead of the sender's school. `trustLead`: the trust's, for worries about a head or with no lead in reach. */
export function safetyCard(facts: {
  readonly kind: SafetyConcern['kind'];
  readonly lead: SafetyContact;
  readonly trustLead: SafetyContact;
  /** `thread`: a reply in a channel; the card then goes to its author's own chat. */
  readonly typedInto: 'chat' | 'form' | 'thread';
}): Card {
  return card({
    summary: 'Please speak to someone. Open to see who.',
    body: [
      ...bodyOf(facts.kind, reach(facts.lead), reach(facts.trustLead)),
      line(NOTHING_KEPT[facts.typedInto], { subtle: true }),
    ],
  });
}

const DANGER = 'If anyone is in danger now, call 999 first.';
/** A form is replaced by this card, so its words are gone; whoever wrote of ordinary work must find the way back to it. */
const NOTHING_KEPT = {
  chat: 'I have not searched, kept or sent on what you typed. It still shows in this chat, where you can delete it.',
  form: 'I have not searched, kept or sent on what you typed. No worry? Type "my check-ins" and use other words.',
  thread:
    'I have not kept or sent on what you wrote. It still shows in the channel, where you can delete it.',
} as const;

function reach(contact: SafetyContact): string {
  return `${said(contact.name)}, ${said(contact.phone)}`;
}

function bodyOf(kind: SafetyConcern['kind'], lead: string, trustLead: string): Element[] {
  switch (kind) {
    case 'child':
      return [
        title('Please speak to your safeguarding lead now'),
        line(DANGER),
        line(`**${lead}.** In person or by telephone, not in writing.`),
        line(`No answer? ${trustLead}.`),
        line('You need not be sure. Thank you for noticing.'),
      ];
    case 'colleague':
      return [
        title('Please speak to someone today'),
        line(DANGER),
        line('Your head, in person or by telephone, not in writing. You need not be sure.'),
        line(`If it is about the head: **${trustLead}**.`),
        line(`If a child may be at risk, now: **${lead}**, your safeguarding lead.`),
      ];
    case 'self':
      return [
        title('I am sorry it is this hard'),
        line('You do not have to carry it alone. If you are in danger now, call 999.'),
        line(`Samaritans: **${SAMARITANS}**, free, day or night.`),
        line(`Education Support: **${EDUCATION_SUPPORT}**, free, for everyone who works in education.`),
        line('Your GP can help too, and so can someone you trust here.'),
        line(`If it is also about a child: ${lead}, your safeguarding lead.`),
      ];
  }
}
