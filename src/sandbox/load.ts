/** Brings the sample marks into a local run: written once into the data folder, then imported as a school's files are. */
import { createReadStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app.ts';
import type { Trust } from '../config/trust.ts';
import { AppError, isRefusal } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import { writeSampleMarks } from './marks.ts';

/** Does nothing when an earlier start has done it. `say` tells of progress, a line a school. */
export async function loadSampleMarks(
  app: App,
  trust: Trust,
  dataDir: string,
  say: (text: string) => void,
): Promise<void> {
  const loaded = join(dataDir, 'sample-marks');
  if (existsSync(loaded)) {
    say('sample marks are there from an earlier start');
    return;
  }
  // The folder gets its name when all of it is in the store, so that a start that was cut short is done again.
  const folder = `${loaded}.partial`;
  await rm(folder, { recursive: true, force: true });
  const files = await writeSampleMarks(trust, folder);
  let rows = 0;
  for (const { path, schoolUrn, receivedAt } of files) {
    const receipt = await app.attendance.importMarks(createReadStream(path), {
      schoolUrn,
      now: receivedAt,
      by: 'waymark',
    });
    if (isRefusal(receipt)) {
      throw new AppError('sample-marks', `The sample marks in ${path} were refused: ${receipt.message}`, {
        remedy: 'This is a fault in the samples; run the tests of src/sandbox.',
      });
    }
    rows += receipt.rows;
  }
  await rename(folder, loaded);
  say(
    `${count(files.length, 'file')} of marks imported, ${rows.toLocaleString('en-GB')} marks; no pupil is kept`,
  );
}
