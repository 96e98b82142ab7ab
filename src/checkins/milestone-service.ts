/**
 * Makes, changes and closes milestones by cards. Who may is worked out from `trust.yaml` at each press; what was typed is kept on
 * every refusal. People are read before the transaction opens.
 */
import { anywhere } from '../access/decide.ts';
import type { CardCommand } from '../cards/envelope.ts';
import { heldLine, heldReply, joined } from '../cards/held.ts';
import type { CardReply } from '../cards/reply.ts';
import { safeguardingLead } from '../config/trust.ts';
import { refuse } from '../kernel/errors.ts';
import { contentId, newId } from '../kernel/ids.ts';
import { numberInWords } from '../kernel/text.ts';
import { dateOf } from '../kernel/time.ts';
import { inTransaction, type Trx } from '../storage/database.ts';
import { applyChanges } from './changes-service.ts';
import { isProblem } from './form.ts';
import { aroundOf, type CheckinsResources, type Lines, loadLines } from './lines-service.ts';
import { compareMilestones, isCarried, MADE_IN_CHAT, type Milestone } from './milestone.ts';
import { closingCard, milestoneForm, ownedCard, VERBS } from './milestone-card.ts';
import {
  AS_NOW,
  type MilestoneWords,
  NAMED,
  planFrom,
  readMilestone as readForm,
  type TypedMilestone,
  typedFromPlan,
  typedMilestone,
} from './milestone-form.ts';
import { mayKeep, rightsInWords, rightsOf } from './milestone-rights.ts';
import { type SightResources, seeMilestone, showMilestone } from './milestone-sight-service.ts';
import { lockMilestones, readMilestone, readMilestones, readSteps } from './milestones-store.ts';
import { personNamed } from './named-people.ts';
import type { Presser } from './press.ts';
import { ruleProblem } from './reader-rule.ts';

export type MilestoneResources = Pick<
  CheckinsResources,
  'schoolDays' | 'outbox' | 'refresher' | 'namesPupil' | 'log'
> &
  SightResources;

const MOVED_ON =
  'Somebody changed this milestone meanwhile. Your words are still here: please check them and save again.';
const NOT_HERE = refuse('not-yours', 'That milestone is not one of yours to change. Nothing was changed.');

/** What names a form: every opening has its own. */
const FORM = /^new_[0-9a-z]+$/;
const NO_FORM = refuse(
  'unknown-card',
  'I do not recognise that form, so nothing was made. Type "new milestone" for a fresh one.',
);

/** The form of a new one; for whoever may make none, why. */
export async function openForm(
  resources: MilestoneResources,
  verb: 'checkins.milestone-new' | 'say:new-milestone',
  person: Presser,
): Promise<CardReply> {
  const rights = rightsOf(await resources.directory.holder(person.personId));
  const refused = anywhere(verb, rights.holder);
  if (refused) return refused;
  const card = milestoneForm({ trust: resources.trust, rights, id: newId('new'), version: 0, kind: 'new' });
  return { kind: 'card', card };
}

/** The same form again makes no second milestone. */
export async function createMilestone(
  resources: MilestoneResources,
  { envelope, inputs }: CardCommand,
  person: Presser,
  now: Date,
): Promise<CardReply> {
  const { trust, db } = resources;
  const rights = rightsOf(await resources.directory.holder(person.personId));
  const refused = anywhere('checkins.milestone-create', rights.holder);
  if (refused) return refused;
  if (envelope.version !== 0 || !FORM.test(envelope.id)) return NO_FORM;
  const id = `${MADE_IN_CHAT}${contentId([envelope.id, person.personId])}`;
  const typed = typedMilestone(inputs);
  const again = (notice: string): CardReply => {
    const card = milestoneForm({ trust, rights, id: envelope.id, version: 0, kind: 'new', typed, notice });
    return { kind: 'card', card };
  };
  if (await readMilestone(db, id)) return showMilestone(resources, id, person, now, 'It is kept already.');
  const read = await readFor(resources, typed, person, now);
  if ('problem' in read) return read.held ? heldBack(again, read.problem) : again(read.problem);
  const problem = await save(resources, { id, ...read, by: person.personId }, now);
  if (problem !== undefined) return again(problem);
  const weekly = read.words.cadence === 'weekly' && read.ownerId !== person.personId;
  return showMilestone(
    resources,
    id,
    person,
    now,
    weekly ? 'Kept. Its owner is asked now whether every week is all right.' : 'Kept. Its owner is told.',
  );
}

