/**
 * The answers of one installation: reads documents in, keeps an index for each set of documents that readers may open, answers
 * in conversations. Carries out what the pure files decide; logs ids and counts, never a question.
 */

import { decide, type Entry } from '../access/decide.ts';
import type { CardVerbOf } from '../access/policy.ts';
import type { Card } from '../cards/elements.ts';
import type { CardCommand } from '../cards/envelope.ts';
import type { NamesPupil } from '../cards/held.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import { safeguardingLead, type Trust } from '../config/trust.ts';
import type { Directory } from '../directory/model.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { lookalikes, visible } from '../kernel/neutral.ts';
import { breath, dateOf } from '../kernel/time.ts';
import type { Db, Trx } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { type Access, type Audience, openDocuments, restrictionsOn } from './access.ts';
import type { Answer } from './answer.ts';
import type { Reach } from './ask-readers-service.ts';
import { type AskOutbox, createAsks } from './asks-service.ts';
import type { DocumentFacts, Passage } from './corpus.ts';
import { healthOf } from './health.ts';
import { planHealth } from './health-service.ts';
import { forgetTold } from './health-store.ts';
import { type DocumentLibrary, type IngestReport, ingestDocuments } from './ingest-service.ts';
import { asksForLead, leadReply } from './lead-question.ts';
import type { Embedder } from './meaning.ts';
import { createMeaning } from './meaning-service.ts';
import { headingsNear } from './named-heading.ts';
import { docsOf, takeOpenTurn } from './open-turn-service.ts';
import { prepared } from './prepared.ts';
import { readQuestion } from './question.ts';
import { openMatters, planRadar } from './radar-service.ts';
import { openReader } from './readers/bounded.ts';
import { rehearsal } from './rehearsal.ts';
import { passageCard, type ReplySetting, replyTo, replyToTalk } from './reply.ts';
import { buildIndex, type Index } from './retrieval.ts';
import { asksForMe } from './role.ts';
import { recogniseTalk } from './smalltalk.ts';
import { periodAsked, withStanding } from './standing.ts';
import { createAnswersStore } from './store.ts';
import { citedPassages, takeTurn } from './turn.ts';
import { type Composer, inOtherWords, passagesToWord } from './wording.ts';

export type Asker = {
  readonly personId: string;
  readonly conversationId: string;
  readonly audience: Audience;
};

export type AnswersResources = Access & {
  readonly db: Db;
  readonly trust: Trust;
  readonly log: Log;
  /** The name of a person, for "… can help". */
  readonly nameOf: (personId: string) => Promise<string | undefined>;
  readonly library?: DocumentLibrary;
  readonly directory: Pick<Directory, 'person'>;
  readonly namesPupil: NamesPupil;
  readonly outbox: AskOutbox;
  /** Who is in the channel for questions, and whom a message reaches; absent: no channel is asked. */
  readonly reach?: Reach;
  /** Makes the marks that tell askers apart without saying who they are. */
  readonly personKey: string;
  /** A model that may say an answer in other words; without one the documents' own words are shown. */
  readonly composer?: Composer;
  /** A model of meaning; without one passages are found by their words alone. */
  readonly embedder?: Embedder;
};

export type Answers = ReturnType<typeof createAnswers>;

/** A dialogue is forgotten after this long: "the second one" next morning means nothing. */
const DIALOGUE_HOURS = 8;
/** How long this instance trusts its copy before it asks whether another one has read documents. */
const RECHECK_MS = 30_000;
const MAX_QUESTION = 1_000;
/** Indexes kept at a time: one for each set of documents that some audience may open. */
const MAX_INDEXES = 8;

type Loaded = {
  readonly fingerprint: string;
  readonly docs: readonly DocumentFacts[];
  readonly passages: readonly Passage[];
  readonly indexes: Map<string, Promise<Index>>;
};

/** `question`: as typed, for the years it asks for; `closed`: documents left out, whoever may open them. */
type Looked = {
  readonly question?: string;
  readonly today?: string;
  readonly closed?: ReadonlySet<string>;
};

