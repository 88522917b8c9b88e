/** A subscription as it is declared in a service's `subscriptions/index.ts`. */
export type Hearing = {
  readonly service: string;
  readonly mode: string;
  readonly topic: string;
  readonly name: string;
};

type Topics = Readonly<Record<string, { owner: string; cleanup: string }>>;

/** Reads the declared subscriptions of a service from its source: their list is the contract, and this is its picture. */
export function hearingsIn(service: string, source: string): Hearing[] {
  return [...source.matchAll(/\b(inbox|projection)\(\s*'([^']+)',\s*\{\s*name:\s*'([^']+)'/g)].map(
    ([, mode = '', topic = '', name = '']) => ({ service, mode, topic, name }),
  );
}

/** The table of topics: who says what, and who hears it how. A subscription to an undeclared topic is an error. */
export function eventMap(topics: Topics, hearings: readonly Hearing[]): string {
  const stray = hearings.find(({ topic }) => !Object.hasOwn(topics, topic));
  if (stray) throw new Error(`${stray.service} hears ${stray.topic}, which is not declared`);
  const rows = Object.entries(topics).map(([topic, { owner, cleanup }]) => {
    const heard = hearings.filter((hearing) => hearing.topic === topic);
    const by = heard.map(({ service, mode, name }) => `${service} (${mode} ${name})`).join(', ') || '–';
    return `| \`${topic}\` | ${owner} | ${by} | ${cleanup} |`;
  });
  return ['| topic | said by | heard by | kept |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** Puts the table between its markers. @throws when the text has none. */
export function withEventMap(text: string, map: string): string {
  const marked = /(<!-- event map:.*-->\n)[\s\S]*?(<!-- end of event map -->)/;
  if (!marked.test(text)) throw new Error('README.md has no place for the event map');
  return text.replace(marked, (_, begin: string, end: string) => `${begin}\n${map}\n\n${end}`);
}
