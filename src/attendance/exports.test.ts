import { strict as assert } from 'node:assert';
import { liveCells, runExportCampaign } from '../../test/support/export-campaign.ts';
import { useStore } from '../../test/support/store.ts';
import { csvLine } from './problem-list.ts';

describe('broken exports', () => {
  const store = useStore();

  it('end in named problems and nothing kept, or in the right figures; and each family fails without its defence', async function () {
    this.timeout(120_000);
    const { faults, unseen, figures } = await runExportCampaign({
      exports: 66,
      seed: 1,
      say: () => undefined,
      db: store().db,
    });
    assert.deepEqual(faults, []);
    assert.deepEqual(unseen, []);
    assert((figures.exports ?? 0) >= 66);
  });

  it('leave no cell that a spreadsheet would carry out', () => {
    const line = csvLine([
      '=1+1',
      ' @SUM(A1)',
      '\t+cmd|x',
      '-2',
      '\uff1dHYPERLINK(1)',
      'plain "quoted"\r\n=2',
    ]);
    assert.deepEqual(liveCells(line), []);
    assert.equal(
      line,
      `"'=1+1","' @SUM(A1)","' +cmd|x","'-2","'\uff1dHYPERLINK(1)","plain ""quoted"" =2"\r\n`,
    );
    assert.deepEqual(liveCells('"=1+1"\r\n'), ['"=1+1"']);
  });
});
