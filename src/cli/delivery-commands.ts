/** What became of what was sent: the ledger's report, to the last person; its progress while it runs; and sending again. */
import type { App } from '../app.ts';
import { byReason, type ReportItem, recalledOf, uncertainPercent, unshownOf } from '../delivery/report.ts';
import { progress } from '../delivery/report-card.ts';
import { isRefusal, type Refusal } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import { sleep } from '../kernel/time.ts';
import type { RunRecord } from '../scheduling/store.ts';
import { type Command, type CommandContext, DONE, REFUSED, textOption, USAGE } from './command.ts';
import { print } from './io.ts';

/** Between two lines of progress, and how long it is followed at most. Milliseconds. */
const LOOK_EVERY = 1_000;
const FOLLOW_FOR = 60 * 60_000;

export const DELIVERIES_REPORT: Command<'deliveries report'> = {
  name: 'deliveries report',
  usage: '[--run ID] [--follow]',
  summary:
    'What reached whom, of one run or of all there is; --follow shows how far it is until all is settled',
  options: { run: { type: 'string' }, follow: { type: 'boolean' } },
  run: async (context) => {
    const { app, io, json, options } = context;
    const opened = await app();
    const asked = textOption(context, 'run') || undefined;
    if (options.follow === true) await follow(opened, asked, (text) => (json ? undefined : io.out(text)));
    const report = await opened.delivery.report(asked);
    const { items, run, ...totals } = report;
    if (run !== null && items.length === 0) {
      const known = await opened.runner.run(run);
      print(io, json, { ...report, ...(known ? { state: known.state, reason: known.reason } : {}) }, [
        known ? `${run}: ${withoutMessages(known)}` : noRun(run),
      ]);
      return DONE;
    }
    const lines = [
      `${run ?? 'All runs'}: ${Object.entries(totals)
        .filter(([, number]) => number !== 0)
        .map(([state, number]) => `${number} ${state}`)
        .join(', ')}`,
    ];
    for (const { state, reason, items: group } of byReason(report))
      lines.push(`  ${group.length} ${state}: ${reason}`);
    for (const item of items) {
      if (item.state !== 'delivered')
        lines.push(
          `  ${await opened.nameOf(item.recipient)}: ${item.state}${item.reason ? `, ${item.reason}` : ''}${item.again ? '; sent again' : ''}${item.state === 'uncertain' ? ` (${item.id})` : ''}${run === null ? `; run ${item.run}` : ''}`,
        );
    }
    if (report.uncertain > 0)
      lines.push(
        `Uncertain: ${uncertainPercent(report).toFixed(1)} in 100 of those that left. They may have arrived, and are not sent again on a guess. Ask the person, then: npm run -s cli -- deliveries resend --run RUN --uncertain ID`,
      );
    if (recalledOf(report) > 0) lines.push(`${count(recalledOf(report), 'card')} of it taken back.`);
    lines.push(...unshownOf(report));
    if (items.length === 0) lines.push('Nothing has been sent yet.');
    const runs = run === null ? runsOf(items) : [];
    if (runs.length > 0)
      lines.push(
        'Runs, the newest first; one of them with its people: npm run -s cli -- deliveries report --run ID',
      );
    lines.push(...runs.map(({ runId, messages }) => `  ${runId}: ${count(messages, 'message')}`));
    const skipped = run === null ? await skippedRuns(opened) : [];
    lines.push(
      ...skipped.map(({ runId, reason }) => `  run ${runId}: skipped, ${reason ?? 'no reason given'}`),
    );
    const rate = { uncertainPercent: uncertainPercent(report) };
    print(io, json, run === null ? { ...report, ...rate, runs, skipped } : { ...report, ...rate }, lines);
    return DONE;
  },
};

function noRun(run: string): string {
  return `There is no run "${run}" with anything to send. Without --run, deliveries report lists the runs.`;
}

/** What came of a run that has no message. */
function withoutMessages({ state, reason = 'no reason given' }: RunRecord): string {
  switch (state) {
    case 'skipped':
      return `skipped, ${reason}. Nothing was sent.`;
    case 'failed':
      return `failed, ${reason}. It is tried again by itself.`;
    case 'done':
      return 'done; there was nothing to send.';
    default:
      return 'due, and not carried out yet.';
  }
}

