/**
 * Word files through mammoth. The zip is unpacked here first, with a limit, and packed again with only its XML, so that
 * mammoth meets no bomb and no hidden text: words that Word shows nobody are no source of an answer.
 */
import mammoth from 'mammoth';
import { isRefusal, messageOf, type Refusal, refuse } from '../../kernel/errors.ts';
import type { Block } from './block.ts';
import { readHtml } from './html.ts';
import { packStored, unpackXml } from './zip.ts';

/** Unpacked bytes. The longest handbook seen unpacks to under 10 MB. */
const MAX_UNPACKED = 60_000_000;

/** Word's own Title style, which mammoth would read as an ordinary paragraph. */
const TITLE = ["p[style-name='Title'] => h1:fresh"];

/** Refuses `encrypted`, `corrupt`, `too-large`. `shown`: what of a part's XML is for readers. */
export async function readDocx(
  bytes: Buffer,
  shown: (xml: string) => string = withoutHiddenRuns,
): Promise<Block[] | Refusal> {
  if (bytes.subarray(0, 4).toString('hex') === 'd0cf11e0') {
    return refuse('encrypted', 'it is protected by a password, or is an old .doc file');
  }
  const entries = unpackXml(bytes, MAX_UNPACKED);
  if (isRefusal(entries)) return entries;
  const readable = entries.map(({ name, bytes: part }) => ({
    name,
    bytes: /^word\/[^/]+\.xml$/i.test(name) ? Buffer.from(shown(part.toString('utf8'))) : part,
  }));
  try {
    const ignoreImage = mammoth.images.imgElement(async () => ({ src: '' }));
    const result = await mammoth.convertToHtml(
      { buffer: packStored(readable) },
      { convertImage: ignoreImage, styleMap: TITLE },
    );
    return readHtml(result.value);
  } catch (error) {
    return refuse('corrupt', `Word's format was not found in it (${messageOf(error).slice(0, 80)})`);
  }
}

const RUN_END = '</w:r>';
/** `hidden` in Word's font dialogue, or type of two points and less. */
const HIDDEN =
  /<w:(?:vanish|webHidden|specVanish)(?:\/>|\s+w:val="(?:1|true|on)"\s*\/>)|<w:sz w:val="[0-4]"\/>/;

/** The XML without runs that Word does not show. */
function withoutHiddenRuns(xml: string): string {
  if (!HIDDEN.test(xml)) return xml;
  return xml
    .split(RUN_END)
    .map((piece, index, pieces) => {
      if (index === pieces.length - 1) return piece;
      const from = Math.max(piece.lastIndexOf('<w:r>'), piece.lastIndexOf('<w:r '));
      return from >= 0 && HIDDEN.test(piece.slice(from)) ? piece.slice(0, from) : `${piece}${RUN_END}`;
    })
    .join('');
}
