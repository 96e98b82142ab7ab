/**
 * Draws the two icons: a signpost with two boards. Run `node appPackage/icons.ts` after a change of shape or colour; the
 * PNG files are committed. Written out by hand because an image library for two pictures would be the larger thing.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

type Point = readonly [x: number, y: number];
type Colour = readonly [red: number, green: number, blue: number];

/** The signpost in a square from 0 to 1: post, foot, a board to the right, a board to the left. */
const SHAPES: readonly (readonly Point[])[] = [
  [
    [0.46, 0.1],
    [0.54, 0.1],
    [0.54, 0.9],
    [0.46, 0.9],
  ],
  [
    [0.34, 0.86],
    [0.66, 0.86],
    [0.66, 0.92],
    [0.34, 0.92],
  ],
  [
    [0.24, 0.18],
    [0.7, 0.18],
    [0.84, 0.29],
    [0.7, 0.4],
    [0.24, 0.4],
  ],
  [
    [0.76, 0.46],
    [0.3, 0.46],
    [0.16, 0.57],
    [0.3, 0.68],
    [0.76, 0.68],
  ],
];

const WHITE: Colour = [255, 255, 255];
const DEEP_BLUE: Colour = [27, 73, 101];
/** Each pixel is looked at in 4 × 4 places, so that slanted edges are smooth. */
const SAMPLES = 4;

function isInside([x, y]: Point, polygon: readonly Point[]): boolean {
  let inside = false;
  for (const [index, [ax, ay]] of polygon.entries()) {
    const [bx, by] = polygon.at(index - 1) ?? [ax, ay];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/** How much of the pixel the signpost covers, 0 to 1. `scale` shrinks it about the middle. */
function coverage(column: number, row: number, size: number, scale: number): number {
  let hits = 0;
  for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
    const across = (column + ((sample % SAMPLES) + 0.5) / SAMPLES) / size;
    const down = (row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) / size;
    const point: Point = [(across - 0.5) / scale + 0.5, (down - 0.5) / scale + 0.5];
    if (SHAPES.some((shape) => isInside(point, shape))) hits += 1;
  }
  return hits / (SAMPLES * SAMPLES);
}

/** RGBA rows of a square picture: white on `ground`, or on nothing. */
function drawSignpost(size: number, ground: Colour | undefined, scale: number): Buffer {
  const pixels = Buffer.alloc(size * size * 4);
  for (let index = 0; index < size * size; index += 1) {
    const share = coverage(index % size, Math.floor(index / size), size, scale);
    const mix = WHITE.map((white, channel) =>
      Math.round(white * share + (ground?.[channel] ?? 0) * (1 - share)),
    );
    pixels.set(ground ? [...mix, 255] : [...WHITE, Math.round(255 * share)], index * 4);
  }
  return pixels;
}

/** A PNG of 8-bit RGBA (PNG specification, third edition, clauses 5 and 11). */
function encodePng(size: number, pixels: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Array.from({ length: size }, (_, row) =>
    Buffer.concat([Buffer.from([0]), pixels.subarray(row * size * 4, (row + 1) * size * 4)]),
  );
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(Buffer.concat(rows), { level: 9 });
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** Teams asks for 192 × 192 in full colour and 32 × 32 in white on nothing (app icons page). */
export const ICONS = {
  'color.png': { size: 192, pixels: () => drawSignpost(192, DEEP_BLUE, 0.72) },
  'outline.png': { size: 32, pixels: () => drawSignpost(32, undefined, 1) },
} as const;

if (import.meta.main) {
  for (const [name, icon] of Object.entries(ICONS)) {
    writeFileSync(join(import.meta.dirname, name), encodePng(icon.size, icon.pixels()));
  }
}
