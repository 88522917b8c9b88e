import {
  type Container,
  environmentOf,
  ofKind,
  type Pod,
  type Resource,
  type Workload,
  workloads,
} from './resources.ts';

/** Longest orderly stop and flush of a service (libs/service, run-service), after which it must still be let live. */
const STOP_SECONDS = 27;

type Found = {
  readonly workload: Workload;
  readonly pod: Pod;
  readonly container: Container;
  readonly settings: Readonly<Record<string, string>>;
};
type Rule = { readonly what: string; readonly holds: (found: Found) => boolean };

const ofEveryPod: readonly Rule[] = [
  { what: 'runs as root', holds: ({ pod }) => pod.securityContext?.runAsNonRoot === true },
  {
    what: 'has no seccomp profile',
    holds: ({ pod }) => pod.securityContext?.seccompProfile?.type === 'RuntimeDefault',
  },
  { what: 'is given a token of the cluster', holds: ({ pod }) => pod.automountServiceAccountToken === false },
  { what: 'takes names of other services for settings', holds: ({ pod }) => pod.enableServiceLinks === false },
  {
    what: 'has a file system that it can write',
    holds: ({ container }) => container.securityContext?.readOnlyRootFilesystem === true,
  },
  { what: 'may gain rights', holds: ({ container }) => container.securityContext?.allowPrivilegeEscalation === false },
  {
    what: 'has capabilities',
    holds: ({ container }) => container.securityContext?.capabilities?.drop?.includes('ALL') === true,
  },
  { what: 'has no bound on memory', holds: ({ container }) => container.resources?.limits?.['memory'] !== undefined },
  {
    what: 'does not say what it needs',
    holds: ({ container: { resources } }) => Boolean(resources?.requests?.['cpu'] && resources.requests['memory']),
  },
];

const ofServices: readonly Rule[] = [
  { what: 'is not asked whether it has started', holds: ({ container }) => asks(container, 'startupProbe', '/livez') },
  { what: 'is not asked whether it lives', holds: ({ container }) => asks(container, 'livenessProbe', '/livez') },
  { what: 'is not asked whether it is ready', holds: ({ container }) => asks(container, 'readinessProbe', '/readyz') },
  {
    what: 'is killed before it has finished',
    holds: ({ pod, container }) =>
      (pod.terminationGracePeriodSeconds ?? 30) > STOP_SECONDS + (container.lifecycle?.preStop?.sleep?.seconds ?? 0),
  },
  {
    what: 'sends faster than its carrier allows while it is replaced',
    holds: ({ workload, settings }) => settings['SMPP_HOST'] === undefined || workload.maxSurge === 0,
  },
  {
    what: 'may have all its pods on one machine',
    holds: ({ pod }) => (pod.topologySpreadConstraints ?? []).length > 0,
  },
];

/** Says which pods have more rights than they need, are not looked after, or name what is not there. */
export function podProblems(resources: readonly Resource[]): string[] {
  return workloads(resources).flatMap((workload) => [
    ...workload.pod.containers.flatMap((container) => {
      const rules = workload.kind === 'Deployment' ? [...ofEveryPod, ...ofServices] : ofEveryPod;
      const settings = environmentOf(container, resources);
      const broken = rules.filter(({ holds }) => !holds({ workload, pod: workload.pod, container, settings }));
      return broken.map(({ what }) => `${workload.name} ${what}`);
    }),
    ...missing(workload, resources),
  ]);
}

function asks(container: Container, probe: 'startupProbe' | 'livenessProbe' | 'readinessProbe', path: string): boolean {
  return container[probe]?.httpGet.path === path && container[probe].httpGet.port === 'http';
}

type Selecting = {
  readonly selector: Readonly<Record<string, string>> & { matchLabels?: Readonly<Record<string, string>> };
};

function missing({ kind, name, labels, pod }: Workload, resources: readonly Resource[]): string[] {
  const has = (of: string, named: string | undefined): boolean =>
    ofKind(resources, of).some(({ metadata }) => metadata.name === named);
  const selects = (of: string): boolean =>
    ofKind(resources, of).some(({ spec }) => {
      const { selector } = spec as Selecting;
      return Object.entries(selector.matchLabels ?? selector).every(([label, value]) => labels[label] === value);
    });
  const maps = pod.containers.flatMap(({ envFrom = [] }) => envFrom.map(({ configMapRef }) => configMapRef.name));
  return [
    ...(has('ServiceAccount', pod.serviceAccountName) ? [] : [`${name} has no account of its own`]),
    ...maps.filter((map) => !has('ConfigMap', map)).map((map) => `${name} is given ${map}, which is not there`),
    ...(kind === 'Job' || selects('PodDisruptionBudget') ? [] : [`${name} may lose all its pods at once`]),
    ...(kind === 'Job' || selects('Service') ? [] : [`${name} has a Service that leads elsewhere`]),
  ];
}
