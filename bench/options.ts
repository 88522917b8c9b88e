/** The goals in the order of their numbers. */
export const goalNames = [
  'G1',
  'G2',
  'G3',
  'G4',
  'G5',
  'G6',
  'G7',
  'G8',
  'G9',
  'G10',
  'G11',
  'G12',
  'G13',
  'G14',
  'G15',
  'G16',
] as const;
export type GoalName = (typeof goalNames)[number];

/** How a bench is run. */
export type BenchOptions = {
  /** The long form: a whole district, and as many rounds as a claim needs. */
  readonly isFull: boolean;
  readonly goals: readonly GoalName[];
  /** Connections of the district. */
  readonly connections: number;
  /** Pairs of ours and the ceiling, and runs of whatever is repeated. */
  readonly rounds: number;
  /** Base port of the started system; the sink listens 20 above it. */
  readonly port: number;
  readonly jsonFile: string | null;
  readonly writesDocs: boolean;
};

/** Connections that the goals speak of. */
const DISTRICT = 462_000;

const QUICK = { connections: 12_000, rounds: 3 };
const FULL = { connections: DISTRICT, rounds: 5 };
const USUAL_PORT = 19_560;

/**
 * Reads the command line.
 * @throws Error that names what cannot be meant.
 */
export function readOptions(args: readonly string[]): BenchOptions {
  const given = new Map<string, string>();
  const flags = new Set<string>();
  for (let at = 0; at < args.length; at += 1) {
    const name = args[at] ?? '';
    if (name === '--full' || name === '--write-docs') flags.add(name);
    else if (['--only', '--connections', '--rounds', '--port', '--json'].includes(name)) {
      at += 1;
      const value = args[at];
      if (value === undefined) throw new Error(`${name} wants a value`);
      given.set(name, value);
    } else throw new Error(`npm run bench does not know ${name}`);
  }
  const usual = flags.has('--full') ? FULL : QUICK;
  return {
    isFull: flags.has('--full'),
    goals: goalsOf(given.get('--only')),
    connections: wholeNumber(given, '--connections', usual.connections),
    rounds: wholeNumber(given, '--rounds', usual.rounds),
    port: wholeNumber(given, '--port', USUAL_PORT),
    jsonFile: given.get('--json') ?? null,
    writesDocs: flags.has('--write-docs'),
  };
}

function goalsOf(text: string | undefined): readonly GoalName[] {
  if (text === undefined) return goalNames;
  const asked = text.split(',').map((name) => name.trim().toUpperCase());
  const unknown = asked.find((name) => !goalNames.some((goal) => goal === name));
  if (unknown !== undefined) throw new Error(`--only: there is no goal ${unknown}`);
  return goalNames.filter((goal) => asked.includes(goal));
}

function wholeNumber(given: ReadonlyMap<string, string>, name: string, usual: number): number {
  const text = given.get(name);
  if (text === undefined) return usual;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} is "${text}": it is a whole number above 0`);
  return value;
}
