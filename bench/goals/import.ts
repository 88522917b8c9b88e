import { type Figure, figureOf } from '../figures.ts';
import { type Bed, type Bench, small } from '../test-bed.ts';

/** G11: from two CSV files to a district that could be told, each time on a system of its own that was started and at rest. */
export async function measureG11(bench: Bench): Promise<Figure[]> {
  const { options } = bench;
  const bed = await bench.bed();
  await mustHaveArrived(bed);
  const seconds = [bed.imported.seconds];
  while (options.isFull && seconds.length < options.rounds) {
    const another = await bench.ownBed({});
    try {
      await mustHaveArrived(another);
      seconds.push(another.imported.seconds);
    } finally {
      await another.stop();
    }
  }
  const all = options.connections + bed.beside.feeders * bed.beside.peopleEach;
  const note = `${all} connections, those beside the district with them`;
  return [
    figureOf(
      {
        goal: 'G11',
        what: 'CSV to a sendable audience',
        target: 60,
        sense: 'at most',
        unit: 's',
        note,
        ...small(bench),
      },
      seconds,
    ),
  ];
}

async function mustHaveArrived({ options, system }: Bed): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${system.basePort + 5}/v1/audience`);
  const { connections } = (await answer.json()) as { connections: number };
  if (connections < options.connections) throw new Error(`the notifier knows of ${connections} connections only`);
}
