import { describe, expect, test } from '@jest/globals';
import { buildOverlay } from './build-overlay.ts';
import { type ComposeService, composeServices } from './compose-services.ts';
import { without } from './edited.ts';
import { workloadProblems } from './workload-guard.ts';

/** What a cluster has in another form: resources of the operators, the Job, a script. */
const inAnotherForm = ['secrets', 'postgres', 'kafka', 'prepare', 'dead-letters'];
/** What stands in for somebody else, or shows the system to a developer. */
const forDevelopment = ['sms-simulator', 'schema-endpoint', 'town', 'registry', 'registry-fill', 'jaeger'];

const resources = buildOverlay('district');
const compose = composeServices();
const composeOnly = [...inAnotherForm, ...forDevelopment];
const outage = compose['outage'] as ComposeService;

/** Where docker-compose.yml has another setting of outage. */
const withSetting = (setting: Record<string, string | number>) =>
  workloadProblems({
    compose: { ...compose, outage: { ...outage, environment: { ...outage.environment, ...setting } } },
    resources,
    composeOnly,
  });

describe('the services of docker-compose.yml and of deploy/', () => {
  test('are the same, on the same ports, with the same settings', () => {
    expect(workloadProblems({ compose, resources, composeOnly })).toEqual([]);
  });

  test('are missed where one place alone has them', () => {
    const { outage: _, ...others } = compose;

    expect(workloadProblems({ compose: { ...others, portal: outage }, resources, composeOnly })).toEqual([
      'outage is not in docker-compose.yml',
      'portal has no Deployment',
    ]);
  });

  test('are not excepted for ever', () => {
    expect(workloadProblems({ compose, resources, composeOnly: [...composeOnly, 'gone'] })).toEqual([
      'gone is excepted and not in docker-compose.yml',
    ]);
  });

  test('are found on another port, or with a setting less', () => {
    expect(withSetting({ PORT: 18_012 })).toEqual([
      'outage has PORT=18002, in docker-compose.yml 18012',
      'outage does not open its port 18012 as http',
      'outage has no Service on its port 18012',
    ]);
    expect(withSetting({ PACE: 1 })).toEqual(['outage is not given PACE']);
    expect(workloadProblems({ compose, resources: without(resources, 'Service', 'billing'), composeOnly })).toEqual([
      'billing has no Service on its port 18003',
    ]);
  });
});
