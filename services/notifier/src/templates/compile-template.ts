import { partUnits, type TextCost, textCost } from '@bijli/smpp';
import { type Language, type Variable, variables } from '../domain/text-families.ts';
import type { ApprovedTemplate } from './text-file.ts';

/** The values that a template is filled with. All are already formatted; lengths are in UTF-16 units. */
export type TextValues = Readonly<Record<Variable, string>>;

/** Longest value of each variable. A cause is bounded per language: 12 Hindi units keep an outage text in one part. */
export const LONGEST: Readonly<Record<Variable, Readonly<Record<Language, number>>>> = {
  account: { hi: 4, en: 4 },
  date: { hi: 5, en: 5 },
  toDate: { hi: 5, en: 5 },
  from: { hi: 5, en: 5 },
  to: { hi: 5, en: 5 },
  cause: { hi: 12, en: 20 },
  // 2^53 paise
  amount: { hi: 17, en: 17 },
  outstanding: { hi: 17, en: 17 },
  advance: { hi: 17, en: 17 },
  due: { hi: 5, en: 5 },
  complaint: { hi: 18, en: 18 },
};

/** A template that is ready to be filled. */
export type CompiledTemplate = {
  readonly template: ApprovedTemplate;
  /** Fills the template. @throws RangeError naming the variable that is missing or longer than registered. */
  readonly fill: (values: Partial<TextValues>) => string;
};

/** A piece of a text: what stands there as it is, or what is filled in by its name, known or not. */
export type Piece = { readonly literal: string } | { readonly variable: string };

/** Takes a text apart; a brace that has no partner stays in its literal. */
export function piecesOf(text: string): Piece[] {
  return text
    .split(/(\{[^{}]*\})/)
    .filter((part) => part !== '')
    .map((part) => (/^\{[^{}]*\}$/.test(part) ? { variable: part.slice(1, -1) } : { literal: part }));
}

/** Tells whether a name is that of something a text may be filled with. */
export function isVariable(name: string): name is Variable {
  return variables.some((each) => each === name);
}

/** Makes a template ready to be filled. It must have been judged before: judge-texts.ts. */
export function compileTemplate(template: ApprovedTemplate): CompiledTemplate {
  const pieces = piecesOf(template.text);
  return {
    template,
    fill: (values) =>
      pieces.map((piece) => ('literal' in piece ? piece.literal : checked(template, piece.variable, values))).join(''),
  };
}

function checked({ key, language }: ApprovedTemplate, variable: string, values: Partial<TextValues>): string {
  if (!isVariable(variable)) throw new RangeError(`template ${key}: unknown variable ${variable}`);
  const value = values[variable] ?? '';
  const longest = LONGEST[variable][language];
  if (value.length === 0 || value.length > longest)
    throw new RangeError(`template ${key}: ${variable} must have 1 to ${longest} characters, has ${value.length}`);
  return value;
}

/** What the longest filling of a template costs, and how many units its declared parts hold. */
export type WorstCase = TextCost & { readonly room: number };

/** Counts what the longest filling of a template costs. `labels`: the causes in its language, whose letters may need another coding. */
export function worstCase({ text, language, parts }: ApprovedTemplate, labels: readonly string[]): WorstCase {
  const costs = (labels.length === 0 ? [''] : labels).map((label) =>
    textCost(
      piecesOf(text)
        .map((piece) => ('literal' in piece ? piece.literal : longestValue(piece.variable, language, label)))
        .join(''),
    ),
  );
  const worst = costs.reduce((most, cost) => (cost.parts > most.parts ? cost : most));
  const { alone, each } = partUnits[worst.coding];
  return { ...worst, room: parts === 1 ? alone : each * parts };
}

function longestValue(variable: string, language: Language, label: string): string {
  if (!isVariable(variable)) return '';
  return (variable === 'cause' ? label : '').padEnd(LONGEST[variable][language], '8');
}
