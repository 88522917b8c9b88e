import { describe, expect, test } from '@jest/globals';
import { buildOverlay } from './build-overlay.ts';
import { type Edit, edited, without } from './edited.ts';
import { podProblems } from './pod-guard.ts';

const resources = buildOverlay('district');
const ofOutage = (problems: readonly string[]): string[] => problems.filter((problem) => problem.startsWith('outage '));
const container = '/spec/template/spec/containers/0';

describe('the pods', () => {
  test('have the rights that they need and are looked after', () => {
    expect(podProblems(resources)).toEqual([]);
  });

  test.each<[string, string, Edit]>([
    ['runs as root', '/spec/template/spec/securityContext/runAsNonRoot', { value: false }],
    ['has no seccomp profile', '/spec/template/spec/securityContext/seccompProfile', 'removed'],
    ['is given a token of the cluster', '/spec/template/spec/automountServiceAccountToken', { value: true }],
    ['takes names of other services for settings', '/spec/template/spec/enableServiceLinks', 'removed'],
    ['has a file system that it can write', `${container}/securityContext/readOnlyRootFilesystem`, { value: false }],
    ['may gain rights', `${container}/securityContext/allowPrivilegeEscalation`, 'removed'],
    ['has capabilities', `${container}/securityContext/capabilities/drop`, { value: ['NET_RAW'] }],
    ['has no bound on memory', `${container}/resources/limits/memory`, 'removed'],
    ['does not say what it needs', `${container}/resources/requests`, 'removed'],
    ['is not asked whether it has started', `${container}/startupProbe`, 'removed'],
    ['is not asked whether it lives', `${container}/livenessProbe/httpGet/path`, { value: '/readyz' }],
    ['is not asked whether it is ready', `${container}/readinessProbe/httpGet/port`, { value: 'https' }],
    ['is killed before it has finished', '/spec/template/spec/terminationGracePeriodSeconds', { value: 30 }],
    ['may have all its pods on one machine', '/spec/template/spec/topologySpreadConstraints', 'removed'],
    ['has no account of its own', '/spec/template/spec/serviceAccountName', { value: 'somebody' }],
    ['may lose all its pods at once', '/spec/template/metadata/labels/app.kubernetes.io~1name', { value: 'other' }],
  ])('are found when one %s', (problem, path, edit) => {
    expect(ofOutage(podProblems(edited(resources, 'Deployment', path, edit)))).toContain(`outage ${problem}`);
  });

  test('are found when there may be more that send than the contract was shared among', () => {
    const more = edited(resources, 'Deployment', '/spec/strategy/rollingUpdate/maxSurge', { value: 1 });

    expect(podProblems(more)).toEqual(['notifier sends faster than its carrier allows while it is replaced']);
  });

  test('are found when they name what is not there', () => {
    const settings = resources.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('settings-'),
    );
    const name = settings?.metadata.name ?? '';

    expect(ofOutage(podProblems(without(resources, 'ConfigMap', name)))).toEqual([
      `outage is given ${name}, which is not there`,
    ]);
    expect(podProblems(without(resources, 'PodDisruptionBudget', 'outage'))).toEqual([
      'outage may lose all its pods at once',
    ]);
    expect(podProblems(without(resources, 'Service', 'outage'))).toEqual(['outage has a Service that leads elsewhere']);
  });
});
