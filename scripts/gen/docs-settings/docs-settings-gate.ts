import type { DeclaredSetting } from '@bijli/service';

/** What is wrong where; the line counts from 1. */
type Finding = { readonly path: string; readonly line: number; readonly what: string };

const BEGIN = '<!-- settings: written by scripts/gen/docs-settings/main.ts --write -->';
const END = '<!-- /settings -->';

/** The README of a service and the settings that its `readConfig` asks for. */
export type DocumentedService = {
  readonly path: string;
  readonly text: string;
  readonly settings: readonly DeclaredSetting[];
};

/** What a README says of the environment must be what `config.ts` reads. */
export function docsSettingsGate(services: readonly DocumentedService[]): Finding[] {
  return services.flatMap(({ path, text, settings }) => {
    const place = tablePlace(text);
    if (place === null) return [{ path, line: 1, what: `the table of settings is missing: write ${BEGIN} and ${END}` }];
    const line = text.slice(0, place.from).split('\n').length;
    const what = 'the table of settings is not what config.ts reads: run scripts/gen/docs-settings/main.ts --write';
    return text.slice(place.from, place.to) === settingsTable(settings) ? [] : [{ path, line, what }];
  });
}

/** Puts the table of settings between its marks; null where the marks are missing. */
export function withSettingsTable(text: string, settings: readonly DeclaredSetting[]): string | null {
  const place = tablePlace(text);
  return place === null ? null : `${text.slice(0, place.from)}${settingsTable(settings)}${text.slice(place.to)}`;
}

function tablePlace(text: string): { from: number; to: number } | null {
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END, from);
  return from === -1 || to === -1 ? null : { from: from + BEGIN.length, to };
}

function settingsTable(settings: readonly DeclaredSetting[]): string {
  const rows = settings.map(({ name, fileTwin, fallback, kind, about }) => {
    const names = fileTwin ? `\`${name}\` or \`${name}_FILE\`` : `\`${name}\``;
    const otherwise = fallback === null ? 'required' : fallback === '' ? 'empty' : `\`${fallback}\``;
    return `| ${names} | ${kind.replaceAll('|', '\\|')} | ${otherwise} | ${about.replaceAll('|', '\\|')} |`;
  });
  return ['', '| variable | is | default | what for |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}
