/** Containers inside containers; no request of ours needs a tenth of it. */
const MAX_DEPTH = 32;

/** A refusal names the place (JSON pointer, '' is the whole text) and the rule, never the value. */
export type StrictJson =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly field: string;
      readonly rule: 'json' | 'depth' | 'duplicate-key' | 'reserved-key' | 'nul-character';
    };
type Rule = Extract<StrictJson, { ok: false }>['rule'];
type Frame = { readonly keys: Set<string> | null; segment: string | number };

/**
 * Parses JSON and refuses what `JSON.parse` lets pass: two equal keys in one object (also when one is
 * written with escapes), `__proto__` as a key, NUL in any text, and nesting deeper than 32.
 */
export function parseStrictJson(text: string): StrictJson {
  if (tooDeep(text)) return { ok: false, field: '', rule: 'depth' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, field: '', rule: 'json' };
  }
  return firstOffence(text) ?? { ok: true, value };
}

/** Before JSON.parse, on text that may be anything: counting brackets outside strings is enough. */
function tooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

/** Index of the closing quote of the string that opens at `at`; the end of the text where there is none. */
function endOfString(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end;
}

/** Walks text that is known to be valid JSON, with one frame for each open container. */
function firstOffence(text: string): StrictJson | null {
  const frames: Frame[] = [];
  const refused = (rule: Rule): StrictJson => ({
    ok: false,
    field: frames.map((frame) => `/${frame.segment}`).join(''),
    rule,
  });

  for (let at = 0; at < text.length; at += 1) {
    const frame = frames.at(-1);
    switch (text[at]) {
      case '{':
        frames.push({ keys: new Set(), segment: '' });
        break;
      case '[':
        frames.push({ keys: null, segment: 0 });
        break;
      case '}':
      case ']':
        frames.pop();
        break;
      case ',':
        if (typeof frame?.segment === 'number') frame.segment += 1;
        break;
      case '"': {
        const end = endOfString(text, at);
        const string = JSON.parse(text.slice(at, end + 1)) as string;
        const keys = isKey(text, end) ? frame?.keys : undefined;
        if (string.includes('\0')) return refused('nul-character');
        if (keys != null && frame !== undefined) {
          frame.segment = safeSegment(string);
          if (string === '__proto__') return refused('reserved-key');
          if (keys.has(string)) return refused('duplicate-key');
          keys.add(string);
        }
        at = end;
        break;
      }
      default:
    }
  }
  return null;
}

function isKey(text: string, end: number): boolean {
  let at = end + 1;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return text[at] === ':';
}

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,39}$/;
const LONG_DIGITS = /\d{5}/;

/**
 * Makes a caller's key fit to be told back in an error: a plain short name as it is, anything else (it may be
 * a mobile number, or a page of text) as `?`.
 */
export function safeSegment(key: string): string {
  return PLAIN_NAME.test(key) && !LONG_DIGITS.test(key) ? key : '?';
}
