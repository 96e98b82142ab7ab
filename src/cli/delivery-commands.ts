/** What became of what was sent: the ledger's report, to the last person. */
import { type Command, DONE, textOption } from './command.ts';
import { print } from './io.ts';

export const DELIVERIES_REPORT: Command = {
  name: 'deliveries report',
  usage: '[--run ID]',
  summary: 'What reached whom, of one run or of all there is',
  options: { run: { type: 'string' } },
  run: async (context) => {
    const { app, io, json } = context;
    const { delivery, nameOf } = await app();
    const report = await delivery.report(textOption(context, 'run') || undefined);
    const { items, run, ...totals } = report;
    if (run !== null && items.length === 0) {
      print(io, json, report, [
        `There is no run "${run}" with anything to send. Without --run you see all runs.`,
      ]);
      return DONE;
    }
    const lines = [
      `${run ?? 'All runs'}: ${Object.entries(totals)
        .filter(([, number]) => number !== 0)
        .map(([state, number]) => `${number} ${state}`)
        .join(', ')}`,
    ];
    for (const item of items) {
      if (item.state !== 'delivered')
        lines.push(
          `  ${await nameOf(item.recipient)}: ${item.state}${item.reason ? `, ${item.reason}` : ''}`,
        );
    }
    if (report.uncertain > 0)
      lines.push(
        'Uncertain ones may have arrived; they are not repeated by themselves. Ask the person before sending again.',
      );
    if (items.length === 0) lines.push('Nothing has been sent yet.');
    print(io, json, report, lines);
    return DONE;
  },
};