/** Those that had anything to send, the newest first, at most twenty: by these ids the other commands know them. */
function runsOf(items: readonly ReportItem[]): { readonly runId: string; readonly messages: number }[] {
  return [...Map.groupBy(items, ({ run }) => run)]
    .map(([runId, group]) => ({ runId, messages: group.length }))
    .reverse()
    .slice(0, 20);
}

/** The newest first, at most twenty. */
async function skippedRuns({ runner }: App) {
  const runs = await runner.runs(200);
  return runs
    .filter(({ state }) => state === 'skipped')
    .slice(0, 20)
    .map(({ runId, reason }) => ({ runId, reason }));
}

async function follow(
  { delivery }: App,
  run: string | undefined,
  say: (text: string) => void,
): Promise<void> {
  let last = '';
  for (let waited = 0; waited < FOLLOW_FOR; waited += LOOK_EVERY) {
    const totals = await delivery.totals(run);
    const text = progress(totals);
    if (text !== last) say(text);
    last = text;
    if (totals.pending === 0) return;
    await sleep(LOOK_EVERY);
  }
}

export const DELIVERIES_RESEND: Command<'deliveries resend'> = {
  name: 'deliveries resend',
  usage: '--run ID [--uncertain DELIVERY]',
  summary: 'Sends a run again to those who did not get it, once; an uncertain message only when it is named',
  options: { run: { type: 'string' }, uncertain: { type: 'string' } },
  run: async (context) => {
    const { app, io, json } = context;
    const run = textOption(context, 'run');
    if (!run) {
      io.err(RUN_MISSING);
      return USAGE;
    }
    const { operations, delivery, runner, clock } = await app();
    const hand = { permit: context.permit, now: clock.now() };
    const known = (await delivery.totals(run)).due;
    const carried = known === 0 ? await runner.run(run) : undefined;
    const said =
      known === 0
        ? carried
          ? `${run}: ${withoutMessages(carried)}`
          : noRun(run)
        : await operations.resend(run, textOption(context, 'uncertain') || undefined, hand);
    const sent = (await delivery.totals(`${run}/again`)).due;
    print(io, json, known === 0 ? { error: 'no-run', message: said } : { done: said, again: sent }, [
      said,
      ...(known === 0 ? [] : [`${count(sent, 'message')} of it were sent again so far.`]),
    ]);
    return known === 0 ? REFUSED : DONE;
  },
};

/** What a change came to, in words and with `--json`. */
async function tellChange(
  { io, json }: Pick<CommandContext, 'io' | 'json'>,
  told: string | Refusal,
): Promise<number> {
  if (isRefusal(told)) {
    print(io, json, { error: told.reason, message: told.message }, [told.message]);
    return REFUSED;
  }
  print(io, json, { done: told }, [
    told,
    'It shows within seconds: deliveries report --run ID says how far it is.',
  ]);
  return DONE;
}

const RUN_MISSING = 'Say which run: --run digest/2026-11-23. "deliveries report" names them.';

export const DELIVERIES_EDIT: Command<'deliveries edit'> = {
  name: 'deliveries edit',
  usage: '--run ID --note "…"',
  summary:
    'Puts a word at the head of every card that a run delivered, in its place; nobody gets a new message',
  options: { run: { type: 'string' }, note: { type: 'string' } },
  run: async (context) => {
    const { app, io, permit } = context;
    const [run, note] = [textOption(context, 'run'), textOption(context, 'note')];
    if (!run || !note) {
      io.err(run ? 'Say what readers should know: --note "…".' : RUN_MISSING);
      return USAGE;
    }
    const { changes, clock } = await app();
    return tellChange(context, await changes.note(run, note, { permit, now: clock.now() }));
  },
};

export const DELIVERIES_RECALL: Command<'deliveries recall'> = {
  name: 'deliveries recall',
  usage: '--run ID [--reason "…"]',
  summary:
    'Takes back all that a run delivered: each card says so in its place, and what still waits is not sent',
  options: { run: { type: 'string' }, reason: { type: 'string' } },
  run: async (context) => {
    const { app, io, permit } = context;
    const run = textOption(context, 'run');
    if (!run) {
      io.err(RUN_MISSING);
      return USAGE;
    }
    const { changes, clock } = await app();
    const hand = { permit, now: clock.now() };
    return tellChange(context, await changes.recall(run, textOption(context, 'reason'), hand));
  },
};
