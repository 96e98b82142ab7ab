/**
 * Who may tell us something of Graph's, before anything of it is read: the size, the rate, the form. The address echoes a
 * token whenever Graph asks whether it is ours. What a notice must prove is judged behind it; a false one is answered like a true
 * one, so that nobody learns which it was, and counts against the address it came from. Strangers can have Graph's own addresses tell
 * false ones, so whoever carries a secret of ours is heard from anywhere.
 */
import type { Settings } from '../config/settings.ts';
import { readOutside } from '../kernel/outside.ts';
import { stopwatch } from '../kernel/time.ts';
import type { Log } from '../telemetry/log.ts';
import { callerAddress, createLimiter } from './limits.ts';
import { isLoopbackAddress } from './shape.ts';

/** 1 MB: a message ends at about 100 KB, and Graph gathers a few. */
export const NOTICE_LIMIT_BYTES = 1024 * 1024;
/** Longer than any that Graph was seen to ask to be said back. */
const LONGEST_TOKEN = 2_048;

export type NoticeRequest = {
  /** As it came; at most one byte over the limit is read. */
  readonly body: Buffer;
  /** The query of the address, without its question mark. */
  readonly query: string;
  readonly remoteAddress: string | undefined;
  readonly forwardedFor: string;
  readonly contentType: string | undefined;
};

/** `text`: to be said as plain text; without it the answer is empty. */
export type NoticeAnswer = { readonly status: number; readonly text?: string };

/** `wrong`: it carried something that was not Graph's word. */
export type Taken = { readonly wrong: boolean };

export type NoticeGate = (request: NoticeRequest) => Promise<NoticeAnswer>;

export type NoticeGateOptions = {
  readonly settings: Pick<Settings, 'appEnv' | 'refusedLimit' | 'behindFrontEnd'>;
  /** Whether a body, still unread, carries a secret of ours. */
  readonly vouches: (body: Buffer) => Promise<boolean>;
  /** Keeps what is told; undefined when it is no notice. */
  readonly take: (body: unknown) => Promise<Taken | undefined>;
  readonly log: Log;
};

export function createNoticeGate({ settings, vouches, take, log }: NoticeGateOptions): NoticeGate {
  const { appEnv, refusedLimit, behindFrontEnd } = settings;
  const refused = createLimiter({ burst: refusedLimit, perMinute: refusedLimit });
  const age = stopwatch();
  let number = 0;

  function refuse(address: string, status: number, reason: string): NoticeAnswer {
    refused.take(address, age());
    number += 1;
    // Powers of two only, as at the gate for messages.
    if ((number & (number - 1)) === 0) log.warn('a notice was refused', { reason, number });
    return { status };
  }

  async function isVouched(body: Buffer): Promise<boolean> {
    return body.length <= NOTICE_LIMIT_BYTES && vouches(body);
  }

  return async (request) => {
    const address = callerAddress(request.remoteAddress, request.forwardedFor, behindFrontEnd);
    if (appEnv === 'local' && !isLoopbackAddress(request.remoteAddress)) return { status: 403 };
    const token = new URLSearchParams(request.query).get('validationToken');
    // Before any count: it costs less than one, and strangers can have Graph's own addresses use up what they are allowed.
    if (token && token.length <= LONGEST_TOKEN) return { status: 200, text: token };
    if (!refused.has(address, age()) && !(await isVouched(request.body))) return { status: 429 };
    if (token !== null) return refuse(address, 400, 'bad-echo');
    if (request.body.length > NOTICE_LIMIT_BYTES) return refuse(address, 413, 'too-large');
    const isJson = /^application\/json\s*(;|$)/i.test(request.contentType ?? '');
    const body = isJson ? readOutside(request.body.toString('utf8')) : undefined;
    if (body?.kind !== 'value') return refuse(address, 400, body?.kind ?? 'not-json');
    const taken = await take(body.value);
    if (!taken) return refuse(address, 400, 'not-notices');
    if (taken.wrong) refuse(address, 202, 'not-graph');
    return { status: 202 };
  };
}
