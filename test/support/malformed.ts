/**
 * Files that no document should be, in families from a seeded generator: cut short, packed to burst, locked, misnamed,
 * empty, endless, damaged. Each has a problem that must be named.
 */
import { deflateRawSync, gzipSync } from 'node:zlib';
import { Document, Packer, Paragraph } from 'docx';
import PDFDocument from 'pdfkit';
import { type Entry, packStored } from '../../src/answers/readers/zip.ts';
import { must } from '../../src/kernel/guards.ts';
import { type Seeded, seeded } from '../../src/kernel/seeded.ts';

export type Malformed = { readonly family: string; readonly file: string; readonly bytes: Buffer };

type Whole = {
  readonly docx: Buffer;
  readonly pdf: Buffer;
  readonly locked: Buffer;
  readonly blank: Buffer;
  readonly endless: Buffer;
};
type Made = readonly [extension: string, bytes: Buffer];
type Family = (random: Seeded, whole: Whole) => Made;

const WORDS = ['tide', 'quay', 'harbour', 'register', 'family', 'mentor', 'reading', 'attendance'] as const;

function prose(random: Seeded, words: number): string {
  return Array.from({ length: words }, () => random.pick(WORDS)).join(' ');
}

function noise(random: Seeded, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.whole(0, 255)));
}

const CONTENT_TYPES =
  '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';
const RELATIONS =
  '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>';

/** A Word file around a body of our own making. */
export function wordAround(body: string): Buffer {
  return packStored(wordParts(body));
}

function wordParts(body: string): Entry[] {
  const xml = `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`;
  return [
    { name: '[Content_Types].xml', bytes: Buffer.from(CONTENT_TYPES) },
    { name: '_rels/.rels', bytes: Buffer.from(RELATIONS) },
    { name: 'word/document.xml', bytes: Buffer.from(xml) },
  ];
}

/** A zip of one deflated part that unpacks to `size` bytes and says `claimed`. */
function bomb(size: number, claimed: number): Buffer {
  const packed = deflateRawSync(Buffer.alloc(size, 0x20));
  const zip = packStored([{ name: 'word/document.xml', bytes: packed }]);
  const central = zip.lastIndexOf(Buffer.from('504b0102', 'hex'));
  zip.writeUInt16LE(8, 8);
  zip.writeUInt16LE(8, central + 10);
  zip.writeUInt32LE(claimed, 22);
  zip.writeUInt32LE(claimed, central + 24);
  return zip;
}

function flagged(zip: Buffer, flag: number): Buffer {
  const copy = Buffer.from(zip);
  for (let at = 0; ; at += 4) {
    at = copy.indexOf(Buffer.from('504b0102', 'hex'), at);
    if (at < 0) return copy;
    copy.writeUInt16LE(flag, at + 8);
  }
}

const cut = (random: Seeded, bytes: Buffer, most = 0.95) =>
  bytes.subarray(0, Math.floor(bytes.length * (0.1 + random.next() * (most - 0.1))));

