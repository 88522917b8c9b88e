/** A piece of HTML that is safe to put into a page. */
export type Html = {
  readonly text: string;
};

type Value = string | number | Html | readonly Html[];

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/**
 * Makes HTML from a template: what stands in it is kept, every value that is not HTML itself is
 * escaped. In attributes the template puts quotes around the value.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { text: strings.reduce((text, string, index) => text + asText(values[index - 1] as Value) + string) };
}

function asText(value: Value): string {
  if (typeof value === 'object') return 'text' in value ? value.text : value.map(({ text }) => text).join('');
  return String(value).replaceAll(/[&<>"']/g, (character) => entities.get(character) ?? '');
}
