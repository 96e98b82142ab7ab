/**
 * Answers over a document library of two papers, with the real client, reader and store on the stand-in Graph. A test changes
 * files, columns and grants as people in SharePoint would, and asks at a minute of its own.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Audience } from '../../src/answers/access.ts';
import { type Answers, createAnswers } from '../../src/answers/service.ts';
import { libraryOf } from '../../src/app/library.ts';
import { loadTrust } from '../../src/config/load.ts';
import type { Trust } from '../../src/config/trust.ts';
import { must } from '../../src/kernel/guards.ts';
import { personNamed } from '../../src/sandbox/tenant.ts';
import { silentLog } from '../../src/telemetry/log.ts';
import { useGraph } from './graph.ts';
import { useStore } from './store.ts';

const NOW = new Date('2026-11-23T07:30:00Z');
export const PERSONAL: Audience = { kind: 'personal' };
export const SALARY = 'What is the headteacher salary?';
/** That many minutes after the story begins. */
export const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
export const paper = (heading: string, text: string) => `# ${heading} paper\n\n## ${heading}\n${text}\n`;

/** Call inside `describe`. `desk.trust` may be changed; `desk.renew()` then makes the answers anew. */
export function useLibrary() {
  let trust: Trust | undefined;
  let answers: Answers | undefined;
  const desk = {
    get trust() {
      return must(trust, 'a trust');
    },
    set trust(next: Trust) {
      trust = next;
    },
    get answers() {
      return must(answers, 'answers');
    },
    renew: () => {
      answers = make(desk.trust);
    },
  };
  const given = useGraph();
  const store = useStore();

  beforeEach(async () => {
    const sample = await loadTrust('samples/trust.yaml');
    const documents = ['bicycles.md', 'salaries.md', 'papers/kettles.md', 'broken.docx'].map((file) => ({
      file,
      owner: 'o',
      kind: 'policy' as const,
    }));
    const library = {
      site: 's',
      drive: drive().id,
      permissions: 'library' as const,
      staff_groups: [],
      organisation_links: false,
    };
    desk.trust = { ...sample, documents, library };
    drive().own = {};
    drive().columns = {};
    desk.renew();
    await store().db.deleteFrom('answer_library_state').execute();
    await store().db.deleteFrom('answer_library_items').execute();
    await store().db.deleteFrom('answer_documents').execute();
    await put('bicycles.md', paper('Bicycles', 'Bicycles stand in the covered racks.'));
    await put('salaries.md', paper('Salaries', 'The headteacher salary is £91,000.'));
  });

  const drive = () => must(given().sandbox.tenant.drives[0], 'a drive');
  const idOf = (name: string) => personNamed(given().sandbox.tenant, name).id;
  const path = (name: string) => join(given().documents, name);
  const put = async (name: string, text: string) => {
    await mkdir(join(path(name), '..'), { recursive: true });
    await writeFile(path(name), text);
  };
  const make = (trust: Trust) =>
    createAnswers({
      db: store().db,
      trust,
      namesPupil: async () => false,
      log: silentLog,
      isInGroup: async () => false,
      nameOf: async () => undefined,
      directory: { person: async () => undefined },
      outbox: { enqueue: async () => 0, revise: async () => undefined, forget: async () => [] },
      personKey: 'key',
      ...libraryOf(trust, given().graph, silentLog, { staff }),
    });
  const staff = async () =>
    given().sandbox.tenant.people.map(({ id, name, mail }) => ({
      id,
      name,
      mail,
      givenName: name,
      jobTitle: '',
      staff: true,
    }));
  const sync = (minutes = 0) => desk.answers.ingest(join(given().documents, 'nothing'), at(minutes));
  const ask = async (text: string, who: string, minutes = 0, audience: Audience = PERSONAL) => {
    const asker = { personId: idOf(who), conversationId: 'c', audience };
    return JSON.stringify(await desk.answers.ask(text, asker, at(minutes)));
  };
  const downloads = () => given().sandbox.requests.filter((one) => one.path.endsWith('/content')).length;
  const own = (...grants: typeof drive extends () => { grants: infer G } ? G : never) => {
    drive().own = { 'salaries.md': grants };
  };

  return { desk, given, store, drive, idOf, path, put, sync, ask, downloads, own };
}
