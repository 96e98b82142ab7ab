/**
 * *Check my file* in chat: reads a marks file as an import would and compares it with what is held, for the data contact or the
 * head of its school alone. Nothing of it is saved, not even that its weeks were named.
 */
import { decide, type Entry, may } from '../access/decide.ts';
import type { MessageReply } from '../cards/reply.ts';
import type { TrustSchool } from '../config/trust.ts';
import { AppError, isRefusal } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import { dateInWords, mondayOf } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { inTransaction } from '../storage/database.ts';
import type { ImportParts } from './import-parts.ts';
import { importFile, type MarksSource } from './import-service.ts';
import type { ImportReceipt } from './imports.ts';
import { receiptCard, refusalCard } from './receipt-card.ts';

/** `close`: nothing of it will be read. */
export type OpenMarks = {
  readonly size: number | undefined;
  readonly pieces: MarksSource;
  readonly close: () => Promise<void>;
};

export type AttachedMarks = {
  readonly name: string;
  /** Opens it; asked only once its sender may have it looked at. */
  readonly open: () => Promise<OpenMarks>;
};

/** A school's marks of a whole year are half of it. Bytes. */
const MOST_BYTES = 50_000_000;
const READABLE = /\.(csv|txt|tsv)$/i;

/** What somebody who types "check my file" is told, and what a file gets that cannot be one of marks. */
export const HOW_TO_CHECK =
  'Attach the export here as a CSV file and send it. I look at it and tell you what an import would say; nothing is saved. It goes through your own Teams files, so delete it there afterwards. The folder check does the same without that.';

const NOT_FETCHED =
  'I could not fetch that file from where Teams keeps it. Nothing was saved. Please attach it again, or put it into the folder check.';

export async function checkFile(
  parts: ImportParts,
  { verb, holder }: Entry<'file:check'>,
  file: AttachedMarks,
  now: Date,
): Promise<MessageReply> {
  const { trust } = parts;
  const own = trust.schools.filter(({ urn }) => may(verb, holder, { urn }));
  const [only, ...more] = own;
  const permit = decide(verb, holder, { urn: only?.urn });
  if (!only || isRefusal(permit)) return say(isRefusal(permit) ? permit.message : HOW_TO_CHECK);
  if (!READABLE.test(file.name)) return say(`I have not opened that file. ${HOW_TO_CHECK}`);
  const opened = await file.open().catch(unfetched);
  if (opened instanceof AppError) return say(NOT_FETCHED);
  const { size, pieces } = opened;
  if (size !== undefined && size > MOST_BYTES) await opened.close();
  const result = await importFile(parts, pieces, {
    now,
    by: permit.by,
    check: true,
    source: 'chat',
    size,
    mostBytes: MOST_BYTES,
    ...(more.length === 0 ? { schoolUrn: only.urn } : {}),
  }).catch(unfetched);
  if (result instanceof AppError) return say(NOT_FETCHED);
  await inTransaction(parts.db, (trx) =>
    writeAudit(trx, {
      at: now,
      actor: permit.by,
      action: 'attendance.check-file',
      subject: own.map(({ urn }) => urn).join(' '),
      detail: { read: result.kind === 'receipt' },
    }),
  );
  if (result.kind === 'refusal') return { kind: 'reply', card: refusalCard(only.name, result, 'chat') };
  return answerOf(result, own);
}

/** A file of several schools is answered in a line for each; a week of a school that is not the sender's, with nothing. */
function answerOf(receipt: ImportReceipt, own: readonly TrustSchool[]): MessageReply {
  const bySchool = Map.groupBy(receipt.weeks, ({ schoolUrn }) => schoolUrn);
  const found = own.filter(({ urn }) => bySchool.has(urn));
  const [school, ...others] = found;
  if (!school || found.length < bySchool.size)
    return say(
      'There are marks in it of a school that is not yours, so I say nothing of it. Nothing was saved.',
    );
  if (others.length === 0)
    return {
      kind: 'reply',
      card: receiptCard(school, bySchool.get(school.urn) ?? [], receipt, 'chat'),
    };
  const lines = found.map(({ urn, name }) => {
    const latest = bySchool.get(urn)?.at(-1);
    return latest
      ? `- ${name}, week of ${dateInWords(mondayOf(latest.week)).replace('Monday ', '')}: ${count(latest.pupils, 'pupil')}, ${count(latest.missing, 'session')} without a mark`
      : `- ${name}: nothing`;
  });
  return say(`The file can be read. Nothing was saved.\n\n${lines.join('\n')}`);
}

/** Any other fault is one. */
function unfetched(error: unknown): AppError {
  if (error instanceof AppError && error.code === 'file-not-fetched') return error;
  throw error;
}

function say(text: string): MessageReply {
  return { kind: 'reply', text };
}
