import { describe, expect, test } from '@jest/globals';
import { textFamilies } from '../domain/text-families.ts';
import { judgeTexts } from './judge-texts.ts';
import { shippedTexts } from './load-texts.ts';
import { type ApprovedTemplate, readTextFile, type TextFile } from './text-file.ts';

const [operator] = shippedTexts.operators;
if (operator === undefined) throw new Error('the shipped texts know no operator');
const KEY = 'restored.one.hi';
const GOOD = 'खाता {account}: {date} {to} बजे बिजली आ गई। न आई हो तो 1912। UPPCL';

/** The shipped texts with one of them changed. */
const withText = (change: Partial<ApprovedTemplate>): TextFile => ({
  ...shippedTexts,
  templates: shippedTexts.templates.map((each) => (each.key === KEY ? { ...each, ...change } : each)),
});
const withCause = (code: string, labels: { hi: string; en: string }): TextFile => ({
  ...shippedTexts,
  causes: { ...shippedTexts.causes, [code]: labels },
});
const withOperator = (change: Partial<typeof operator>): TextFile => ({
  ...shippedTexts,
  operators: [{ ...operator, ...change }],
});
const without = (key: string): TextFile => ({
  ...shippedTexts,
  templates: shippedTexts.templates.filter((each) => each.key !== key),
});

describe('the texts that are shipped', () => {
  test('can be sent as they are: one for each family and language', () => {
    expect(judgeTexts(shippedTexts)).toEqual([]);
    expect(shippedTexts.templates).toHaveLength(2 * textFamilies.length);
  });
});

describe('a text', () => {
  const refused: [what: string, text: string, problem: string][] = [
    ['with a double space', GOOD.replace(': ', ':  '), 'has a double space'],
    ['with a space at its end', `${GOOD} `, 'begins or ends with a space'],
    ['with angle brackets', GOOD.replace('{to}', '<{to}>'), 'has an angle bracket'],
    ['with a link', `${GOOD} https://uppcl.example/pay`, 'has a link'],
    ['with a link without scheme', `${GOOD} uppcl.org`, 'has a link'],
    ['with a personal number', `${GOOD} 9876543210`, 'has a number other than 1912'],
    ['with a number in Hindi digits', `${GOOD} १९१२`, 'has a number other than 1912'],
    ['with the helpline in a longer number', GOOD.replace('1912', '19120'), 'has a number other than 1912'],
    ['without the brand', GOOD.replace('UPPCL', 'MVVNL'), 'does not name the brand UPPCL'],
    ['with what nobody fills', `${GOOD} {name}`, 'names the unknown variable name'],
    ['with what is not known there', `${GOOD} {amount}`, 'names amount, which is not known where it is told'],
    ['with half a brace', `${GOOD} {date`, 'has an unmatched brace'],
    ['with braces in braces', GOOD.replace('{to}', '{{to}}'), 'has an unmatched brace'],
    ['with a tab', `${GOOD}\tUPPCL`, 'has the invisible character U+0009'],
    ['with a mark for another direction', `${GOOD}\u202e`, 'has the invisible character U+202E'],
    ['with a joiner between English letters', `${GOOD} A\u200dc`, 'has the invisible character U+200D'],
    ['with two joiners', `${GOOD} क्\u200d\u200dष`, 'has the invisible character U+200D'],
    ['with a letter that is blank', `${GOOD} \u3164`, 'has the invisible character U+3164'],
    ['with half a pair', `${GOOD} \ud83d`, 'has the invisible character U+D83D'],
    ['with a no-break space', GOOD.replace(': ', ':\u00a0'), 'has the space U+00A0: write U+0020'],
    ['with a thin space', GOOD.replace(': ', ':\u2009'), 'has the space U+2009: write U+0020'],
    ['with a line separator', GOOD.replace(': ', ':\u2028'), 'has the space U+2028: write U+0020'],
    ['in Hindi without its letters', 'A/c {account}: {date} {to} 1912 UPPCL', 'has no Devanagari letter, and is hi'],
    ['in Hindi with letters of Bengali', `${GOOD} খ`, 'has the letter খ, and is hi'],
    ['with the brand in a longer word', GOOD.replace('UPPCL', 'UPPCLX'), 'does not name the brand UPPCL'],
    ['with the brand after a letter', GOOD.replace('UPPCL', 'XUPPCL'), 'does not name the brand UPPCL'],
    ['with the brand against a value', GOOD.replace('UPPCL', '{to}UPPCL'), 'does not name the brand UPPCL'],
    ['that is too long', `${GOOD} बिजली बिजली बिजली`, 'may need 2 parts (79 units), 1 declared'],
  ];

  test.each(refused)('%s is refused with its template and the rule', (_what, text, problem) => {
    expect(judgeTexts(withText({ text }))).toContain(`template ${KEY}: ${problem}`);
  });

  test.each([
    ['Hindi', GOOD, ['has no Latin letter, and is en', 'has the letter ख, and is en']],
    ['English with a word of Hindi', 'A/c {account}: बिजली {date} {to} 1912 UPPCL', ['has the letter ब, and is en']],
    ['nothing but the brand', '{account}: {date} {to} 1912 UPPCL', ['has no Latin letter, and is en']],
  ])('in English is refused where it is %s', (_what, text, problems) => {
    const key = 'restored.one.en';
    const templates = shippedTexts.templates.map((each) => (each.key === key ? { ...each, text, parts: 2 } : each));

    expect(judgeTexts({ ...shippedTexts, templates })).toEqual(
      problems.map((problem) => `template ${key}: ${problem}`),
    );
  });

  test('does not bear a brand that is the end of its word, and may bear it beside signs', () => {
    expect(judgeTexts({ ...shippedTexts, brand: 'CL' })).toHaveLength(shippedTexts.templates.length);
    expect(judgeTexts(withText({ text: GOOD.replace(' UPPCL', '-UPPCL.') }))).toEqual([]);
    expect(judgeTexts(withText({ text: GOOD.replace(' UPPCL', 'UPPCLs UPPCL'), parts: 2 }))).toEqual([]);
  });

  test('may hold what joins letters, a line end, and as many parts as it declares', () => {
    const long = `${GOOD}\nक्\u200dष ${'बिजली '.repeat(5)}।`;

    expect(judgeTexts(withText({ text: long, parts: 2 }))).toEqual([]);
  });

  test('may name the number that takes answers', () => {
    const asks = withText({ text: GOOD.replace('1912', '1912, 56161') });

    expect(judgeTexts(asks)).toContain(`template ${KEY}: has a number other than 1912`);
    expect(judgeTexts({ ...asks, inboundNumber: '56161' })).toEqual([
      'template restored.one: says in Hindi only: 56161',
    ]);
  });

  test('says the same facts in both languages', () => {
    expect(judgeTexts(withText({ text: GOOD.replace('न आई हो तो 1912। ', '') }))).toEqual([
      'template restored.one: says in English only: 1912',
    ]);
    expect(judgeTexts(withText({ text: GOOD.replace('{date} ', '') }))).toEqual([
      'template restored.one: says in English only: date',
    ]);
  });
});

