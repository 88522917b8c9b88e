import type { ComposeService } from './compose-services.ts';
import { environmentOf, ofKind, type Resource, type Workload, workloads } from './resources.ts';

/** What has the same value in both places. */
const sameValue = ['PORT', 'OTEL_SERVICE_NAME'];

/** docker-compose.yml, what is built of deploy/, and the names of what only one of them has, by right. */
export type Places = {
  readonly compose: Readonly<Record<string, ComposeService>>;
  readonly resources: readonly Resource[];
  readonly composeOnly: readonly string[];
};

/** Compares the services of docker-compose.yml with the Deployments: each is in both, on the same port, with the same settings. */
export function workloadProblems({ compose, resources, composeOnly }: Places): string[] {
  const deployed = workloads(resources).filter(({ kind }) => kind === 'Deployment');
  const wanted = Object.entries(compose).filter(([name]) => !composeOnly.includes(name));
  return [
    ...composeOnly.filter((name) => !compose[name]).map((name) => `${name} is excepted and not in docker-compose.yml`),
    ...deployed.filter(({ name }) => !compose[name]).map(({ name }) => `${name} is not in docker-compose.yml`),
    ...wanted.flatMap(([name, service]) => {
      const workload = deployed.find((one) => one.name === name);
      return workload ? differences(service, workload, resources) : [`${name} has no Deployment`];
    }),
  ];
}

function differences(service: ComposeService, workload: Workload, resources: readonly Resource[]): string[] {
  const { name, pod } = workload;
  const container = pod.containers[0];
  if (!container) return [`${name} runs nothing`];
  const here = environmentOf(container, resources);
  const there = service.environment ?? {};
  const port = Number(there['PORT']);
  const exposed = ofKind(resources, 'Service').find(({ metadata }) => metadata.name === name)?.spec as
    | { ports: readonly { port: number; targetPort: string }[] }
    | undefined;
  return [
    ...Object.keys(there)
      .filter((setting) => here[setting] === undefined)
      .map((setting) => `${name} is not given ${setting}`),
    ...sameValue
      .filter((setting) => String(there[setting]) !== here[setting])
      .map((setting) => `${name} has ${setting}=${here[setting]}, in docker-compose.yml ${there[setting]}`),
    ...(container.workingDir === service.working_dir ? [] : [`${name} runs in ${container.workingDir}`]),
    ...(container.ports?.some((one) => one.name === 'http' && one.containerPort === port)
      ? []
      : [`${name} does not open its port ${port} as http`]),
    ...(exposed?.ports.some((one) => one.port === port && one.targetPort === 'http')
      ? []
      : [`${name} has no Service on its port ${port}`]),
  ];
}
