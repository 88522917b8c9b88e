import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { languages, variables } from '../domain/text-families.ts';

/** Longest file that is looked at; the shipped one has 20 KB. */
export const LONGEST_FILE_BYTES = 1_000_000;

const digits = (most: number) => z.string().regex(new RegExp(`^\\d{1,${most}}$`), `write 1 to ${most} digits`);
const words = (most: number) => z.string().min(1, 'write something').max(most, `write ${most} characters at most`);

const template = z.strictObject({
  key: words(60),
  dltTemplateId: digits(30),
  language: z.enum(languages),
  text: words(1_000),
  parts: z.int().min(1).max(10),
});

/** What the portal of one operator lets a variable hold. */
const operator = z.strictObject({
  operator: words(40),
  longestVariable: z.int().min(1).max(100),
  /** Types of variables, each with the characters that it takes, as between the brackets of a regular expression. */
  types: z.record(words(40), words(200)),
  /** The type under which each variable is registered. */
  variables: z.record(z.enum(variables), words(40)),
});

/** A utility's own texts, as it registered them with the operators (DLT). */
export const textFile = z.strictObject({
  brand: z
    .string()
    .max(30, 'write 30 characters at most')
    .regex(
      /^\p{L}[\p{L}\p{M}\p{N}&.'-]*( [\p{L}\p{M}\p{N}&.'-]+)*$/u,
      'write words that begin with a letter, one space between them',
    ),
  helpline: digits(12),
  /** A number that takes answers; null where there is none. */
  inboundNumber: digits(12).nullable(),
  header: z.string().regex(/^[A-Za-z]{6}$/, 'write 6 letters, A to Z or a to z, as they are registered'),
  entityId: digits(30),
  operators: z.array(operator).min(1, 'name at least one, or no variable is judged').max(20),
  causes: z.record(words(40), z.strictObject({ hi: words(100), en: words(100) })),
  templates: z.array(template).max(500),
});

export type TextFile = z.output<typeof textFile>;
/** One text as it was registered (DLT): it may be sent only character by character like this. `parts`: what its longest filling may need. */
export type ApprovedTemplate = Readonly<z.output<typeof template>>;
export type Operator = TextFile['operators'][number];

/** A file of texts that was read, or what is wrong with its form. */
export type ReadTextFile =
  | { readonly file: TextFile; readonly problems: readonly [] }
  | { readonly file: null; readonly problems: readonly string[] };

/** Reads a file of texts, JSON in UTF-8 with a BOM or without, and names every place that has another form; what the texts say is not judged. */
export function readTextFile(octets: Buffer): ReadTextFile {
  const encoding = encodingProblem(octets);
  if (encoding !== null) return { file: null, problems: [`the file: ${encoding}`] };
  // A TextDecoder drops the BOM, which JSON.parse does not take.
  const value = parsedJson(new TextDecoder().decode(octets));
  if (value === undefined) return { file: null, problems: ['the file: is not JSON'] };
  const parsed = textFile.safeParse(value);
  if (parsed.success) return { file: parsed.data, problems: [] };
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  return { file: null, problems };
}

const UTF_16_MARKS = new Set(['fffe', 'feff']);

/** Says which encoding an editor saved in that is not UTF-8. JSON begins with ASCII, so a zero octet there is half a unit of UTF-16. */
function encodingProblem(octets: Buffer): string | null {
  if (UTF_16_MARKS.has(octets.toString('hex', 0, 2)) || octets.subarray(0, 4).includes(0))
    return 'is UTF-16: save it as UTF-8';
  return isUtf8(octets) ? null : 'is not UTF-8: save it as UTF-8';
}

function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
