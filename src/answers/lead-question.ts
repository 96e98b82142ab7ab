/**
 * Who the safeguarding lead is, is not a matter for documents: the trust's own file says it, and nobody who asks may be told
 * that the documents don't say. Only the plain question is taken; a worry is recognised before, a policy question goes on.
 */
import { said } from '../cards/elements.ts';
import type { MessageReply } from '../cards/reply.ts';
import { fold } from '../kernel/text.ts';
import type { SafetyContact } from './safety-card.ts';

const LEAD =
  /^(?:(?:please|pls|hi|hello|can you tell me|tell me|do you know) )*(?:(?:who is|who s|whos|who are|name of|contact for|how do i (?:contact|reach|find)|where do i find|what is the (?:number|phone number|extension) (?:for|of)) )?(?:(?:the|our|my|your|this school s|my school s|our school s) )?(?:(?:school s?|deputy|designated) )*(?:dsl|dsls|safeguarding (?:lead|leads|officer|person|contact))(?: (?:here|at (?:my|our|this) school|for (?:my|our|this) school|in (?:my|our|this) school|please))*$/;

export function asksForLead(typed: string): boolean {
  return LEAD.test(
    fold(typed)
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim(),
  );
}

/** `lead`: of the asker's own school, or the trust's for those who work across schools. */
export function leadReply(lead: SafetyContact, trustLead: SafetyContact): MessageReply {
  const other =
    trustLead.name === lead.name ? '' : ` No answer? ${said(trustLead.name)}, ${said(trustLead.phone)}.`;
  return {
    kind: 'reply',
    text: `Your safeguarding lead is ${said(lead.name)}, ${said(lead.phone)}.${other}\n\nThis comes from the trust's own list of contacts. Worried about a child? Speak to them now; please don't type it here.`,
  };
}