export function createAnswers(resources: AnswersResources) {
  const { trust, log } = resources;
  const store = createAnswersStore(resources.db);
  let loaded: Loaded | undefined;
  const readFile = openReader();
  const meaning = resources.embedder ? createMeaning(resources.embedder, log) : undefined;
  let checkedAt = 0;
  let rehearsed = false;
  /** What the last look of this process could not read. */
  let unread: IngestReport['unread'] = [];
  const asks = createAsks({
    ...resources,
    documentsChanged: () => lookAgain(),
  });

  /** One look at a time: whoever asks meanwhile gets what it brings. */
  let looking: Promise<Loaded> | undefined;
  function load(now: Date): Promise<Loaded> {
    if (looking) return looking;
    if (loaded && Math.abs(now.getTime() - checkedAt) < RECHECK_MS) return Promise.resolve(loaded);
    checkedAt = now.getTime();
    const mine = look().finally(() => {
      if (looking === mine) looking = undefined;
    });
    looking = mine;
    mine.catch(lookAgain);
    return mine;
  }

  /** What is loaded, or about to be, is old. */
  function lookAgain(): void {
    checkedAt = 0;
    looking = undefined;
  }

  async function look(): Promise<Loaded> {
    const fingerprint = await store.fingerprint();
    if (loaded?.fingerprint === fingerprint) return loaded;
    const [documents, passages] = [await store.documents(), await store.passages()];
    loaded = { fingerprint, docs: documents.map((document) => document.facts), passages, indexes: new Map() };
    // Behind the answers, which do not wait for it.
    void meaning?.learn(passages);
    return loaded;
  }

  /** The index over exactly what these readers may open. */
  async function indexFor(
    personId: string,
    audience: Audience,
    now: Date,
    { question = '', today = dateOf(now, trust.trust.zone), closed }: Looked = {},
  ): Promise<Index> {
    const { docs: all, passages, indexes } = await load(now);
    const standing = all.filter((doc) => !isRetired(doc, today) && !closed?.has(doc.id));
    const docs = await openDocuments(standing, personId, audience, resources, now);
    const key = JSON.stringify(docs.map((doc) => doc.id).sort());
    const index = indexes.get(key) ?? buildSoon(docs, passages);
    if (!indexes.has(key)) {
      const oldest = indexes.keys().next().value;
      if (indexes.size >= MAX_INDEXES && oldest !== undefined) indexes.delete(oldest);
      indexes.set(key, index);
      index.catch(() => indexes.delete(key));
    }
    return withStanding(await index, today, periodAsked(question, today));
  }

  async function settingFor(index: Index, audience: Audience, today: string): Promise<ReplySetting> {
    return {
      trustName: trust.trust.short_name,
      contact: await resources.nameOf(trust.trust.questions_contact),
      docs: index.docs,
      today,
      personal: audience.kind === 'personal' || audience.kind === 'staff',
      near: (passage) => headingsNear(passage, index),
    };
  }

  return {
    /**
     * Reads the files that trust.yaml lists from `folder`, and the library's when there is one; what changed is answered from
     * at once.
     */
    async ingest(folder: string, now: Date): Promise<IngestReport> {
      const report = await ingestDocuments({ ...resources, store, readFile }, folder, now);
      lookAgain();
      unread = report.unread;
      // Who may open what is asked for here too, so that a slow answer later leaves what is open to all staff.
      const items = (await load(now)).docs.flatMap((doc) => doc.item ?? []);
      if (items.length > 0) await resources.mayOpen?.('all staff', items, now);
      const closed = new Set(resources.library?.openToNobody?.(items));
      const unused = (await load(now)).docs.filter(({ item }) => item !== undefined && closed.has(item));
      return { ...report, problems: [...report.problems, ...unused.map(usedForNobody)] };
    },

    /** Makes what the first person to ask would wait for: the index of what all staff may open, and all that it needs. */
    async warm(now: Date): Promise<void> {
      const known = loaded;
      const index = await indexFor(trust.trust.questions_contact, { kind: 'channel' }, now);
      if (loaded === known && rehearsed) return;
      rehearsed = true;
      for (const _ of rehearsal(index, dateOf(now, trust.trust.zone))) await breath();
    },

    async ask(typed: string, asker: Asker, now: Date): Promise<MessageReply> {
      const question = lookalikes(visible(typed)).slice(0, MAX_QUESTION);
      if (asksForLead(question)) {
        const person = await resources.directory.person(asker.personId);
        return leadReply(safeguardingLead(trust, person ?? {}), trust.trust.safeguarding_lead);
      }
      const today = dateOf(now, trust.trust.zone);
      const since = new Date(now.getTime() - DIALOGUE_HOURS * 3_600_000);
      const before = await store.dialogue(asker.personId, asker.conversationId, since);
      const jobTitle = asksForMe(question)
        ? (await resources.directory.person(asker.personId))?.jobTitle
        : undefined;
      const { turn, index } = await takeOpenTurn(question, {
        indexWithout: async (closed) => {
          const found = await indexFor(asker.personId, asker.audience, now, { question, today, closed });
          // A pupil's name, an order or a greeting goes to no model.
          return meaning && !recogniseTalk(question) ? meaning.of(question, found) : found;
        },
        take: (index) => takeTurn(question, before, index, jobTitle),
        stillOpen: (docs) => openDocuments(docs, asker.personId, asker.audience, resources, now, 'now'),
      });
      const setting = await settingFor(index, asker.audience, today);
      if (turn.kind === 'talk') return replyToTalk(turn.talk, setting);
      const { about, next } = turn;
      const answer = await wordedBy(resources.composer, turn.answer, question, index);
      const nearest = answer.outcome === 'refusal' ? answer.nearest : citedPassages(answer);
      const passages = nearest.map((passage) => passage.id);
      const id = newId('question');
      const docs = docsOf(nearest, index);
      const within = answer.outcome === 'refusal' ? await restrictionsOn(docs, resources, now) : [];
      // Only in a personal chat, where nobody looks over the asker's shoulder.
      const isOpen = answer.outcome === 'refusal' && answer.reason !== 'command';
      const owners = docs.map((doc) => doc.owner);
      const passOn =
        isOpen && asker.audience.kind === 'personal'
          ? await asks.offerFor(id, { owners, within }, asker.personId, about)
          : undefined;
      const mark = asks.markOf(asker.personId);
      const { outcome } = answer;
      await store.saveTurn({
        ...asker,
        id,
        question,
        outcome,
        passages,
        next,
        now,
        mark,
        readerId: passOn?.readerId,
        topic: answer.outcome === 'refusal' ? about : undefined,
        within,
      });
      log.info('question answered', { id, outcome, passages: passages.length });
      return { ...replyTo(answer, { ...setting, ...passOn }), ref: id };
    },

    /** Helpful or not, with a reason, on the reply that carried `ref`. False when its question is no longer kept. */
    async feedback(ref: string, reaction: 'like' | 'dislike', reason: string | undefined): Promise<boolean> {
      return store.saveFeedback(ref, reaction, reason?.trim().slice(0, 1_000) || null);
    },

    /** Its message was deleted or rewritten: the question goes, and what follows no longer builds on it. */
    async withdraw(ref: string, now: Date): Promise<void> {
      await asks.withdraw(ref, now);
      await store.forgetQuestion(ref);
    },

    /** `answers.read`: the passage, for someone who may open its document today. Other verbs: a question passed on. `channelId`: where it was pressed, when in a channel. */
    async act(
      entry: Entry<CardVerbOf<'answers'>>,
      command: CardCommand,
      audience: Audience,
      now: Date,
      channelId?: string,
    ): Promise<CardReply> {
      if (entry.verb !== 'answers.read') return asks.act(entry, command, now, channelId);
      const permit = decide(entry.verb, entry.holder, {});
      if (isRefusal(permit)) return permit;
      const personId = permit.by;
      const index = await indexFor(personId, audience, now);
      const passage = index.entries.get(command.envelope.id)?.passage;
      const doc = passage && index.docs.get(passage.doc);
      const open = doc ? await openDocuments([doc], personId, audience, resources, now, 'now') : [];
      if (!passage || !doc || open.length === 0)
        return refuse('gone', 'That passage is no longer in the documents you can open. Please ask again.');
      const shown: Card = passageCard(passage, doc, restOfSection(index, passage));
      return { kind: 'card', card: shown };
    },

    /** The weekly radar for whoever takes the trust's questions. */
    async planRadar(week: string, now: Date) {
      const index = await indexFor(trust.trust.questions_contact, { kind: 'channel' }, now);
      return planRadar(resources, index, week, now);
    },

    /** What the documents leave open, for leaders' and owners' digests. */
    async openMatters(now: Date, wanted: { readonly themes: boolean }) {
      const { docs } = await load(now);
      const today = dateOf(now, trust.trust.zone);
      return openMatters({ ...resources, access: resources }, docs, { today, now }, wanted);
    },

    /** What owners are to be told of their documents. */
    async planHealth(now: Date) {
      const { docs, passages } = await load(now);
      const findings = healthOf(docs, passages, dateOf(now, trust.trust.zone));
      return planHealth({ ...resources, access: resources }, docs, findings, unread, now);
    },

    /** Deletes questions older than `days` and dialogues that have lapsed. Returns how many questions went. */
    async forget(days: number, now: Date): Promise<number> {
      const lapsed = new Date(now.getTime() - DIALOGUE_HOURS * 3_600_000);
      return store.forgetBefore(daysBefore(now, days), lapsed);
    },

    /** The same for questions that were passed on, with what was sent about them; inside the run's transaction. */
    forgetAsks: (trx: Trx, days: number, now: Date) => asks.forget(trx, daysBefore(now, days), now),

    async erasePerson(trx: Trx, personId: string, now: Date): Promise<void> {
      await asks.erase(trx, personId, now);
      await store.erasePerson(trx, personId, asks.markOf(personId));
      await forgetTold(trx, personId);
    },
    /** Rows were changed beneath what is held in memory, here and in other instances. */
    reload: async (): Promise<void> => {
      await store.touchNotes();
      loaded = undefined;
    },
    /** What is kept of a person that their id alone does not lead to: their questions; and what they passed on or answered. */
    exportPerson: async (personId: string) => ({
      questions: await store.questionsOf(asks.markOf(personId)),
      passedOn: await asks.export(personId),
    }),
  };

  /** The answer in a model's words where there is a model and its words hold; the documents' own otherwise. */
  async function wordedBy(
    composer: Composer | undefined,
    answer: Answer,
    typed: string,
    index: Index,
  ): Promise<Answer> {
    if (!composer) return answer;
    const asked = { question: readQuestion(typed, index), index };
    const passages = passagesToWord(answer, asked.question);
    if (passages.length === 0) return answer;
    const worded = await composer(typed, passages);
    if (isRefusal(worded)) {
      log.info('the model gave no words', { reason: worded.reason });
      return answer;
    }
    const held = inOtherWords(answer, worded, passages, asked);
    if (!held) log.info("the model's words did not hold", { sentences: worded.length });
    return held ?? answer;
  }
}

