type Field = {
  readonly name: string;
  readonly type: unknown;
  readonly doc?: string;
  readonly knownValues?: readonly string[];
};
type Shape = { readonly type: string; readonly name: string; readonly doc?: string; readonly fields: readonly Field[] };

/** What the page tells of one topic. */
export type DescribedTopic = {
  readonly topic: string;
  readonly owner: string;
  readonly keptAs: string;
  readonly schema: Shape;
};

const isShape = (type: unknown): type is Shape =>
  typeof type === 'object' && type !== null && (type as { type?: unknown }).type === 'record';

/** Writes all events of all topics as one page to read: what each field means, as the schemas say it. */
export function eventsPage(described: readonly DescribedTopic[]): string {
  const head = [
    '# Events',
    '',
    'Written from `schemas/` by `npm run gen-event-map`; the running system serves the schemas at base port + 8, `/subjects`.',
  ];
  return `${[...head, ...described.flatMap(sectionOf)].join('\n')}\n`;
}

function sectionOf({ topic, owner, keptAs, schema }: DescribedTopic): string[] {
  return ['', `## ${topic}`, '', `Said by ${owner}; kept as ${keptAs}. ${schema.doc ?? ''}`, '', ...tableOf(schema)];
}

function tableOf({ fields }: Shape): string[] {
  const rows = fields.map(({ name, type, doc = '', knownValues = [] }) => {
    const values = knownValues.length > 0 ? ` One of: ${knownValues.map((value) => `\`${value}\``).join(', ')}.` : '';
    return `| ${name} | ${typeName(type)} | ${doc}${values} |`;
  });
  const inner = fields
    .flatMap(({ type }) => innerShapes(type))
    .flatMap((shape) => ['', `${shape.name}: ${shape.doc ?? ''}`, '', ...tableOf(shape)]);
  return ['| field | type | means |', '| --- | --- | --- |', ...rows, ...inner];
}

function innerShapes(type: unknown): Shape[] {
  if (isShape(type)) return [type];
  if (Array.isArray(type)) return type.flatMap(innerShapes);
  return typeof type === 'object' && type !== null ? innerShapes((type as { items?: unknown }).items) : [];
}

/** `long`, `timestamp-millis or null`, `list of Contact`. */
function typeName(type: unknown): string {
  if (Array.isArray(type)) return `${typeName(type[1])} or null`;
  if (isShape(type)) return type.name;
  if (typeof type !== 'object' || type === null) return String(type);
  const { logicalType, items } = type as { logicalType?: string; items?: unknown };
  return logicalType ?? `list of ${typeName(items)}`;
}
