/**
 * Whether an activity is a message of a channel or a group that is not for Waymark. With the consent to read a channel's
 * messages Teams sends all of them; those are let go at the edge, before anything reads, keeps or logs a word. Pure.
 */
import type { InboundActivity } from './shape.ts';

export function isForOthers(activity: InboundActivity): boolean {
  const { type, conversation, recipient } = activity;
  if (type !== 'message' || conversation.conversationType === 'personal') return false;
  if (conversation.conversationType === undefined && conversation.isGroup !== true) return false;
  // A button without Execute comes as a message with a value and no words.
  if (activity.value !== undefined && !activity.text) return false;
  return !(activity.entities ?? []).some(
    (entity) =>
      entity.type === 'mention' && (entity.mentioned as { id?: unknown } | undefined)?.id === recipient.id,
  );
}