export const FAMILIES: Readonly<Record<string, Family>> = {
  'docx-cut': (random, whole) => ['docx', cut(random, whole.docx)],
  'pdf-cut': (random, whole) => ['pdf', cut(random, whole.pdf, 0.9)],
  'pdf-damaged': (random) => [
    'pdf',
    Buffer.concat([
      Buffer.from('%PDF-1.7\n'),
      noise(random, random.whole(50, 4_000)),
      Buffer.from('\n%%EOF\n'),
    ]),
  ],
  'zip-bomb': (random) => {
    const size = random.whole(61, 90) * 1_000_000;
    return ['docx', bomb(size, size)];
  },
  'zip-bomb-lying': (random) => ['docx', bomb(random.whole(61, 90) * 1_000_000, random.whole(100, 9_000))],
  'zip-many-parts': (random) => {
    const parts = Array.from({ length: random.whole(5_001, 5_400) }, (_, part) => ({
      name: `word/part${part}.xml`,
      bytes: Buffer.alloc(0),
    }));
    return ['docx', packStored(parts)];
  },
  misnamed: (random, whole) =>
    random.pick<() => Made>([
      () => ['docx', whole.pdf],
      () => ['pdf', whole.docx],
      () => ['md', whole.docx],
      () => ['txt', whole.pdf],
      () => ['html', gzipSync(prose(random, 50))],
      () => ['md', Buffer.from(`{\\rtf1 ${prose(random, 40)}}`)],
      () => ['txt', Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), noise(random, 300)])],
    ])(),
  'pdf-locked': (_random, whole) => ['pdf', whole.locked],
  'docx-locked': (random) => [
    'docx',
    Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), noise(random, random.whole(500, 9_000))]),
  ],
  'zip-locked': (_random, whole) => ['docx', flagged(whole.docx, 1)],
  empty: (random) => [random.pick(['md', 'txt', 'html', 'docx', 'pdf']), Buffer.alloc(0)],
  'no-words': (random, whole) =>
    random.pick<() => Made>([
      () => ['md', Buffer.from('\n \n\t\n'.repeat(random.whole(1, 400)))],
      () => ['md', Buffer.from('---\nowner: nobody\n---\n\n* * *\n')],
      () => ['html', Buffer.from('<div><p> </p><hr></div>'.repeat(random.whole(1, 200)))],
      () => ['txt', Buffer.from('1 2 3 -- 4\n\n'.repeat(random.whole(1, 90)))],
      () => ['docx', wordAround('<w:p/>'.repeat(random.whole(1, 60)))],
      () => ['pdf', whole.blank],
    ])(),
  'only-script': (random) => [
    'html',
    Buffer.from(`<script>${prose(random, 200)}</script><style>p{}</style>`),
  ],
  'unclosed-script': (random) => ['html', Buffer.from('<script>'.repeat(random.whole(1_000, 60_000)))],
  'wide-letters': (random) => ['txt', Buffer.from(prose(random, random.whole(20, 300)), 'utf16le')],
  noise: (random) => [random.pick(['md', 'txt', 'html']), noise(random, random.whole(200, 30_000))],
  endless: (_random, whole) => ['txt', whole.endless],
  'one-word': (random) => ['txt', Buffer.alloc(random.whole(1, 4) * 1_000_000, 'tide')],
  'too-much-text': (random) => ['md', Buffer.from(`${prose(random, 400)}\n\n`.repeat(2_400))],
  'too-many-paragraphs': (random) => ['md', Buffer.from(`${prose(random, 2)}\n\n`.repeat(20_500))],
  'nested-markdown': (random) => ['md', Buffer.from(`${'> '.repeat(random.whole(9_000, 14_000))}x`)],
  'nested-word': (random) => {
    const depth = random.whole(20_000, 40_000);
    const open = '<w:tbl><w:tr><w:tc>'.repeat(depth);
    return ['docx', wordAround(`${open}<w:p/>${'</w:tc></w:tr></w:tbl>'.repeat(depth)}`)];
  },
  'broken-xml': (random) => [
    'docx',
    wordAround(`<w:p><w:r><w:t>${prose(random, 20)}</w:r></w:t><w:p ${'<'.repeat(random.whole(1, 40))}`),
  ],
  'no-main-part': (random) => [
    'docx',
    packStored([{ name: `xl/sheet${random.whole(1, 9)}.xml`, bytes: Buffer.from('<a/>') }]),
  ],
};

/** `count` files, the families in turn. The same seed makes the same files, but for the four whole ones they are made of. */
export async function malformedFiles(count: number, seed = 20_261_121): Promise<Malformed[]> {
  const whole = await wholeFiles();
  const names = Object.keys(FAMILIES);
  return Array.from({ length: count }, (_, number) => {
    const family = must(names[number % names.length], 'a family');
    const random = seeded(seed + number * 7_919);
    const [extension, bytes] = must(FAMILIES[family], family)(random, whole);
    return { family, file: `${family}-${number}.${extension}`, bytes };
  });
}

async function wholeFiles(): Promise<Whole> {
  const text = prose(seeded(1), 3_000);
  const docx = await Packer.toBuffer(
    new Document({
      sections: [{ children: text.match(/.{1,400}/g)?.map((part) => new Paragraph(part)) ?? [] }],
    }),
  );
  return {
    docx,
    pdf: await pdf(text),
    locked: await pdf(text, 'harbour'),
    blank: await pdf(''),
    endless: Buffer.alloc(50_000_000, 'a line without an end '),
  };
}

function pdf(text: string, userPassword?: string): Promise<Buffer> {
  return new Promise((resolve) => {
    const document = new PDFDocument(userPassword ? { userPassword } : {});
    const parts: Buffer[] = [];
    document.on('data', (part: Buffer) => parts.push(part));
    document.on('end', () => resolve(Buffer.concat(parts)));
    if (text) document.text(text);
    else document.rect(20, 20, 200, 200).fill('#336699');
    document.end();
  });
}
