// Controls, lone halves of characters, and the marks that turn the direction of a text around; joiners stay, Hindi needs them.
const CONTROL = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u;

/** Tells whether a text holds a control character, a line end, or a mark that turns its direction around. */
export function hasControlCharacter(text: string): boolean {
  return CONTROL.test(text);
}
