// node convert.mjs own-format.csv FOLDER: writes network.csv and connections.csv into FOLDER. Line n stays line n.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const categories = { घरेलू: 'domestic', वाणिज्यिक: 'commercial', कृषि: 'agriculture', अस्पताल: 'hospital' };
const states = { चालू: 'active', विच्छेदित: 'disconnected', बंद: 'closed' };
const words = { ...categories, ...states, हिंदी: 'hi', अंग्रेजी: 'en' };
const columns =
  'account_number,category,state,node_code,locality_en,locality_hi,meter_number,consumer_name,mobile,language,old_account_numbers';
const [source, folder] = process.argv.slice(2);
const csv = (rows) => rows.map((row) => `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`)}\n`).join('');
const feeders = new Map();
const [, ...lines] = readFileSync(source, 'utf8').trimEnd().split(/\r?\n/);
const connections = lines.map((line) => {
  const [account, name, category, state, substation, feeder, locality, meter, mobile, language] = line.split(';');
  const code = feeder && `F-${createHash('sha1').update(`${substation}/${feeder}`).digest('hex').slice(0, 8)}`;
  if (feeder) feeders.set(code, [code, 'feeder', 'Z-OWN', `${feeder} (${substation})`, `${feeder} (${substation})`]);
  const [kind, condition, tongue] = [category, state, language].map((word) => words[word] ?? word);
  return [account.replaceAll(' ', ''), kind, condition, code, '', locality, meter, name, mobile, tongue, ''];
});
const network = [['Z-OWN', 'zone', '', 'District', 'जनपद'], ...feeders.values()];
writeFileSync(`${folder}/network.csv`, `code,kind,parent_code,name_en,name_hi\n${csv(network)}`);
writeFileSync(`${folder}/connections.csv`, `${columns}\n${csv(connections)}`);
