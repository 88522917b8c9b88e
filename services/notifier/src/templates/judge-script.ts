import type { Language } from '../domain/text-families.ts';

/** The letters that a text of each language must have, and those that it may not have. Hindi is written with English words in it. */
const SCRIPTS: Readonly<Record<Language, { readonly name: string; readonly own: RegExp; readonly foreign: RegExp }>> = {
  hi: {
    name: 'Devanagari',
    own: /(?=\p{L})\p{Script=Devanagari}/u,
    foreign: /(?=\p{L})[^\p{Script=Devanagari}\p{Script=Latin}]/u,
  },
  en: { name: 'Latin', own: /(?=\p{L})\p{Script=Latin}/u, foreign: /(?=\p{L})\P{Script=Latin}/u },
};

/** Says whether words are in the letters of their language. `words`: without variables and brand, which are the same in both languages. */
export function scriptProblems(words: string, language: Language): string[] {
  const { name, own, foreign } = SCRIPTS[language];
  const letter = foreign.exec(words);
  return [
    ...(own.test(words) ? [] : [`has no ${name} letter, and is ${language}`]),
    ...(letter === null ? [] : [`has the letter ${letter[0]}, and is ${language}`]),
  ];
}
