/**
 * Lets loops of one process wait for each other: whoever changes something rings, and each that waits looks whether it was
 * meant. Nothing is remembered: look first, then wait, with nothing awaited between.
 */
export type Bell = {
  ring(): void;
  /** Until the next ring, or until so many milliseconds have passed (Infinity: however long). */
  rung(milliseconds: number): Promise<void>;
};

export function createBell(): Bell {
  const waiting = new Set<() => void>();
  return {
    ring: () => {
      for (const wake of [...waiting]) wake();
    },
    rung: (milliseconds) =>
      new Promise((resolve) => {
        const timer = milliseconds === Number.POSITIVE_INFINITY ? undefined : setTimeout(wake, milliseconds);
        function wake() {
          waiting.delete(wake);
          clearTimeout(timer);
          resolve();
        }
        waiting.add(wake);
      }),
  };
}
