/**
 * What people and administrators do in the stand-in's channels, and what the stand-in then tells or fails to tell: the doors
 * that a rehearsal steers it by. None of it is open over HTTP.
 */
import type { ChannelMessage } from './graph-channels.ts';
import {
  type LifecycleEvent,
  type NoticesWorld,
  type Telling,
  tellLifecycle,
  tellNotices,
} from './graph-notices.ts';
import type { World } from './graph-routes.ts';

export type Place = { readonly teamId: string; readonly channelId: string };
export type Thread = Place & { readonly rootId: string };
/** `at`: ISO instant; `html`: the words are markup, as Teams' own clients send them. */
export type Written = { readonly at?: string; readonly html?: boolean; readonly system?: boolean };

export type Rehearsal = {
  readonly subscriptions: NoticesWorld['subscriptions'];
  /** A message that begins a thread, by a person or (without `from`) an app; `id`: the one that Teams gave it. */
  post(
    place: Place,
    message: {
      readonly id: string;
      readonly from?: string;
      readonly words: string;
      readonly cards?: readonly unknown[];
      /** ISO instant. */
      readonly at?: string;
    },
  ): Thread;
  /** A reply. Returns its id. */
  reply(thread: Thread, from: string | undefined, words: string, how?: Written): string;
  edit(replyId: string, words: string, at: string): void;
  remove(replyId: string, at: string): void;
  /** A reaction: the message is modified, and not edited. */
  react(replyId: string, at: string): void;
  /** What is posted to this origin goes to that one, on this machine. */
  reach(publicOrigin: string, origin: string): void;
  /** Tells of all that has not been told. The status of each call. */
  tell(telling?: Telling): Promise<number[]>;
  /** Never tells of it: nobody was listening. */
  keepQuiet(): void;
  tellLifecycle(event: LifecycleEvent): Promise<number[]>;
  deny(teamId: string): void;
  allow(teamId: string): void;
  emptyPages(count: number): void;
  /** From now on a reply changes its thread, or does not. */
  stillThreads(still: boolean): void;
};

export function rehearse(world: World): Rehearsal {
  const { messages, denied } = world.channels;
  const { notices } = world;
  let written = 0;
  const byId = (id: string): ChannelMessage => {
    const found = messages.find((message) => message.id === id);
    if (!found) throw new RangeError(`There is no message ${id} in a channel.`);
    return found;
  };
  const add = (message: Omit<ChannelMessage, 'modified'>): ChannelMessage => {
    const added = { ...message, modified: message.created };
    messages.push(added);
    notices.untold.push(added);
    return added;
  };
  /** A reply changes its thread too. */
  const changed = (message: ChannelMessage, at: string) => {
    message.modified = at;
    if (message.rootId && !world.channels.stillThreads) byId(message.rootId).modified = at;
    notices.untold.push({ ...message });
  };
  return {
    subscriptions: notices.subscriptions,
    post: (place, { id, from, words, cards = [], at: created = '2026-11-23T08:00:00.000Z' }) => {
      add({
        id,
        ...place,
        cards,
        ...(from ? { from } : {}),
        content: words,
        contentType: 'text',
        created,
        kind: 'message',
      });
      return { ...place, rootId: id };
    },
    reply: (thread, from, words, { at, html = false, system = false } = {}) => {
      written += 1;
      const created = at ?? new Date(Date.parse('2026-11-23T09:00:00Z') + written * 1000).toISOString();
      const reply = add({
        id: String(Date.parse(created) + written),
        teamId: thread.teamId,
        channelId: thread.channelId,
        rootId: thread.rootId,
        ...(from ? { from } : {}),
        content: words,
        contentType: html ? 'html' : 'text',
        created,
        kind: system ? 'systemEventMessage' : 'message',
      });
      if (!world.channels.stillThreads) byId(thread.rootId).modified = created;
      return reply.id;
    },
    edit: (id, words, at) => {
      const message = byId(id);
      message.content = words;
      message.edited = at;
      changed(message, at);
    },
    remove: (id, at) => {
      const message = byId(id);
      message.deleted = at;
      changed(message, at);
    },
    react: (id, at) => changed(byId(id), at),
    reach: (publicOrigin, origin) => void notices.reach.set(publicOrigin, origin),
    tell: (telling) => tellNotices(world, telling),
    keepQuiet: () => void notices.untold.splice(0),
    tellLifecycle: (event) => tellLifecycle(world, event),
    deny: (teamId) => void denied.add(teamId),
    allow: (teamId) => void denied.delete(teamId),
    emptyPages: (count) => {
      world.channels.emptyPages = count;
    },
    stillThreads: (still) => {
      world.channels.stillThreads = still;
    },
  };
}
