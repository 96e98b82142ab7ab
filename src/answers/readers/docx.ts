/**
 * Word files through mammoth. A DOCX is a zip, so its directory is read first: a file that is no zip, is encrypted, or
 * would unpack to more than the limit is refused before anything unpacks it.
 */
import mammoth from 'mammoth';
import { messageOf, type Refusal, refuse } from '../../kernel/errors.ts';
import type { Block } from './block.ts';
import { readHtml } from './html.ts';

/** Unpacked bytes. The longest handbook seen unpacks to under 10 MB. */
const MAX_UNPACKED = 60_000_000;

/** Word's own Title style, which mammoth would read as an ordinary paragraph. */
const TITLE = ["p[style-name='Title'] => h1:fresh"];

/** Refuses `encrypted`, `corrupt`, `too-large`. */
export async function readDocx(bytes: Buffer): Promise<Block[] | Refusal> {
  if (bytes.subarray(0, 4).toString('hex') === 'd0cf11e0') {
    return refuse('encrypted', 'it is protected by a password, or is an old .doc file');
  }
  const unpacked = unpackedSize(bytes);
  if (unpacked === undefined) return refuse('corrupt', 'it is not a whole Word file');
  if (unpacked > MAX_UNPACKED) return refuse('too-large', 'it would unpack to more than 60 MB');
  try {
    const ignoreImage = mammoth.images.imgElement(async () => ({ src: '' }));
    const result = await mammoth.convertToHtml(
      { buffer: bytes },
      { convertImage: ignoreImage, styleMap: TITLE },
    );
    return readHtml(result.value);
  } catch (error) {
    return refuse('corrupt', `Word's format was not found in it (${messageOf(error).slice(0, 80)})`);
  }
}

/** The sum of the sizes that the zip's central directory states; undefined when there is no such directory. */
function unpackedSize(bytes: Buffer): number | undefined {
  const end = bytes.lastIndexOf(Buffer.from('504b0506', 'hex'));
  if (end < 0 || end + 22 > bytes.length) return undefined;
  const entries = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  let total = 0;
  for (let entry = 0; entry < entries; entry += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) return undefined;
    total += bytes.readUInt32LE(at + 24);
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return total;
}
