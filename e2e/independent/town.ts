import type { Row } from './csv.ts';
import { mobileOf } from './numbers.ts';

/** Somebody who must get a text: on which mobile, in which language, and the account that it names (null: several). */
export type Addressee = {
  readonly mobile: string;
  readonly language: 'hi' | 'en';
  readonly account: string | null;
};

/** Everything below a node, the node itself included. */
function nodesBelow(network: readonly Row[], code: string): ReadonlySet<string> {
  const found = new Set([code]);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const node of network) if (found.has(node['parent_code'] ?? '')) found.add(node['code'] ?? '');
  }
  return found;
}

/** The connections that hang on a node or below it. */
export function connectionsBelow(network: readonly Row[], connections: readonly Row[], code: string): Row[] {
  const nodes = nodesBelow(network, code);
  return connections.filter((connection) => nodes.has(connection['node_code'] ?? ''));
}

/** Whom an outage of these connections concerns and reaches: one text per mobile, in the language of its lowest account. */
export function addressees(connections: readonly Row[]): Addressee[] {
  const byMobile = new Map<string, Row[]>();
  for (const connection of connections) {
    const mobile = mobileOf(connection['mobile'] ?? '');
    if (mobile === null || connection['state'] !== 'active') continue;
    byMobile.set(mobile, [...(byMobile.get(mobile) ?? []), connection]);
  }
  return [...byMobile].map(([mobile, rows]) => {
    const [first] = [...rows].sort((a, b) => ((a['account_number'] ?? '') < (b['account_number'] ?? '') ? -1 : 1));
    return {
      mobile,
      language: first?.['language'] === 'en' ? 'en' : 'hi',
      account: rows.length === 1 ? (first?.['account_number'] ?? '') : null,
    };
  });
}