/** The form of one that there is, as it stands. */
export async function editForm(
  resources: MilestoneResources,
  { envelope }: CardCommand,
  person: Presser,
  now: Date,
): Promise<CardReply> {
  const { trust } = resources;
  const sight = await seeMilestone(resources, envelope.id, person, now);
  if (!sight?.mayChange) return NOT_HERE;
  const { milestone, version, elsewhere, lines } = sight;
  if (elsewhere || milestone.ended) return showMilestone(resources, milestone.id, person, now);
  const nameOf = (id: string) => lines.person(id)?.name ?? '';
  const typed = typedFromPlan(milestone, {
    owner: nameOf(milestone.ownerId),
    reader: nameOf(milestone.reviewer ?? ''),
  });
  const rights = rightsOf(await resources.directory.holder(person.personId));
  const card = milestoneForm({
    trust,
    rights,
    id: milestone.id,
    version,
    kind: 'change',
    before: milestone,
    typed,
  });
  return { kind: 'card', card };
}

export async function changeMilestone(
  resources: MilestoneResources,
  { envelope, inputs }: CardCommand,
  person: Presser,
  now: Date,
): Promise<CardReply> {
  const { trust } = resources;
  const sight = await seeMilestone(resources, envelope.id, person, now);
  if (!sight?.mayChange) return NOT_HERE;
  const { milestone: before, version, elsewhere } = sight;
  if (elsewhere || before.ended)
    return showMilestone(resources, before.id, person, now, 'Nothing was changed.');
  const typed = typedMilestone(inputs);
  const rights = rightsOf(await resources.directory.holder(person.personId));
  const again = (notice: string, at = version): CardReply => {
    const kind = 'change' as const;
    const card = milestoneForm({ trust, rights, id: before.id, version: at, kind, before, typed, notice });
    return { kind: 'card', card };
  };
  if (envelope.version !== version) return again(MOVED_ON);
  const read = await readFor(resources, typed, person, now, before);
  if ('problem' in read) return read.held ? heldBack(again, read.problem) : again(read.problem);
  const problem = await save(
    resources,
    { id: before.id, ...read, by: person.personId, expected: version },
    now,
  );
  if (problem === MOVED_ON) {
    const [newest] = await readSteps(resources.db, before.id, 1);
    return again(MOVED_ON, newest?.seq);
  }
  if (problem !== undefined) return again(problem);
  return showMilestone(resources, before.id, person, now, 'Saved.');
}

/** `closing` asks; `close` does it. */
export async function closeMilestone(
  resources: MilestoneResources,
  { envelope }: CardCommand,
  person: Presser,
  now: Date,
): Promise<CardReply> {
  const { db } = resources;
  const sight = await seeMilestone(resources, envelope.id, person, now);
  if (!sight?.mayChange) return NOT_HERE;
  const { milestone, version, elsewhere } = sight;
  if (elsewhere || milestone.ended) return showMilestone(resources, milestone.id, person, now);
  if (envelope.verb === VERBS.closing) return { kind: 'card', card: closingCard(milestone, version) };
  const closed = await inTransaction(db, async (trx) => {
    await lockMilestones(trx);
    const present = await presentOf(trx, milestone.id, envelope.version);
    if (!present) return false;
    const { weeklyAsked: _asked, ...rest } = present;
    const change = { kind: 'ended', milestone: { ...rest, ended: true } } as const;
    await applyChanges(trx, { changes: [change], by: person.personId }, now);
    return true;
  });
  resources.refresher.wake();
  const notice = closed
    ? 'Closed.'
    : 'Somebody changed it meanwhile, so it was not closed. Here is how it stands.';
  return showMilestone(resources, milestone.id, person, now, notice);
}

/** Names the card that tells an owner of it, by the version that it tells of. */
export function ownedKey(id: string, version: number): string {
  return `milestone/${id}/owned/${version}`;
}

/** The form again with its words, kept nowhere; where it cannot be shown, the sentence alone. */
function heldBack(again: (notice: string) => CardReply, notice: string): CardReply {
  const reply = again(notice);
  return reply.kind === 'card' ? heldReply(reply.card, notice) : reply;
}

/** `reviewer`: the rule, with the id of a colleague who was named. */
type ReadForm = { readonly words: MilestoneWords; readonly ownerId: string; readonly reviewer: string };

const NOT_ONES_OWN =
  'Who reads your own check-ins is for another leader to choose. Please choose your line manager, the head, or the lead of the priority.';

