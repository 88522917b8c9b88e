import type { Row } from './independent/csv.ts';

/** A row that is refused or taken with a warning: its cells, and what the list of refused rows must say of it. */
type Planted = {
  readonly cells: Partial<Row>;
  readonly severity: 'refused' | 'warning';
  readonly field: string;
  readonly rule: string;
  readonly value: string;
};

const headings = ['खाता संख्या', 'नाम', 'श्रेणी', 'स्थिति', 'उपकेंद्र', 'फीडर', 'मोहल्ला', 'मीटर', 'मोबाइल', 'भाषा'] as const;
const substations = ['सिविल लाइन्स', 'घंटाघर', 'शाहबाद गेट'];
const feeders = ['स्टेशन रोड', 'गांधी मार्केट', 'नेहरू कॉलोनी', 'शिवपुरी'];
const feedersInAll = substations.length * feeders.length;
const firstAccount = 9_300_000_000;

/** A number that nobody has, written into columns where none belongs. */
export const CANARY = '7310559284';

const refused = (field: string, rule: string, value: string, cells: Partial<Row>): Planted => ({
  severity: 'refused',
  field,
  rule,
  value,
  cells,
});
const warning = (rule: string, value: string, mobile: string): Planted => ({
  severity: 'warning',
  field: 'mobile',
  rule,
  value,
  cells: { मोबाइल: mobile },
});

/** One of every kind of row that is wrong. */
const planted: readonly Planted[] = [
  refused('account_number', 'required', '', { 'खाता संख्या': '' }),
  refused('account_number', 'scientific-notation', '•.•x+••', { 'खाता संख्या': '9.3E+09' }),
  refused('account_number', 'format', '•••••••••', { 'खाता संख्या': '930000000' }),
  refused('account_number', 'format', '••••••••x•', { 'खाता संख्या': '93000000О1' }),
  refused('account_number', 'format', '••••••••••••', { 'खाता संख्या': '930000000112' }),
  refused('account_number', 'duplicate', '••••••••••', { 'खाता संख्या': '९३०००००००१' }),
  refused('account_number', 'duplicate', '••••••••••', { 'खाता संख्या': `'${firstAccount}.0` }),
  refused('category', 'choice', 'xxxxx', { श्रेणी: 'मंदिर' }),
  refused('category', 'choice', '••••••••••', { श्रेणी: CANARY }),
  refused('category', 'choice', `'=xxxxxxxxx("xxxx://x")`, { श्रेणी: '=HYPERLINK("http://x")' }),
  refused('state', 'choice', 'gone', { स्थिति: 'gone' }),
  refused('state', 'choice', 'xxxx xxxx', { स्थिति: 'Asha Devi' }),
  refused('language', 'choice', 'xxxx', { भाषा: 'Urdu' }),
  refused('locality_hi', 'too-long', '', { मोहल्ला: 'x'.repeat(4_000) }),
  refused('consumer_name', 'control-character', '', { नाम: 'a\u202eb' }),
  refused('meter_number', 'nul-character', '', { मीटर: `N\u0000${CANARY}` }),
  warning('length', '•••••••••', CANARY.slice(1)),
  warning('length', '•••••••••••', `${CANARY}1`),
  warning('range', '••••••••••', '5222345678'),
  warning('all-same-digit', '••••••••••', '9999999999'),
  warning('not-digits', 'xx xxxxxx', 'no mobile'),
  warning('second-number', '••••••••••/[••••••••••]', `${CANARY}/${CANARY}`),
  warning('second-number', 'xxx. ••••• •••••,[ xx. •••• •••••••]', 'Mob. 73105 59285, Ph. 0522 2345678'),
  warning('length', '••••••••••/••••••••••', `5222345678/${CANARY}`),
  warning('not-digits', '•••••x••••', '73105О9284'),
  warning('scientific-notation', '•.••x+••', '7.31E+09'),
];

/** The export of a district: its text, and what must be listed of it, line by line. */
export type OwnDistrict = { readonly text: string; readonly listed: readonly string[] };

/**
 * Makes an export of so many rows: every seventh without a number, every eleventh sharing that of the one before it on its feeder, numbers as
 * people write them, and one of every kind of wrong row among them.
 */
export function makeOwnDistrict(rows: number): OwnDistrict {
  const every = Math.floor(rows / (planted.length + 1));
  const listed: string[] = [];
  const lines = Array.from({ length: rows }, (_, index) => {
    const wrong = index > 0 && index % every === 0 ? planted[index / every - 1] : undefined;
    if (wrong) listed.push([index + 2, wrong.severity, wrong.field, wrong.rule, wrong.value].join('|'));
    const cells = { ...lawfulCells(index), ...wrong?.cells };
    return headings.map((heading) => cells[heading] ?? '').join(';');
  });
  return { text: `${[headings.join(';'), ...lines].join('\n')}\n`, listed };
}

function lawfulCells(index: number): Row {
  const account = String(firstAccount + index);
  return {
    'खाता संख्या': `${account.slice(0, 4)} ${account.slice(4, 7)} ${account.slice(7)}`,
    नाम: `उपभोक्ता "${index}"`,
    श्रेणी: ['घरेलू', 'घरेलू', 'वाणिज्यिक', 'कृषि', 'अस्पताल'][index % 5] ?? '',
    स्थिति: index % 31 === 0 ? 'विच्छेदित' : index % 37 === 0 ? 'बंद' : 'चालू',
    उपकेंद्र: substations[index % 3] ?? '',
    फीडर: feeders[Math.floor(index / 3) % 4] ?? '',
    मोहल्ला: `गली ${index}, मोहल्ला`,
    मीटर: `N${index}`,
    मोबाइल:
      index % 7 === 0
        ? ''
        : asWritten(index, String(7_310_000_000 + (index % 11 === 0 ? index - feedersInAll : index))),
    भाषा: ['हिंदी', 'हिंदी', 'अंग्रेजी', ''][Math.floor(index / feedersInAll) % 4] ?? '',
  };
}

function asWritten(index: number, number: string): string {
  const devanagari = [...number].map((digit) => String.fromCharCode(0x0966 + Number(digit))).join('');
  const [front, back] = [number.slice(0, 5), number.slice(5)];
  const usual = [number, `+91 ${front} ${back}`, `0${number}`, `91-${number}`, devanagari];
  const pasted = [`\u202a+91 ${front} ${back}\u202c`, `${front}\u200b${back}`, `${number}\ufe0e`, `Mob. ${number}`];
  const exported = [`${number}.0`, `'${number}`, `0091${number}`, `+91 (0) ${front} ${back}`, `(${front}) ${back}`];
  const forms = [...usual, ...pasted, ...exported];
  return forms[index % forms.length] ?? number;
}

/** A large file of connections in the registry's own format, to be interrupted while it is sent. */
export function makeLargeFile(rows: number, firstOfThem: number): string {
  const header =
    'account_number,category,state,node_code,locality_en,locality_hi,meter_number,consumer_name,mobile,language,old_account_numbers';
  const lines = Array.from(
    { length: rows },
    (_, index) => `${firstOfThem + index},domestic,active,,"${index}, Long Road",,N${index},उपभोक्ता ${index},,hi,`,
  );
  return `${[header, ...lines].join('\n')}\n`;
}
