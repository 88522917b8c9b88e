// `npm run templates`: looks through the texts that are sent, one's own or the shipped ones, before anybody is sent one.
import { runTemplates } from './run-templates.ts';
import { userFolder } from '@bijli/start/user-folder';

const { exitCode, output } = runTemplates(process.argv.slice(2), userFolder(process.env));
console.log(output);
process.exitCode = exitCode;
