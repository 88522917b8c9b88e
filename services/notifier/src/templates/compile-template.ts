import { segment } from '@bijli/smpp';

/** One text as it was registered (DLT): it may be sent only character by character like this. */
export interface ApprovedTemplate {
  key: string;
  dltTemplateId: string;
  language: 'hi' | 'en';
  text: string;
  /** Message parts that the longest filling may need, at most. */
  parts: number;
}

/** The values that a template may name. All are already formatted; lengths are in UTF-16 units. Amounts are rupees with two decimals. */
export interface TextValues {
  account: string;
  date: string;
  toDate: string;
  from: string;
  to: string;
  cause: string;
  amount: string;
  outstanding: string;
  advance: string;
  due: string;
  complaint: string;
}

/** Longest value of each variable. A cause is bounded per language: 11 Hindi units keep an outage text in one part (sms.md). */
const LONGEST: Readonly<Record<keyof TextValues, { hi: number; en: number }>> = {
  account: { hi: 4, en: 4 },
  date: { hi: 5, en: 5 },
  toDate: { hi: 5, en: 5 },
  from: { hi: 5, en: 5 },
  to: { hi: 5, en: 5 },
  cause: { hi: 11, en: 20 },
  // 2^53 paise
  amount: { hi: 17, en: 17 },
  outstanding: { hi: 17, en: 17 },
  advance: { hi: 17, en: 17 },
  due: { hi: 5, en: 5 },
  complaint: { hi: 18, en: 18 },
};

/** A template that is ready to be filled. */
export interface CompiledTemplate {
  template: ApprovedTemplate;
  /** This function will fill the template. @throws RangeError naming the variable that is missing or longer than registered. */
  fill(values: Partial<TextValues>): string;
}

type Piece = { literal: string } | { variable: keyof TextValues };

/**
 * This function will compile an approved template and refuse one that could not be sent as registered.
 * Rules: known variables only, no double space, no angle brackets, the brand named, no digits but 1912 (sms.md, DLT and
 * anti-fraud), and the longest filling stays within the declared parts.
 * @throws Error naming the template and the rule.
 */
export function compileTemplate(template: ApprovedTemplate, brand: string): CompiledTemplate {
  const refuse = (rule: string): never => {
    throw new Error(`template ${template.key}: ${rule}`);
  };
  const pieces = piecesOf(template.text, refuse);
  const fixed = pieces.map((piece) => ('literal' in piece ? piece.literal : '')).join('');
  if (/ {2}/.test(template.text)) refuse('has a double space');
  if (/[<>]/.test(template.text)) refuse('has an angle bracket');
  if (!fixed.includes(brand)) refuse(`does not name the brand ${brand}`);
  if (/\d/.test(fixed.replaceAll('1912', ''))) refuse('has a number other than 1912');

  const longest = pieces
    .map((piece) => ('literal' in piece ? piece.literal : '8'.repeat(LONGEST[piece.variable][template.language])))
    .join('');
  const needed = segment(longest).parts.length;
  if (needed > template.parts) refuse(`may need ${needed} parts, ${template.parts} declared`);

  return {
    template,
    fill: (values) =>
      pieces.map((piece) => ('literal' in piece ? piece.literal : checked(template, piece.variable, values))).join(''),
  };
}

function piecesOf(text: string, refuse: (rule: string) => never): Piece[] {
  return text
    .split(/(\{[^{}]*\})/)
    .filter((part) => part !== '')
    .map((part) => {
      if (!part.startsWith('{')) return /[{}]/.test(part) ? refuse('has an unmatched brace') : { literal: part };
      const variable = part.slice(1, -1);
      return Object.hasOwn(LONGEST, variable)
        ? { variable: variable as keyof TextValues }
        : refuse(`names the unknown variable ${variable}`);
    });
}

function checked(template: ApprovedTemplate, variable: keyof TextValues, values: Partial<TextValues>): string {
  const value = values[variable] ?? '';
  const longest = LONGEST[variable][template.language];
  if (value.length === 0 || value.length > longest)
    throw new RangeError(
      `template ${template.key}: ${variable} must have 1 to ${longest} characters, has ${value.length}`,
    );
  return value;
}
