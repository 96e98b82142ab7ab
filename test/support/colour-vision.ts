/**
 * How colours look to people with other kinds of colour vision, and how far apart they then are. Simulation: Machado, Oliveira and
 * Fernandes, IEEE TVCG 15(6), 2009, doi 10.1109/TVCG.2009.113, matrices of severity 1.0, on linear light. Difference: CIEDE2000 as
 * Sharma, Wu and Dalal give it, 2005, doi 10.1002/col.20070. Contrast: WCAG 2.2.
 */
export type Rgb = readonly [number, number, number];

export const VISIONS = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const satisfies Readonly<Record<string, readonly [Rgb, Rgb, Rgb]>>;
export type Vision = keyof typeof VISIONS;

/** Linear light of `#rrggbb`, each part from 0 to 1. */
export function linearOf(hex: string): Rgb {
  const part = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

export function seenBy(vision: Vision, [r, g, b]: Rgb): Rgb {
  const [x, y, z] = VISIONS[vision];
  const row = ([own, of, off]: Rgb) => Math.min(1, Math.max(0, own * r + of * g + off * b));
  return [row(x), row(y), row(z)];
}

function luminance([r, g, b]: Rgb): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2's contrast ratio, from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [one, other].map((hex) => luminance(linearOf(hex))).sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** CIELAB under D65. */
export function labOf([r, g, b]: Rgb): Rgb {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** CIEDE2000; about 2 is the least that is noticed side by side. */
export function difference([l1, a1, b1]: Rgb, [l2, a2, b2]: Rgb): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const seventh = (chroma: number) => Math.sqrt(chroma ** 7 / (chroma ** 7 + 25 ** 7));
  const g = 0.5 * (1 - seventh((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2));
  const [own, other] = [(1 + g) * a1, (1 + g) * a2];
  const [c1, c2] = [Math.hypot(own, b1), Math.hypot(other, b2)];
  const hue = (a: number, b: number) =>
    a === 0 && b === 0 ? 0 : ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360;
  const [h1, h2] = [hue(own, b1), hue(other, b2)];
  const grey = c1 * c2 === 0;
  const turn = grey ? 0 : ((h2 - h1 + 540) % 360) - 180;
  const far = Math.abs(h1 - h2) > 180;
  const mean = grey ? h1 + h2 : far ? ((h1 + h2 + 360) / 2) % 360 : (h1 + h2) / 2;
  const [l, c] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const t =
    1 -
    0.17 * Math.cos(radians(mean - 30)) +
    0.24 * Math.cos(radians(2 * mean)) +
    0.32 * Math.cos(radians(3 * mean + 6)) -
    0.2 * Math.cos(radians(4 * mean - 63));
  const lightness = (l2 - l1) / (1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2));
  const chroma = (c2 - c1) / (1 + 0.045 * c);
  const shade = (2 * Math.sqrt(c1 * c2) * Math.sin(radians(turn / 2))) / (1 + 0.015 * c * t);
  const rotation = -Math.sin(radians(60 * Math.exp(-(((mean - 275) / 25) ** 2)))) * 2 * seventh(c);
  return Math.sqrt(lightness ** 2 + chroma ** 2 + shade ** 2 + rotation * chroma * shade);
}
