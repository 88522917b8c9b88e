import { instantText } from '@bijli/service';
import { z } from 'zod';
import { type NetworkNode, networkKinds } from '../domain/network-node.ts';

/** Codes that a node may have. */
export const nodeCode = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$/, 'Write the code of a node')
  .meta({ description: 'Code of a node', example: 'F-1203' });

/** A node as it is answered. */
export const nodeBody = z.strictObject({
  code: nodeCode,
  kind: z.enum(networkKinds),
  parentCode: z.string().nullable(),
  nameEn: z.string(),
  nameHi: z.string(),
  version: z.int(),
  validFrom: instantText.meta({ description: 'Since when it hangs on this parent' }),
});

/** Writes a node as it is answered. */
export function nodeView({ validFrom, ...node }: NetworkNode): z.input<typeof nodeBody> {
  return {
    ...node,
    validFrom: validFrom.toISOString(),
  };
}
