import { openLog, readConfigOrExit, runService } from '@bijli/service';
import { buildService } from './build-service.ts';
import { readConfig } from './config.ts';

const config = readConfigOrExit('sms-simulator', readConfig, process.env);
const log = openLog('sms-simulator', config.logLevel);

await runService({ name: 'sms-simulator', log, components: buildService({ config, log }).components });
