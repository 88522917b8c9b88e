export { worstCase } from './compile-template.ts';
export { loadTexts, shippedTexts } from './load-texts.ts';
export type { ApprovedTemplate, TextFile } from './text-file.ts';
