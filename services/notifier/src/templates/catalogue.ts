import type { Language } from '../domain/text-families.ts';
import { type CompiledTemplate, compileTemplate } from './compile-template.ts';
import { shippedTexts } from './load-texts.ts';
import type { ApprovedTemplate, TextFile } from './text-file.ts';

/** The words of a cause. */
export type CauseLabels = Readonly<Record<Language, string>>;

/** Everything that may be said: the approved texts by key, and the names of the causes. */
export type Catalogue = {
  readonly template: (key: string) => CompiledTemplate;
  readonly causeLabel: (cause: string, language: Language) => string;
  /** Parts of the longest text. */
  readonly mostParts: () => number;
  readonly all: () => readonly ApprovedTemplate[];
  readonly causes: () => Readonly<Record<string, CauseLabels>>;
};

/**
 * Compiles every template of a file that was judged. A newer cause without a name of its own is told as safety work: true of every
 * switched-off line, and better than silence.
 */
export function openCatalogue({ templates, causes }: TextFile = shippedTexts): Catalogue {
  const byKey = new Map(templates.map((template) => [template.key, compileTemplate(template)]));
  const labels = new Map(Object.entries(causes));
  return {
    template(key) {
      const found = byKey.get(key);
      if (found === undefined) throw new Error(`no approved template ${key}`);
      return found;
    },
    causeLabel(cause, language) {
      const found = labels.get(cause) ?? labels.get('safety');
      if (found === undefined) throw new Error('no cause has a name');
      return found[language];
    },
    mostParts: () => templates.reduce((most, { parts }) => Math.max(most, parts), 1),
    all: () => templates,
    causes: () => causes,
  };
}
