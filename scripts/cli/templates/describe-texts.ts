import { type ApprovedTemplate, type TextFile, worstCase } from '@bijli/notifier/texts';

/** Writes a line for each text: its key, and what its longest filling costs of what its parts hold. */
export function costLines({ templates, causes }: TextFile): string[] {
  const width = widthOf(templates);
  return templates.map((template) => {
    const labels = Object.values(causes).map((each) => each[template.language]);
    const { coding, units, parts, room } = worstCase(template, labels);
    const ofParts = `${parts} of ${template.parts} part${template.parts === 1 ? '' : 's'}`;
    return `${template.key.padEnd(width)}  ${String(units).padStart(3)} of ${room} units (${coding}), ${ofParts}`;
  });
}

/** Writes a line for each text: its key, the id under which it is registered, and its words. */
export function textLines({ templates }: TextFile): string[] {
  const width = widthOf(templates);
  return templates.map(({ key, dltTemplateId, text }) => `${key.padEnd(width)}  ${dltTemplateId}  ${text}`);
}

const widthOf = (templates: readonly ApprovedTemplate[]): number =>
  templates.reduce((width, { key }) => Math.max(width, key.length), 0);
