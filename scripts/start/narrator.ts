const millisecondsPerSecond = 1_000;
const labelWidth = 58;
const stillAfterMs = 10_000;

/** Tells the user what happens, line by line, with times. */
export type Narrator = {
  /** Says a line as it is. */
  say(line: string): void;
  /** Does a piece of work and says what it was, what came of it and how long it took. */
  step<T>(label: string, work: () => Promise<T>, outcome?: (result: T) => string): Promise<T>;
};

/** Where the lines go, and whether somebody watches them. */
export type Screen = { write(text: string): void; readonly live: boolean };

/** Chooses how to speak: lines that change and colours for a person at a terminal, plain whole lines for everything else. */
export function screenOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Screen {
  const live = Boolean(stream.isTTY) && !env['CI'] && env['NO_COLOR'] === undefined;
  return { live, write: (text) => void stream.write(text) };
}

/** Makes the narrator for a screen. */
export function narrate(screen: Screen): Narrator {
  return {
    say: (line) => screen.write(`${line}\n`),
    async step(label, work, outcome = () => '') {
      const began = performance.now();
      const seconds = () => ((performance.now() - began) / millisecondsPerSecond).toFixed(1);
      if (screen.live) screen.write(`  ${label} …`);
      // A terminal shows the line at once; elsewhere a line appears when its work is done, so long work says that it goes on.
      const still = setTimeout(() => screen.live || screen.write(`  ${label} goes on …\n`), stillAfterMs);
      try {
        const result = await work();
        const came = outcome(result);
        screen.write(line(screen, '✓', came ? `${label}: ${came}` : label, seconds()));
        return result;
      } catch (fault) {
        screen.write(line(screen, '✗', label, seconds()));
        throw fault;
      } finally {
        clearTimeout(still);
      }
    },
  };
}

function line({ live }: Screen, mark: '✓' | '✗', text: string, seconds: string): string {
  const padded = `${text.padEnd(labelWidth)} ${seconds.padStart(6)} s\n`;
  if (!live) return `  ${mark === '✗' ? 'failed: ' : ''}${padded}`;
  const colour = mark === '✓' ? 32 : 31; // ANSI green and red
  return `\r\u001b[K\u001b[${colour}m${mark}\u001b[0m ${padded}`;
}
