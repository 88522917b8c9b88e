import { languages, type Variable } from '../domain/text-families.ts';
import { isVariable, LONGEST, piecesOf } from './compile-template.ts';
import type { Operator, TextFile } from './text-file.ts';

/** Characters of the values of each variable; those of a cause are in the file. */
const CHARACTERS: Readonly<Record<Exclude<Variable, 'cause'>, string>> = {
  account: '0123456789',
  date: '0123456789-',
  toDate: '0123456789-',
  from: '0123456789:',
  to: '0123456789:',
  amount: '0123456789.',
  outstanding: '0123456789.',
  advance: '0123456789.',
  due: '0123456789-',
  complaint: 'CMP-0123456789',
};

/** Says which variables of a utility's texts an operator would not let hold their values, by its length and by its type. */
export function operatorProblems(operator: Operator, file: TextFile): string[] {
  return usedIn(file).flatMap((variable) =>
    variableProblems(operator, variable, file).map(
      (problem) => `operator ${operator.operator}: ${variable} ${problem}`,
    ),
  );
}

function variableProblems(
  { longestVariable, types, variables }: Operator,
  variable: Variable,
  file: TextFile,
): string[] {
  const longest = Math.max(...languages.map((language) => LONGEST[variable][language]));
  const tooLong = longest > longestVariable ? [`may have ${longest} characters, ${longestVariable} at most`] : [];
  const type = variables[variable];
  if (type === undefined) return [...tooLong, 'has no type'];
  const taken = types[type];
  if (taken === undefined) return [...tooLong, `has the type ${type}, which is not among its types`];
  const pattern = classOf(taken);
  if (pattern === null) return [...tooLong, `has the type ${type}, whose characters cannot be read`];
  const others = [...new Set(charactersOf(variable, file))].filter((character) => !pattern.test(character));
  return others.length === 0
    ? tooLong
    : [...tooLong, `is ${type}, which does not take ${JSON.stringify(others.join(''))}`];
}

function charactersOf(variable: Variable, { causes }: TextFile): string {
  if (variable !== 'cause') return CHARACTERS[variable];
  return Object.values(causes)
    .flatMap((labels) => languages.map((language) => labels[language]))
    .join('');
}

/** A class of characters only: what would end it early is no such class. */
function classOf(taken: string): RegExp | null {
  if (/[\][^\\]/.test(taken)) return null;
  try {
    return new RegExp(`^[${taken}]$`, 'u');
  } catch {
    return null;
  }
}

function usedIn({ templates }: TextFile): Variable[] {
  const named = templates.flatMap(({ text }) =>
    piecesOf(text).flatMap((piece) => ('variable' in piece && isVariable(piece.variable) ? [piece.variable] : [])),
  );
  return [...new Set(named)];
}