/** What was typed, with whom it means and whether this person may. The first thing to mend otherwise, in a sentence. */
async function readFor(
  resources: MilestoneResources,
  typed: TypedMilestone,
  person: Presser,
  now: Date,
  before?: Milestone,
): Promise<ReadForm | { readonly problem: string; readonly held?: true }> {
  const { trust, directory } = resources;
  const words = readForm(typed, { trust, today: dateOf(now, trust.trust.zone), before });
  if (isProblem(words)) return { problem: words.message };
  if (await resources.namesPupil(joined([words.title, words.measure, words.unit]))) {
    const [typist] = await directory.people([person.personId]);
    return { problem: heldLine(safeguardingLead(trust, typist ?? {})), held: true };
  }
  const rights = rightsOf(await resources.directory.holder(person.personId));
  if (!mayKeep(rights, words))
    return { problem: `That place is another leader’s. ${rightsInWords(trust, rights)}` };
  const staff = (await directory.staff()).filter((one) => one.staff);
  const named = personNamed(staff, words.owner);
  if (named.kind === 'problem') return { problem: named.message };
  const ownerId = named.person.id;
  const reader = words.reviewer === NAMED ? personNamed(staff, words.reader) : undefined;
  if (reader?.kind === 'problem') return { problem: `Who reads it: ${reader.message}` };
  const reviewer = reader?.person.id ?? words.reviewer;
  // Whoever chose the reader of their own work could choose a friend.
  if (reader && ownerId === person.personId && reviewer !== before?.reviewer)
    return { problem: NOT_ONES_OWN };
  const wrong = ruleProblem(trust, { ...words, ownerId, reviewer });
  if (wrong) return { problem: wrong.sentence };
  const about = { ...words, ownerId, reviewer };
  const lines = await loadLines(resources, aroundOf(trust, [about]), now);
  if (!lines.readers(ownerId, about).asked)
    return {
      problem: `I could not find anyone to read ${named.person.givenName}'s check-ins: the directory names no line manager. Please ask the IT lead, or choose another owner.`,
    };
  return { words, ownerId, reviewer };
}

/** A sentence when it cannot be kept; then nothing was written. `expected`: the version that is changed. */
async function save(
  resources: MilestoneResources,
  given: ReadForm & { readonly id: string; readonly by: string; readonly expected?: number },
  now: Date,
): Promise<string | undefined> {
  const { db, trust, schoolDays, outbox, refresher } = resources;
  const { id, ownerId, reviewer, by, expected } = given;
  const about = { ...given.words, ownerId, reviewer };
  const lines = await loadLines(resources, [by, ...aroundOf(trust, [about])], now);
  const problem = await inTransaction(db, async (trx) => {
    await lockMilestones(trx);
    const before = expected === undefined ? undefined : await presentOf(trx, id, expected);
    if (expected !== undefined && !before) return MOVED_ON;
    // The same form, sent twice at once: whoever came first has made it and told its owner.
    if (expected === undefined && (await readMilestone(trx, id))) return undefined;
    const own = (await readMilestones(trx)).filter(
      (one) => isCarried(one, lines.today) && one.ownerId === ownerId && one.id !== id,
    );
    if (own.length >= trust.policies.milestones_each) return tooMany(resources, lines.givenName(ownerId));
    // A rhythm of every week is kept by whoever had it; another owner is asked.
    const isPassedOn =
      given.words.cadence === AS_NOW && before?.everyWeeks === 1 && before.ownerId !== ownerId;
    const words: MilestoneWords = isPassedOn ? { ...given.words, cadence: 'weekly' } : given.words;
    const weeklyAgreed = ownerId === by || (before?.cadence === 'weekly' && before.ownerId === ownerId);
    const { today } = lines;
    const terms = schoolDays.termsOf(words.schoolUrn);
    const plan = planFrom(words, { id, ownerId, reviewer, weeklyAgreed, before, today, terms });
    const wish = words.cadence === 'weekly' && !weeklyAgreed;
    const [change] = compareMilestones(before ? [before] : [], [plan], today);
    const known = before?.ownerId === ownerId;
    const asked = before?.weeklyAsked === true && known;
    if (!change && wish === asked) return undefined;
    const { weeklyAsked: _asked, ...rest } = change?.milestone ?? before ?? { ...plan, ended: false };
    const milestone = { ...rest, ...(wish ? { weeklyAsked: true } : {}) };
    await applyChanges(trx, { changes: [{ kind: change?.kind ?? 'changed', milestone }], by }, now);
    const [newest] = await readSteps(trx, id, 1);
    const told = ownerId !== by && (!known || (wish && !asked));
    if (told) {
      const owner = lines.givenName(ownerId);
      const version = newest?.seq ?? 0;
      const view = {
        milestone,
        version,
        by: lines.givenName(by),
        owner,
        reader: readerName(lines, milestone),
      };
      const key = ownedKey(id, version);
      const target = { kind: 'person', personId: ownerId } as const;
      await outbox.enqueue(trx, `milestone/${id}`, [{ key, target, card: ownedCard(view) }], now);
    }
    return undefined;
  });
  if (problem === undefined) refresher.wake();
  return problem;
}

function tooMany({ trust }: MilestoneResources, name: string): string {
  const most = trust.policies.milestones_each;
  return `${name} has ${numberInWords(most)} ${most === 1 ? 'milestone' : 'milestones'} already, the most that ${trust.trust.short_name} gives one person. Close one first, or choose another owner.`;
}

/** The milestone as it is now, when it is still the version that was shown. */
async function presentOf(trx: Trx, id: string, version: number): Promise<Milestone | undefined> {
  const [newest] = await readSteps(trx, id, 1);
  return newest?.seq === version ? readMilestone(trx, id) : undefined;
}

export function readerName(lines: Lines, milestone: Milestone): string {
  const reader = lines.readers(milestone.ownerId, milestone).asked?.personId;
  return reader === undefined ? 'Your line manager' : lines.givenName(reader);
}
