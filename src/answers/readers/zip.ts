/**
 * As much of the zip format as Word files need: unpacks the XML parts and packs them again. What an entry says of its own
 * size is not believed: each is inflated with a limit, so a bomb stops at it. Knows nothing of Word.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { messageOf, type Refusal, refuse } from '../../kernel/errors.ts';

export type Entry = { readonly name: string; readonly bytes: Buffer };

const MOST_ENTRIES = 5_000;
const WANTED = /\.(?:xml|rels)$/i;
const TOO_LARGE = refuse('too-large', 'it would unpack to more than 60 MB');
const BROKEN = refuse('corrupt', 'it is not a whole Word file');

/** The XML parts, at most `limit` bytes of them. Refuses `corrupt`, `encrypted`, `too-large`. */
export function unpackXml(bytes: Buffer, limit: number): readonly Entry[] | Refusal {
  const end = bytes.lastIndexOf(Buffer.from('504b0506', 'hex'));
  if (end < 0 || end + 22 > bytes.length) return BROKEN;
  const count = bytes.readUInt16LE(end + 10);
  if (count > MOST_ENTRIES) return refuse('too-large', `it is packed from more than ${MOST_ENTRIES} parts`);
  const entries: Entry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  let left = limit;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) return BROKEN;
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, nameEnd);
    if (bytes.readUInt32LE(at + 24) > limit) return TOO_LARGE;
    if (WANTED.test(name)) {
      const part = unpackEntry(bytes, at, left);
      if (!Buffer.isBuffer(part)) return part;
      left -= part.length;
      entries.push({ name, bytes: part });
    }
    at = nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function unpackEntry(bytes: Buffer, at: number, left: number): Buffer | Refusal {
  const [flags, method] = [bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10)];
  const [packed, claimed] = [bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24)];
  const local = bytes.readUInt32LE(at + 42);
  if (flags & 1) return refuse('encrypted', 'it is protected by a password');
  if (claimed > left) return TOO_LARGE;
  if (local + 30 > bytes.length || bytes.readUInt32LE(local) !== 0x04034b50) return BROKEN;
  const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const data = bytes.subarray(from, from + packed);
  if (data.length < packed) return BROKEN;
  if (method === 0) return data.length > left ? TOO_LARGE : data;
  if (method !== 8) return BROKEN;
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(1, left) });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? TOO_LARGE
      : refuse('corrupt', `it is damaged (${messageOf(error).slice(0, 60)})`);
  }
}

/** A zip of the entries as they are, nothing compressed. */
export function packStored(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes } of entries) {
    const label = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(label.length, 22);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(20, 4);
    common.copy(central, 6);
    central.writeUInt32LE(at, 42);
    parts.push(Buffer.from('504b0304', 'hex'), common, label, bytes);
    directory.push(central, label);
    at += 30 + label.length + bytes.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, listing, end]);
}
