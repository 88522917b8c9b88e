import approved from './approved.json' with { type: 'json' };
import causes from './causes.json' with { type: 'json' };
import { type ApprovedTemplate, type CompiledTemplate, compileTemplate } from './compile-template.ts';

/** Everything that may be said: the approved texts by key, and the names of the causes. */
export interface Catalogue {
  template(key: string): CompiledTemplate;
  causeLabel(cause: string, language: 'hi' | 'en'): string;
  all(): readonly ApprovedTemplate[];
}

const BRAND = 'UPPCL';

/**
 * This function will compile every approved template. A newer cause without a name of its own is told as safety work:
 * true of every switched-off line, and better than silence.
 * @throws Error when a template breaks a rule of compileTemplate, or two share a key.
 */
export function openCatalogue(
  templates: readonly ApprovedTemplate[] = approved as ApprovedTemplate[],
  brand = BRAND,
): Catalogue {
  const byKey = new Map(templates.map((template) => [template.key, compileTemplate(template, brand)]));
  if (byKey.size !== templates.length) throw new Error('two templates share a key');
  return {
    template(key) {
      const found = byKey.get(key);
      if (found === undefined) throw new Error(`no approved template ${key}`);
      return found;
    },
    causeLabel: (cause, language) =>
      causes[Object.hasOwn(causes, cause) ? (cause as keyof typeof causes) : 'safety'][language],
    all: () => templates,
  };
}
