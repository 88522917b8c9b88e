import { outageEventValues } from '@bijli/events';
import { type Language, languages, textFamilies, type Variable } from '../domain/text-families.ts';
import { isVariable, LONGEST, type Piece, piecesOf, worstCase } from './compile-template.ts';
import { operatorProblems } from './judge-operator.ts';
import { scriptProblems } from './judge-script.ts';
import { writingProblems } from './judge-writing.ts';
import type { ApprovedTemplate, TextFile } from './text-file.ts';

/**
 * Says everything that is wrong with a utility's texts, each with its template and the rule; nothing where they can be sent. Rules: every
 * text that is needed and no other; known variables only, those that its family is filled with; the longest filling within the declared
 * parts; what operators refuse (TRAI TCCCPR 2018: no double space, no angle bracket, nothing invisible, the brand named; against fraud no
 * link and no number but the helpline and the inbound number); each text in the letters of its language, the same facts in both; a label
 * for each cause; what each operator lets a variable hold.
 */
export function judgeTexts(file: TextFile): string[] {
  return [
    ...causeProblems(file),
    ...keyProblems(file),
    ...file.templates.flatMap((template) =>
      textProblems(template, file).map((problem) => `template ${template.key}: ${problem}`),
    ),
    ...pairProblems(file),
    ...file.operators.flatMap((operator) => operatorProblems(operator, file)),
  ];
}

function causeProblems({ causes }: TextFile): string[] {
  const known: readonly string[] = outageEventValues.cause;
  return [
    ...known.filter((code) => causes[code] === undefined).map((code) => `cause ${code}: has no labels`),
    ...Object.entries(causes).flatMap(([code, labels]) => [
      ...(known.includes(code) ? [] : [`cause ${code}: no outage has this cause`]),
      ...languages.flatMap((language) =>
        labels[language].length <= LONGEST.cause[language]
          ? []
          : [
              `cause ${code}: its label in ${language} has ${labels[language].length} units, ${LONGEST.cause[language]} at most`,
            ],
      ),
      ...languages.flatMap((language) =>
        [
          ...writingProblems(labels[language]),
          ...scriptProblems(labels[language], language).map((problem) => `its label in ${language} ${problem}`),
        ].map((problem) => `cause ${code}: ${problem}`),
      ),
    ]),
  ];
}

function keyProblems({ templates }: TextFile): string[] {
  const needed = textFamilies.flatMap(({ name }) => languages.map((language) => `${name}.${language}`));
  const keys = templates.map(({ key }) => key);
  const ids = templates.map(({ dltTemplateId }) => dltTemplateId);
  return [
    ...needed.filter((key) => !keys.includes(key)).map((key) => `template ${key}: is missing`),
    ...templates.flatMap(({ key, language, dltTemplateId }, index) => [
      ...(needed.includes(key) ? [] : [`template ${key}: nothing is told by this key`]),
      ...(needed.includes(key) && !key.endsWith(`.${language}`) ? [`template ${key}: is not in ${language}`] : []),
      ...(keys.indexOf(key) === index ? [] : [`template ${key}: stands in the file twice`]),
      ...(ids.indexOf(dltTemplateId) === index
        ? []
        : [`template ${key}: has the id of ${keys[ids.indexOf(dltTemplateId)]}`]),
    ]),
  ];
}

function textProblems(template: ApprovedTemplate, file: TextFile): string[] {
  const { text, language, key, parts } = template;
  const pieces = piecesOf(text);
  const fixed = pieces.flatMap((piece) => ('literal' in piece ? [piece.literal] : [])).join(' ');
  const cost = worstCase(
    template,
    Object.values(file.causes).map((labels) => labels[language]),
  );
  return [
    ...variableProblems(template, familyOf(key)?.variables),
    ...(/[{}]/.test(fixed) ? ['has an unmatched brace'] : []),
    ...writingProblems(text),
    ...scriptProblems(fixed.replaceAll(file.brand, ' '), language),
    ...(namesBrand(pieces, file.brand) ? [] : [`does not name the brand ${file.brand}`]),
    ...numberProblems(fixed, file),
    ...(cost.parts > parts ? [`may need ${cost.parts} parts (${cost.units} units), ${parts} declared`] : []),
  ];
}

function variableProblems({ text }: ApprovedTemplate, known: readonly Variable[] | undefined): string[] {
  return [...namedIn(text)].flatMap((name) => {
    if (!isVariable(name)) return [`names the unknown variable ${name}`];
    return known === undefined || known.includes(name) ? [] : [`names ${name}, which is not known where it is told`];
  });
}

/** Tells whether the brand stands as a word: not within a longer one, nor against a value, which would lengthen it. */
function namesBrand(pieces: readonly Piece[], brand: string): boolean {
  const filled = pieces.map((piece) => ('literal' in piece ? piece.literal : '0')).join('');
  const [first = '', ...rest] = filled.split(brand);
  const around = [first, ...rest];
  return rest.some(
    (after, index) => !/[\p{L}\p{M}\p{N}_]$/u.test(around[index] ?? '') && !/^[\p{L}\p{M}\p{N}_]/u.test(after),
  );
}

function numberProblems(fixed: string, { helpline, inboundNumber }: TextFile): string[] {
  const allowed = [helpline, ...(inboundNumber === null ? [] : [inboundNumber])];
  const numbers = fixed.match(/\p{Nd}+/gu) ?? [];
  const words = allowed.join(' and ');
  return numbers.every((number) => allowed.includes(number)) ? [] : [`has a number other than ${words}`];
}

function pairProblems({ templates, helpline, inboundNumber }: TextFile): string[] {
  const numbers = [helpline, ...(inboundNumber === null ? [] : [inboundNumber])];
  const factsOf = (text: string): string[] =>
    [...namedIn(text), ...numbers.filter((number) => text.includes(number))].sort();
  return textFamilies.flatMap(({ name }) => {
    const [hi, en] = languages.map((language: Language) => templates.find(({ key }) => key === `${name}.${language}`));
    if (hi === undefined || en === undefined) return [];
    const [inHindi, inEnglish] = [factsOf(hi.text), factsOf(en.text)];
    const only = (here: string[], there: string[]): string => here.filter((fact) => !there.includes(fact)).join(', ');
    return [
      ...(only(inHindi, inEnglish) === '' ? [] : [`template ${name}: says in Hindi only: ${only(inHindi, inEnglish)}`]),
      ...(only(inEnglish, inHindi) === ''
        ? []
        : [`template ${name}: says in English only: ${only(inEnglish, inHindi)}`]),
    ];
  });
}

function namedIn(text: string): Set<string> {
  return new Set(piecesOf(text).flatMap((piece) => ('variable' in piece ? [piece.variable] : [])));
}

function familyOf(key: string): (typeof textFamilies)[number] | undefined {
  return textFamilies.find(({ name }) => languages.some((language) => key === `${name}.${language}`));
}
