/**
 * Subscriptions to a channel's messages through Graph: made, renewed, listed, ended. It knows what Graph asks for, and
 * nothing of when or why. Graph's reference: "Create subscription", "Update subscription", "subscription resource type".
 */
import { z } from 'zod/v4';
import type { Graph, GraphWriter } from './graph.ts';

/** Where Graph tells, and what proves to us that it is Graph who tells. */
export type Listening = {
  /** https, ours. Changes and events in the subscription's life are told at the same address. */
  readonly url: string;
  readonly clientState: string;
  /** Its public half, DER in base64, and our name for it; absent: told without the words. */
  readonly certificate?: { readonly id: string; readonly der: string };
};

export type ChannelPlace = { readonly teamId: string; readonly channelId: string };
export type Subscribed = { readonly id: string; readonly ends: Date };

export interface Subscriptions {
  /** Throws AppError `graph-conflict` when there is one already, `graph-refused` when Graph cannot reach our address. */
  create(place: ChannelPlace, listening: Listening, ends: Date): Promise<Subscribed>;
  /** Throws AppError `graph-not-found` when it is no more. The certificate goes along, since it may have been changed. */
  renew(id: string, listening: Listening, ends: Date): Promise<Subscribed>;
  /** The one to this channel that tells at `url`; undefined when there is none. */
  find(place: ChannelPlace, url: string): Promise<Subscribed | undefined>;
  /** Ends it; one that is no more is no fault. */
  end(id: string): Promise<void>;
}

const Reply = z.object({ id: z.string().min(1), expirationDateTime: z.coerce.date() });
const Listed = Reply.extend({ resource: z.string(), notificationUrl: z.string().nullish() });

export function createSubscriptions(graph: Graph & GraphWriter): Subscriptions {
  const one = (id: string) => `/subscriptions/${encodeURIComponent(id)}`;
  return {
    create: async (place, listening, ends) => {
      const body = {
        changeType: 'created,updated,deleted',
        notificationUrl: listening.url,
        lifecycleNotificationUrl: listening.url,
        resource: resourceOf(place),
        expirationDateTime: ends.toISOString(),
        clientState: listening.clientState,
        ...certificateOf(listening),
      };
      return subscribed(await graph.change('POST', '/subscriptions', body, Reply));
    },
    renew: async (id, listening, ends) => {
      const { includeResourceData: _kept, ...certificate } = certificateOf(listening);
      const body = { expirationDateTime: ends.toISOString(), ...certificate };
      return subscribed(await graph.change('PATCH', one(id), body, Reply));
    },
    find: async (place, url) => {
      const wanted = resourceOf(place);
      const { items } = await graph.list('/subscriptions', Listed);
      const found = items.find(
        ({ resource, notificationUrl }) =>
          decodeURIComponent(resource).replace(/^\//, '') === wanted && notificationUrl === url,
      );
      return found && subscribed(found);
    },
    end: async (id) => {
      try {
        await graph.change('DELETE', one(id), undefined, z.unknown());
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'graph-not-found') throw error;
      }
    },
  };
}

function resourceOf({ teamId, channelId }: ChannelPlace): string {
  return `teams/${teamId}/channels/${channelId}/messages`;
}

function certificateOf({ certificate }: Listening) {
  if (!certificate) return { includeResourceData: false };
  return {
    includeResourceData: true,
    encryptionCertificate: certificate.der,
    encryptionCertificateId: certificate.id,
  };
}

function subscribed(reply: z.infer<typeof Reply>): Subscribed {
  return { id: reply.id, ends: reply.expirationDateTime };
}
