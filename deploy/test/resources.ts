/** A resource of the cluster, as far as every kind is alike. */
export type Resource = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { name: string; namespace?: string; labels?: Readonly<Record<string, string>> };
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
};

/** What we look at in a container. */
export type Container = {
  readonly name: string;
  readonly image: string;
  readonly workingDir?: string;
  readonly command?: readonly string[];
  readonly ports?: readonly { name: string; containerPort: number }[];
  readonly env?: readonly { name: string; value?: string }[];
  readonly envFrom?: readonly { configMapRef: { name: string } }[];
  readonly securityContext?: {
    allowPrivilegeEscalation?: boolean;
    readOnlyRootFilesystem?: boolean;
    capabilities?: { drop?: readonly string[] };
  };
  readonly resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  readonly lifecycle?: { preStop?: { sleep?: { seconds: number } } };
  readonly volumeMounts?: readonly { name: string; mountPath: string; readOnly?: boolean }[];
} & Readonly<Partial<Record<'startupProbe' | 'livenessProbe' | 'readinessProbe', Probe>>>;

type Probe = { readonly httpGet: { path: string; port: string | number } };

/** What we look at in a pod. */
export type Pod = {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: { runAsNonRoot?: boolean; seccompProfile?: { type: string } };
  readonly topologySpreadConstraints?: readonly object[];
  readonly containers: readonly Container[];
  readonly volumes?: readonly Volume[];
};

export type Volume = {
  readonly name: string;
  readonly emptyDir?: object;
  readonly projected?: {
    sources: readonly { secret: { name: string; items: readonly { key: string; path: string }[] } }[];
  };
};

/** A Deployment or a Job, with its pod. */
export type Workload = {
  readonly kind: string;
  readonly name: string;
  readonly replicas: number;
  /** How many pods more than `replicas` there may be while they are replaced; Kubernetes has a quarter unless told otherwise. */
  readonly maxSurge: number | string;
  readonly labels: Readonly<Record<string, string>>;
  readonly pod: Pod;
};

type WorkloadSpec = {
  readonly replicas?: number;
  readonly strategy?: { rollingUpdate?: { maxSurge?: number | string } };
  readonly template: { metadata: { labels: Readonly<Record<string, string>> }; spec: Pod };
};

/** Finds the resources of a kind. */
export function ofKind(resources: readonly Resource[], kind: string): Resource[] {
  return resources.filter((resource) => resource.kind === kind);
}

/** Lists what runs pods of ours. */
export function workloads(resources: readonly Resource[]): Workload[] {
  return resources
    .filter(({ kind }) => kind === 'Deployment' || kind === 'Job')
    .map(({ kind, metadata, spec }) => {
      const { replicas = 1, strategy, template } = spec as WorkloadSpec;
      const maxSurge = strategy?.rollingUpdate?.maxSurge ?? '25%';
      return { kind, name: metadata.name, replicas, maxSurge, labels: template.metadata.labels, pod: template.spec };
    });
}

/** The environment of a container: of its ConfigMaps in their order, then its own. */
export function environmentOf(container: Container, resources: readonly Resource[]): Record<string, string> {
  const maps = (container.envFrom ?? []).map(
    ({ configMapRef }) =>
      ofKind(resources, 'ConfigMap').find(({ metadata }) => metadata.name === configMapRef.name)?.data ?? {},
  );
  const own = (container.env ?? []).map(({ name, value = '' }) => [name, value] as const);
  return { ...Object.assign({}, ...maps), ...Object.fromEntries(own) } as Record<string, string>;
}

/** Where the files of secrets are in a container, with the secret and the key that each comes from. */
export function secretFiles(pod: Pod, container: Container): Map<string, string> {
  const files = (container.volumeMounts ?? []).flatMap(({ name, mountPath }) => {
    const volume = pod.volumes?.find((one) => one.name === name);
    const sources = volume?.projected?.sources ?? [];
    return sources.flatMap(({ secret }) =>
      secret.items.map(({ key, path }) => [`${mountPath}/${path}`, `${secret.name}/${key}`] as const),
    );
  });
  return new Map(files);
}
