/** Where a command's words go, and what it is relative to. In the running instance these lead back to the caller. */
export type Io = {
  readonly cwd: string;
  out(text: string): void;
  err(text: string): void;
};

/** A command's answer, for people or as one JSON document. */
export function print(io: Io, json: boolean, document: unknown, lines: readonly string[]): void {
  if (json) io.out(JSON.stringify(document));
  else for (const text of lines) io.out(text);
}
