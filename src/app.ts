/**
 * The composition root: the only place where capabilities meet. Everything is a plain function given what it needs; ports
 * that would call upward (a slot into a capability, a team check before a post) are bound here.
 */
import { holdersOf } from './access/appointments.ts';
import { createEmbedder } from './answers/embeddings.ts';
import { createComposer } from './answers/model.ts';
import { createAnswers } from './answers/service.ts';
import { keepAudit } from './app/audit.ts';
import { watchChannels } from './app/channels.ts';
import { forgetAlone, forgetLate } from './app/conversations.ts';
import { deskOf } from './app/desk.ts';
import { examine } from './app/doctor.ts';
import { attendanceFigures } from './app/figures.ts';
import { gatheringOf } from './app/gathering.ts';
import { tokenSource } from './app/identity.ts';
import { libraryOf } from './app/library.ts';
import { createIntake } from './app/marks-intake.ts';
import { wakeList, watchList } from './app/milestone-list.ts';
import { createOperations } from './app/operations.ts';
import { createPausing } from './app/pausing.ts';
import { createTeamsBot, safetyOf } from './app/people.ts';
import { openPosting } from './app/posting.ts';
import { holdingBack, pupilNames } from './app/pupil-names.ts';
import { installing } from './app/reaching.ts';
import { reconcilerOf } from './app/reconciling.ts';
import { createRefreshing } from './app/refreshing.ts';
import { reportsOf } from './app/reports.ts';
import type { Resources } from './app/resources.ts';
import { sentFromHere } from './app/roles.ts';
import { createRounds } from './app/rounds.ts';
import { createRunChanges } from './app/run-changes.ts';
import { digestReadersIn, schedulesOf } from './app/schedules.ts';
import { schoolDays } from './app/school-days.ts';
import { createAttendance } from './attendance/service.ts';
import type { Bot } from './bot/service.ts';
import { forgetActivities, forgetPressAnswers } from './bot/store.ts';
import { createCheckins } from './checkins/service.ts';
import { createMeasuring } from './delivery/measuring-service.ts';
import { DEFAULT_LIMITS } from './delivery/pacing.ts';
import { createAmending } from './digests/amend-service.ts';
import { createDigests } from './digests/service.ts';
import { deniedPermissions } from './directory/consents-graph.ts';
import { createFilingFolder } from './directory/filing-service.ts';
import { connectGraph } from './directory/graph.ts';
import { createDirectory } from './directory/service.ts';
import { messageOf } from './kernel/errors.ts';
import { keyedHash } from './kernel/ids.ts';
import { systemClock } from './kernel/time.ts';
import { forgetLeavers, leaversInWords } from './privacy/leavers-service.ts';
import { createRetention } from './privacy/retention-service.ts';
import { createPrivacy } from './privacy/service.ts';
import { createRunner } from './scheduling/runner.ts';
import type { RunRecord } from './scheduling/store.ts';
import { createWatch } from './scheduling/watch-service.ts';
import { databaseTime } from './storage/database.ts';
import { createMeters } from './telemetry/metrics.ts';

export type App = ReturnType<typeof createApp>;