describe('the keys', () => {
  test.each([
    ['that is missing', without(KEY), [`template ${KEY}: is missing`]],
    [
      'that nobody tells',
      withText({ key: 'restored.some.hi' }),
      [`template ${KEY}: is missing`, 'template restored.some.hi: nothing is told by this key'],
    ],
    [
      'of another language',
      withText({ language: 'en' }),
      [
        `template ${KEY}: is not in en`,
        `template ${KEY}: has no Latin letter, and is en`,
        `template ${KEY}: has the letter ख, and is en`,
      ],
    ],
    [
      'that stands there twice',
      {
        ...shippedTexts,
        templates: [
          ...shippedTexts.templates,
          ...withText({ dltTemplateId: '7' }).templates.filter(({ key }) => key === KEY),
        ],
      },
      [`template ${KEY}: stands in the file twice`],
    ],
    [
      'with the id of another',
      withText({ dltTemplateId: '1107160000000000001' }),
      [`template ${KEY}: has the id of planned.same-day.one.hi`],
    ],
  ])('one %s is named', (_what, file, problems) => {
    expect(judgeTexts(file).filter((problem) => !problem.includes('needs') && !/units|only/.test(problem))).toEqual(
      problems,
    );
  });
});

describe('the causes', () => {
  test.each([
    [
      'too long in Hindi',
      withCause('storm', { hi: 'आंधी और तूफान', en: 'storm' }),
      'cause storm: its label in hi has 13 units, 12 at most',
    ],
    [
      'too long in English',
      withCause('storm', { hi: 'तूफान', en: 'a very violent thunderstorm' }),
      'cause storm: its label in en has 27 units, 20 at most',
    ],
    ['that no outage has', withCause('meteor', { hi: 'उल्का', en: 'meteor' }), 'cause meteor: no outage has this cause'],
    ['with a bracket', withCause('storm', { hi: 'तूफान', en: '<storm>' }), 'cause storm: has an angle bracket'],
    [
      'in English for Hindi',
      withCause('storm', { hi: 'storm', en: 'storm' }),
      'cause storm: its label in hi has no Devanagari letter, and is hi',
    ],
    [
      'in Hindi for English',
      withCause('storm', { hi: 'तूफान', en: 'तूफान' }),
      'cause storm: its label in en has the letter त, and is en',
    ],
    [
      'with a no-break space',
      withCause('storm', { hi: 'तूफान', en: 'a\u00a0storm' }),
      'cause storm: has the space U+00A0: write U+0020',
    ],
  ])('%s are named', (_what, file, problem) => {
    expect(judgeTexts(file)).toContain(problem);
  });

  test('without labels are named', () => {
    const { storm: _storm, ...causes } = shippedTexts.causes;

    expect(judgeTexts({ ...shippedTexts, causes })).toEqual(['cause storm: has no labels']);
  });
});

