/** The thread that reads: takes a file, gives its blocks or its refusal. Whatever a reader throws is that file's problem. */
import { parentPort } from 'node:worker_threads';
import { messageOf, refuse } from '../../kernel/errors.ts';
import { must } from '../../kernel/guards.ts';
import type { ReadJob, ReadResult } from './bounded.ts';
import { readDocument } from './read.ts';

const port = must(parentPort, 'a thread to read for');

port.on('message', async ({ file, bytes }: ReadJob) => {
  let result: ReadResult;
  try {
    result = await readDocument(file, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    result = refuse(
      'corrupt',
      `${file} was left out: its reader gave up on it (${messageOf(error).slice(0, 60)}).`,
    );
  }
  port.postMessage(result);
});