export function createApp(resources: Resources) {
  const { settings, trust, clock, log, jobs, store } = resources;
  const { db } = store;
  const soleInstance = store.engine.kind === 'embedded';
  const identity = tokenSource(settings);
  const graph = connectGraph({ url: settings.graphUrl, credential: identity.graph });
  const directory = createDirectory({ db, graph, trust, clock, log });
  const { connector, delivery, chatMembers, chatCompany, installer } = openPosting(resources, {
    graph,
    directory,
    getToken: identity.bot,
    onLost: (lost, now) => checkins.replaceLost(lost, now),
  });
  const nameOf = async (id: string) => (await directory.person(id))?.name;
  const operators = async () => holdersOf(await directory.appointments(), 'operator');
  /** Who is told what no school's own people can mend. */
  const keeper = async () => (await operators())[0] ?? trust.trust.questions_contact;
  const library = libraryOf(trust, graph, log, directory);
  const namesPupil = pupilNames(trust, directory);
  const holdsBack = holdingBack(namesPupil);
  const answers = createAnswers({
    db,
    trust,
    log,
    isInGroup: directory.isInGroup,
    nameOf,
    namesPupil,
    directory,
    outbox: delivery,
    reach: { membersOf: directory.membersOf, reaches: delivery.reaches },
    personKey: keyedHash(resources.pseudonymKey, 'askers'),
    ...library,
    ...(settings.embeddings
      ? { embedder: createEmbedder({ ...settings.embeddings, getToken: identity.model }) }
      : {}),
    ...(settings.model ? { composer: createComposer({ ...settings.model, getToken: identity.model }) } : {}),
  });
  const { refresh, documents } = createRefreshing(directory, answers, settings.contentDir);
  const attendance = createAttendance({
    db,
    trust,
    directory,
    outbox: delivery,
    pseudonymKey: keyedHash(resources.pseudonymKey, 'pupils'),
    pupilKeys: resources.pupilKeys,
    log,
    namesPupil,
    openFocus: (trx, focus, by, now) => checkins.agree(trx, focus, by, now),
    chatCompany,
    figuresChanged: createAmending(delivery),
    keeper,
    digestReaders: (now) => digestReadersIn(trust, digests, now),
  });
  const intake = createIntake({ marksDir: settings.marksDir, db, trust, attendance, graph, clock, log });
  const checkinParts = {
    db,
    trust,
    directory,
    outbox: delivery,
    log,
    namesPupil,
    holdsBack,
    schoolDays: schoolDays(trust),
  };
  const listChanged = wakeList(jobs, trust.milestone_list?.write_back === true);
  const checkins = createCheckins({ ...checkinParts, ...(listChanged ? { approved: listChanged } : {}) });
  const milestoneList = watchList({ ...checkinParts, refresher: checkins.cards, graph, jobs, clock });
  const channels = watchChannels({
    ...checkinParts,
    refresher: checkins.cards,
    settings,
    graph,
    delivery,
    jobs,
    clock,
    pseudonymKey: resources.pseudonymKey,
    keeper,
  });
  const shelf = trust.reports && createFilingFolder(graph, trust.reports);
  const reports = reportsOf({ db, trust, checkins, directory, attendance, holdsBack, shelf, log });
  const digests = createDigests({
    db,
    trust,
    directory,
    checkins,
    attendance: attendanceFigures(attendance, trust),
    nudges: attendance,
    matters: answers,
    desk: deskOf(checkins, directory),
    outbox: delivery,
    log,
  });
  const audit = keepAudit({ db, secret: resources.pseudonymKey, log });
  const retention = createRetention({ db, trust, auditKey: audit.key });
  const gathering = gatheringOf({ db, trust, delivery, digests, rules: () => rules });
  const rules = schedulesOf({
    trust,
    gathering,
    attendance,
    checkins,
    digests,
    answers,
    forgetActivities: (days) => forgetActivities(db, days),
    forgetLate: (trx, before) => forgetLate(delivery, trx, before),
    forgetRefusals: delivery.forgetRefusals,
    retain: retention.retain,
    forgetLeavers: async (now) => leaversInWords(await forgetLeavers({ db, trust, log }, now)),
  });
  const pausing = createPausing({ db, trust, rules, delivery, directory });
  const runner = createRunner({
    db,
    clock,
    trust,
    rules,
    outbox: delivery,
    log,
    schoolsOf: pausing.schoolsOf,
    ...(trust.policies.messages_a_week ? { allowance: gathering } : {}),
    // A clock that is moved by hand passes no night while the database's stands.
    ...(clock.movable ? {} : { quiet: { from: trust.policies.quiet_from, to: trust.policies.quiet_to } }),
    soleInstance,
  });
  // Nobody reads it anywhere else.
  const measuring = settings.insights
    ? createMeasuring({ db, log, meters: createMeters(), limits: resources.limits ?? DEFAULT_LIMITS })
    : undefined;
  const reconciler = settings.channels.on
    ? reconcilerOf({ db, trust, clock, log, graph, pausing, wake: delivery.wake })
    : undefined;
  const recipientName = async (recipient: string) =>
    (await nameOf(recipient)) ?? trust.schools.find(({ channel }) => channel === recipient)?.name;
  const changes = createRunChanges({ db, delivery, holdsBack });
  const operations = createOperations({
    changes,
    db,
    trust,
    pausing,
    delivery,
    runs: runner.runs,
    nameOf: recipientName,
    examine: () => lookOver(),
  });
  const watch = createWatch({
    db,
    clock,
    zone: trust.trust.zone,
    runner,
    outbox: settings.role === 'web' ? sentFromHere(delivery, clock, log) : delivery,
    operators,
    log,
    meters: createMeters(),
  });
  const bot: Bot = createTeamsBot({
    resources,
    directory,
    delivery,
    chatMembers,
    answers,
    attendance,
    checkins,
    replies: channels?.replies,
    digests,
    reports,
    operations,
    gathering,
  });
  const privacy = createPrivacy({
    db,
    schema: store.schema,
    auditKey: audit.key,
    exportByMark: async (personId) => (await answers.exportPerson(personId)).questions,
    eraseByMark: (trx, personId, now) => answers.erasePerson(trx, personId, now),
    reload: async () => {
      await directory.reload();
      await answers.reload();
    },
  });
  const rounds = createRounds({
    log,
    refresh: () => refresh(clock.now()),
    warm: settings.role === 'worker' ? undefined : () => answers.warm(clock.now()),
    // And forgets who was sent what nobody else may know of.
    recover: (everyLease) =>
      Promise.all([bot.recover(everyLease), forgetAlone({ db, trust, delivery }), forgetPressAnswers(db)]),
  });

  /** The day goes on without the list: the next look finds what this one missed. */
  const reportList = (error: unknown) =>
    log.error('the milestone list could not be looked at', { reason: messageOf(error) });

  /** Changes nothing but what a refresh changes, and that only when none has been. */
  function lookOver() {
    return examine(resources, {
      directory,
      delivery,
      audit,
      runs: (limit) => runner.runs(limit),
      denied: () => deniedPermissions(graph, trust, settings.installs),
      installing: () => installing(installer),
      watches: async () => channels?.watches(),
      heldMilestones: () => checkins.heldInFile(),
      milestoneList,
      shelf,
      lockedOtherwise: attendance.lockedOtherwise,
      clockOffset: async () => systemClock().now().getTime() - (await databaseTime(db)).getTime(),
      documents: () => documents(clock.now()),
    });
  }

  return {
    settings,
    trust,
    clock,
    log,
    directory,
    delivery,
    connector,
    answers,
    attendance,
    checkins,
    channels,
    milestoneList,
    digests,
    reports,
    runner,
    pausing,
    operations,
    changes,
    reconciler,
    watch,
    bot,
    audit,
    privacy,
    retention,
    safety: safetyOf(trust),
    refresh,
    /** Looks the installation over. */
    examine: lookOver,
    /** A name for people and channels, for reports. */
    nameOf: async (recipient: string) => (await recipientName(recipient)) ?? recipient,
    /** What must be true before the first turn: people known, documents read, milestones in step with the trust's file. */
    prepare: async (now: Date) => {
      const report = await refresh(now);
      await checkins.syncMilestones(now);
      return report;
    },
    /** Starts what the instance's role is. The watch runs in each, so that one which lives tells that no other does. */
    start: async () => {
      if (settings.role !== 'web') {
        await delivery.start();
        reconciler?.start();
        runner.start();
        intake.start();
        channels?.start();
        await milestoneList?.start();
      }
      watch.start();
      measuring?.start();
      checkins.cards.start(clock);
      audit.start();
      // An embedded store has one process, so whatever is late at its start belongs to a dead one.
      rounds.start(soleInstance);
    },
    /** Looks at once whether anything is due: the clock was moved. */
    wake: () => void runner.tick(clock.now()),
    /** Runs what is due as of an instant; sends it too unless told not to. */
    tick: async (at: Date, options: { readonly send: boolean }): Promise<RunRecord[]> => {
      await intake.look();
      await channels?.look(at, { anyway: true });
      await milestoneList?.look(at).catch(reportList);
      const runs = await runner.tick(at);
      await checkins.cards.drain(at);
      if (options.send) await delivery.drain(at);
      return runs;
    },
    stop: async () => {
      await Promise.all([bot.idle(), rounds.stop()]);
      await intake.stop();
      await channels?.stop();
      await milestoneList?.stop();
      await watch.stop();
      await reconciler?.stop();
      await runner.stop();
      await checkins.cards.stop();
      await delivery.stop();
      await measuring?.stop();
      await audit.stop();
      connector.close();
    },
  };
}
