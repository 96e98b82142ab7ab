/** The thread of `makeStoreAhead`: makes one image, hands it over without copying it, and ends. */
import { parentPort } from 'node:worker_threads';
import { makeEmptyStore } from './empty-store.ts';

const image = await makeEmptyStore();
const bytes = await image.arrayBuffer();
parentPort?.postMessage(bytes, [bytes]);
