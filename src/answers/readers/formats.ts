/** Which files can be read, told by their names alone, so that nobody who only asks has to load a reader. */

export const MAX_BYTES = 30_000_000;

const FORMATS = ['md', 'markdown', 'txt', 'html', 'htm', 'docx', 'pdf'] as const;
export type Format = (typeof FORMATS)[number];

/** The format of a file by the end of its name; undefined for what none reads. */
export function formatOf(file: string): Format | undefined {
  const extension = /\.([a-z0-9]+)$/i.exec(file)?.[1]?.toLowerCase();
  return FORMATS.find((format) => format === extension);
}

export function isReadable(file: string): boolean {
  return formatOf(file) !== undefined;
}
