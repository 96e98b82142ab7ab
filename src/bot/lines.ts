/** The fixed words of the conversation itself: welcome, outsiders, faults, waiting. Nothing here depends on a question. */
import { type Card, card, line, own, said, say, title } from '../cards/elements.ts';

export type WelcomeFacts = {
  readonly givenName: string;
  readonly trust: string;
  readonly safeguarding: { readonly name: string; readonly phone: string };
  /** Heads and trust leaders get digests; they are shown theirs and not where a teaching assistant starts. */
  readonly leads: boolean;
};

/** The first thing a member of staff sees: what Waymark does, what it does not do, and three things to try. */
export function welcomeCard(facts: WelcomeFacts): Card {
  const { name, phone } = facts.safeguarding;
  return card({
    summary: `Hello from Waymark, ${facts.trust}'s assistant`,
    body: [
      title(`Hello ${said(facts.givenName)}. I'm Waymark, ${said(facts.trust)}'s assistant.`),
      line(own('Ask me what our priorities mean for your work. I show where each answer comes from.')),
      line(own("If the documents don't say, I'll tell you and suggest a person.")),
      line(own('I also bring your check-ins when they are due.')),
      line(`Worried about a child? Please don't type it here. Speak to ${said(name)} now, ${said(phone)}.`),
      line(own("I don't report your questions to your manager."), { subtle: true }),
    ],
    actions: [
      say('What matters this year?', 'What are our priorities this year?'),
      facts.leads
        ? say('My digest', 'digest')
        : say("I'm a TA: where do I start?", "I'm a teaching assistant: where do I start?"),
      say('My check-ins', 'my check-ins'),
    ],
  });
}

/** The one line that pupils, guests and people outside the trust get. It names help, because a child may be asking. */
export function outsiderLine(trust: string): string {
  return `I'm for ${trust}'s staff, so I can't help here, and I have kept nothing. If you are worried about yourself or someone else, tell an adult you trust, or call Childline on 0800 1111. In danger now? Call 999.`;
}

/** When something broke. The reference finds the log line. */
export function faultLine(reference: string): string {
  return `Sorry, something went wrong on my side. Please try again in a minute. If it happens again, give your IT team this reference: ${reference}.`;
}

/** When an answer takes longer than a turn may. */
export const WAITING_LINE =
  "This is taking me a little longer than usual. I'll send it to you in our own chat when it is ready.";

/** When the process ended in the middle of a turn. It may have been answered an instant before. */
export const INTERRUPTED_LINE =
  'I was restarted while I was on something you had just sent me. If you have no answer to it, please send or press it once more.';

export function interruptedCard(): Card {
  return card({
    summary: 'Waymark was interrupted while answering you',
    body: [title('I was interrupted'), line(own(INTERRUPTED_LINE))],
  });
}

/** Where others read along, a word that opens something of one's own opens nothing. */
export const OWN_CHAT_LINE =
  'What that shows is yours alone, so I do not show it here. Please type it in your own chat with me.';

/** What a group chat sees when someone present is not staff. */
export function mixedCompanyLine(trust: string): string {
  return `Someone here is not on ${trust}'s staff, so I won't answer in this conversation. Please ask me in our own chat.`;
}