/** A policy that has run out still says what held; a colleague's note does not. */
function isRetired({ kind, to }: DocumentFacts, today: string): boolean {
  return kind === 'note' && to !== undefined && to < today;
}

/** Passages prepared between two breaths. */
const SLICE = 100;

/** The index, made in slices: a large library takes a second, and turns on other documents should not wait for it. */
async function buildSoon(docs: readonly DocumentFacts[], passages: readonly Passage[]): Promise<Index> {
  const ids = new Set(docs.map((doc) => doc.id));
  const open = passages.filter((passage) => ids.has(passage.doc));
  for (let from = 0; from < open.length; from += SLICE) {
    for (const passage of open.slice(from, from + SLICE)) prepared(passage);
    if (from + SLICE < open.length) await breath();
  }
  return buildIndex(docs, open);
}

function usedForNobody({ title }: DocumentFacts): Refusal {
  return refuse(
    'open-to-nobody',
    `${title} is used for nobody: the library does not tell who may open it (docs/OPERATIONS.md, "Consents").`,
  );
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * 86_400_000);
}

/** What follows a passage under the same heading, in reading order. */
function restOfSection(index: Index, passage: Passage): string[] {
  const ofSection = index.passages.filter(
    (other) =>
      other.doc === passage.doc &&
      other.path.join('\n') === passage.path.join('\n') &&
      other.order > passage.order,
  );
  return ofSection
    .filter((other) => ['paragraph', 'item'].includes(other.kind) && !passage.text.includes(other.text))
    .map((other) => other.text);
}
