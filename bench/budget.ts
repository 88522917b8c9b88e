import { watchBackends } from './backends.ts';
import { DISTRICT_ZONE } from './district.ts';
import { measureRun } from './district-run.ts';
import { COMMITS, EXPAND, OUTCOMES, REST } from './ledger-questions.ts';
import type { BudgetLine } from './report.ts';
import type { Bed } from './test-bed.ts';

const MICROSECONDS = 1_000_000;
/** What a text may cost, in microseconds of a core. */
const BUDGETS = { node: 10, expand: 9, outcomes: 5, rest: 2 };

export const services: readonly string[] = ['notifier', 'outage', 'consumer-registry', 'billing', 'complaint'];

/** Tells the district once more, and says what a text costs, stage by stage: Node by service, PostgreSQL by what its backends work on. */
export async function measureBudget(bed: Bed): Promise<BudgetLine[]> {
  const backends = watchBackends(bed.admin);
  const run = await measureRun(bed, () => bed.control.report([DISTRICT_ZONE]));
  const stages = await backends.stop();
  await measureRun(bed, () => bed.control.restore(run.opened));
  const used = (part: string): number => run.coreSeconds.get(part) ?? 0;
  const sum = (seconds: readonly number[]): number => seconds.reduce((all, each) => all + each, 0);
  const notifier = sum(Object.values(stages));
  const [expand, outcomes] = [stages[EXPAND] ?? 0, stages[OUTCOMES] ?? 0];
  const line = (stage: string, seconds: number, budget: number | null = null): BudgetLine => ({
    ...{ stage, microseconds: (seconds * MICROSECONDS) / run.texts, budget },
  });
  return [
    line('Node', sum(services.map(used)), BUDGETS.node),
    ...services.map((name) => line(`Node: ${name}`, used(name))),
    line('PostgreSQL: expand', expand, BUDGETS.expand),
    line('PostgreSQL: outcomes and receipts', outcomes, BUDGETS.outcomes),
    line('PostgreSQL: the rest', Math.max(0, used('postgres') - expand - outcomes), BUDGETS.rest),
    line("PostgreSQL: of the rest, the notifier's commits", stages[COMMITS] ?? 0),
    line("PostgreSQL: of the rest, the notifier's other statements", stages[REST] ?? 0),
    line('PostgreSQL: of the rest, other databases and the server itself', Math.max(0, used('postgres') - notifier)),
    ...['kafka', 'sink', 'trace-sink', 'bench', 'others'].map((part) => line(`beside it: ${part}`, used(part))),
  ];
}
