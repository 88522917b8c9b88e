import type { Finding, SourceFile } from './gate.ts';

const schemaPath = 'schemas/outage/outage.avsc';
const textsPath = 'services/notifier/src/templates/approved.json';

/** Most UTF-16 units of a cause in Hindi, so that an outage is told in one part, and septets in English. */
const longest = { hi: 12, en: 20 } as const;
type Language = keyof typeof longest;

type Schema = { readonly fields: { name: string; knownValues?: string[] }[] };
type Texts = { readonly causes?: Record<string, Partial<Record<Language, string>>> };

/** Every cause that an outage may have (a code, in its schema) has words in both languages (the notifier's), and no other has. */
export function causesGate(files: readonly SourceFile[]): Finding[] {
  const schema = read<Schema>(files, schemaPath, { fields: [] });
  const codes = schema.fields.find(({ name }) => name === 'cause')?.knownValues ?? [];
  const { causes = {} } = read<Texts>(files, textsPath, {});
  if (codes.length === 0) return [{ path: schemaPath, line: 1, what: 'names no causes' }];
  const problems = [
    ...codes.flatMap((code) => labelProblems(code, causes[code])),
    ...Object.keys(causes).flatMap((code) =>
      codes.includes(code) ? [] : [`cause ${code}: the schema does not know it`],
    ),
  ];
  return problems.map((what) => ({ path: textsPath, line: lineOf(files, what), what }));
}

function labelProblems(code: string, labels: Partial<Record<Language, string>> | undefined): string[] {
  return (Object.keys(longest) as Language[]).flatMap((language) => {
    const label = labels?.[language] ?? '';
    if (label === '') return [`cause ${code}: has no words in ${language}`];
    return label.length <= longest[language]
      ? []
      : [`cause ${code}: has ${label.length} units in ${language}, ${longest[language]} at most`];
  });
}

/** The line of the code in the texts, where it stands there. */
function lineOf(files: readonly SourceFile[], what: string): number {
  const code = /^cause ([^:]+):/.exec(what)?.[1] ?? '';
  const lines = (files.find(({ path }) => path === textsPath)?.text ?? '').split('\n');
  return (
    Math.max(
      0,
      lines.findIndex((line) => line.includes(`"${code}": {`)),
    ) + 1
  );
}

function read<T>(files: readonly SourceFile[], path: string, otherwise: T): T {
  const text = files.find((file) => file.path === path)?.text;
  return text === undefined ? otherwise : (JSON.parse(text) as T);
}