describe('what an operator lets a variable hold', () => {
  test.each([
    ['a shorter length', { longestVariable: 15 }, 'operator placeholder: amount may have 17 characters, 15 at most'],
    [
      'a type without its signs',
      { types: { ...operator.types, alphanumeric: '0-9A-Za-z\u0900-\u097f :-' } },
      'operator placeholder: amount is alphanumeric, which does not take "."',
    ],
    [
      'digits alone',
      { variables: { ...operator.variables, date: 'numeric' } },
      'operator placeholder: date is numeric, which does not take "-"',
    ],
    [
      'no Hindi',
      { types: { ...operator.types, alphanumeric: '0-9A-Za-z :.-' } },
      'operator placeholder: cause is alphanumeric, which does not take "',
    ],
    [
      'a type that it does not have',
      { variables: { ...operator.variables, due: 'date' } },
      'operator placeholder: due has the type date, which is not among its types',
    ],
    [
      'a class that is none',
      { types: { ...operator.types, numeric: 'z-a' } },
      'operator placeholder: account has the type numeric, whose characters cannot be read',
    ],
    [
      'more than a class',
      { types: { ...operator.types, numeric: '0-9]|.*[a' } },
      'operator placeholder: account has the type numeric, whose characters cannot be read',
    ],
  ])('is asked of its profile: %s', (_what, change, problem) => {
    expect(judgeTexts(withOperator(change)).some((each) => each.startsWith(problem))).toBe(true);
  });

  test('is named where a variable has no type', () => {
    const { due: _due, ...variables } = operator.variables;

    expect(judgeTexts(withOperator({ variables: variables as typeof operator.variables }))).toEqual([
      'operator placeholder: due has no type',
    ]);
  });
});

describe('a file of another form', () => {
  const SHIPPED = JSON.stringify(shippedTexts);
  const changed = (change: Partial<TextFile>): string => JSON.stringify({ ...shippedTexts, ...change });

  test.each<[what: string, content: string | Buffer, problems: string[]]>([
    ['no JSON', '{', ['the file: is not JSON']],
    ['a list, as it was before', '[]', ['the file: Invalid input: expected object, received array']],
    ['a field too many', JSON.stringify({ ...shippedTexts, sender: 'X' }), ['the file: Unrecognized key: "sender"']],
    [
      'an id with letters',
      JSON.stringify(withText({ dltTemplateId: 'T-1' })),
      ['templates.20.dltTemplateId: write 1 to 30 digits'],
    ],
    ['a helpline of words', JSON.stringify({ ...shippedTexts, helpline: 'call' }), ['helpline: write 1 to 12 digits']],
    ['no operator', changed({ operators: [] }), ['operators: name at least one, or no variable is judged']],
    ...['UPPCL', 'UPPCLPP', 'UPPCL1', 'UPPCL-', 'विद्युतबो'].map((header): [string, string, string[]] => [
      `the header ${header}`,
      changed({ header }),
      ['header: write 6 letters, A to Z or a to z, as they are registered'],
    ]),
    ...[' ', '1912', 'UP\u00a0PCL', 'UP  PCL', 'UPPCL ', '{to}', ''].map((brand): [string, string, string[]] => [
      `the brand ${JSON.stringify(brand)}`,
      changed({ brand }),
      ['brand: write words that begin with a letter, one space between them'],
    ]),
    ['UTF-16', Buffer.from(`\ufeff${SHIPPED}`, 'utf16le'), ['the file: is UTF-16: save it as UTF-8']],
    ['UTF-16 without mark', Buffer.from(SHIPPED, 'utf16le'), ['the file: is UTF-16: save it as UTF-8']],
    [
      'UTF-16, big endian',
      Buffer.from(`\ufeff${SHIPPED}`, 'utf16le').swap16(),
      ['the file: is UTF-16: save it as UTF-8'],
    ],
    ['a code page', Buffer.from('{"brand":"\u00e9"}', 'latin1'), ['the file: is not UTF-8: save it as UTF-8']],
    ['nothing', '', ['the file: is not JSON']],
  ])('is named place by place: %s', (_what, content, problems) => {
    expect(readTextFile(Buffer.from(content)).problems).toEqual(problems);
  });

  test.each([
    ['with a BOM', `\ufeff${SHIPPED}`, shippedTexts],
    ['with a header in lower case', changed({ header: 'uppclp' }), { ...shippedTexts, header: 'uppclp' }],
    ['with a brand of words', changed({ brand: 'UP Power & Co.' }), { ...shippedTexts, brand: 'UP Power & Co.' }],
  ])('is taken %s', (_what, content, file) => {
    expect(readTextFile(Buffer.from(content))).toEqual({ file, problems: [] });
  });
});
