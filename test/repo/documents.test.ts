/** Holds the sample documents to the facts that stories, questions and flows rely on, as a reader of the files sees them. */
import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import mammoth from 'mammoth';
import { extractText, getDocumentProxy } from 'unpdf';
import { makeDocuments } from '../../samples/make-documents.ts';
import { loadTrust } from '../../src/config/load.ts';

const FOLDER = 'samples/documents';

async function readText(name: string, bytes: Buffer = readFileSync(join(FOLDER, name))): Promise<string> {
  if (name.endsWith('.docx')) return (await mammoth.convertToHtml({ buffer: bytes })).value;
  if (!name.endsWith('.pdf')) return bytes.toString('utf8');
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(bytes)), { mergePages: true });
  return text.replace(/\s+/g, ' ');
}

/** What stands below a heading of the DOCX, up to the next one of the same depth. */
function sectionOf(html: string, heading: string): string {
  const [, after = ''] = html.split(`<h1>${heading}</h1>`);
  return after.split('<h1>')[0] ?? '';
}

describe('the sample documents', () => {
  it('are each in trust.yaml, with an owner, a kind and dates, and one for a group alone', async () => {
    const { documents } = await loadTrust('samples/trust.yaml');
    assert.deepEqual(documents.map((document) => document.file).sort(), readdirSync(FOLDER).sort());
    assert.deepEqual([...new Set(documents.map((document) => document.kind))].sort(), [
      'essay',
      'outside',
      'policy',
    ]);
    assert.deepEqual(
      documents.filter((document) => document.group).map((document) => document.file),
      ['executive-risk-note.pdf'],
    );
  });

  it('are what their sources make, and the same each time', async () => {
    const [first, second] = [await makeDocuments(), await makeDocuments()];
    for (const [name, bytes] of first) {
      assert.ok(second.get(name)?.equals(bytes), `${name} differs between two makings`);
      assert.equal(
        await readText(name),
        await readText(name, bytes),
        `${name}: run samples/make-documents.ts and commit what it writes`,
      );
    }
  });

  it('have a strategy with the six areas of trust.yaml and the four priorities of each', async () => {
    const strategy = await readText('strategy-2026-27.docx');
    const { priorities } = await loadTrust('samples/trust.yaml');
    assert.equal(priorities.length, 6);
    for (const area of priorities) {
      const items = sectionOf(strategy, area.name).matchAll(/<li><strong>([^<]+)\.<\/strong>/g);
      assert.equal(area.strands.length, 4, area.name);
      assert.deepEqual(
        [...items].map(([, name]) => name),
        area.strands.map((strand) => strand.name),
      );
    }
    const table = sectionOf(strategy, "This year's six priorities");
    assert.deepEqual(
      [...table.matchAll(/<tr><td><p>([^<]+)<\/p>/g)].map(([, cell]) => cell),
      priorities.map((area) => area.name),
    );
  });

  it('have seven first steps in Term 1, a mission and the three habits', async () => {
    const strategy = await readText('strategy-2026-27.docx');
    assert.equal(sectionOf(strategy, 'First steps in Term 1').match(/<li>/g)?.length, 7);
    assert.match(sectionOf(strategy, 'Our mission'), /able to choose their own life/);
    assert.match(strategy, /<h2>Disadvantage first in the classroom<\/h2>/);
  });

  it('name the values and never list them', async () => {
    const strategy = await readText('strategy-2026-27.docx');
    assert.match(sectionOf(strategy, 'What holds us together'), /Our values come before any plan/);
    assert.doesNotMatch(strategy, /our values are|<h[12]>[^<]*values/i);
  });

  it('have an expired strategy beside the one in force, with other priorities', async () => {
    const [current, expired] = [
      await readText('strategy-2026-27.docx'),
      await readText('strategy-2025-26.pdf'),
    ];
    assert.match(current, /In force from 1 September 2026 to 31 August 2027/);
    assert.match(expired, /In force from 1 September 2025 to 31 August 2026/);
    assert.match(expired, /Reading before everything/);
    assert.doesNotMatch(current, /Reading before everything/);
    assert.match(expired, /Disadvantage first/);
  });

  it('disagree on the time of the first-day call', async () => {
    assert.match(await readText('attendance-policy.md'), /calls home \*\*by 9:30 am\*\*/);
    assert.match(await readText('attendance-guidance-tutors.docx'), /first-day call, by 9:30 am/);
    assert.match(await readText('staff-handbook.pdf'), /calls home by 10:00 am on the first day/);
  });

  it('use initials that nothing explains', async () => {
    const all = await Promise.all(readdirSync(FOLDER).map((name) => readText(name)));
    for (const initials of ['PLP', 'TAF']) {
      assert.ok(
        all.some((text) => text.includes(initials)),
        initials,
      );
      const words = [...initials].map((letter) => `${letter}[a-z]+`).join('[ -](?:[a-z]+ )?');
      for (const text of all) assert.doesNotMatch(text, new RegExp(`\\b${words}\\b|\\(${initials}\\)`));
    }
  });

  it('have five functions and one beyond, with their author and date', async () => {
    const essay = await readText('five-functions.md');
    assert.equal(essay.match(/^\d\. \*\*/gm)?.length, 5);
    assert.match(essay, /And one beyond the five/);
    assert.match(essay, /Helen Marsh, March 2024/);
  });

  it('keep what is restricted to one file', async () => {
    for (const name of readdirSync(FOLDER)) {
      const secret = /boiler at Driftwood|retire in summer 2027|£84,000/.test(await readText(name));
      assert.equal(secret, name === 'executive-risk-note.pdf', name);
    }
  });
});
