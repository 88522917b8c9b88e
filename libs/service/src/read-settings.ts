import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.ts';

/** One line of the environment table in a service's README. */
export type DeclaredSetting = {
  readonly name: string;
  readonly kind: string;
  readonly fallback: string | null;
  readonly about: string;
  readonly fileTwin: boolean;
};
/** A plain value is the default; the object form also says what the setting is about. */
export type Options<T> = T | { readonly default?: T; readonly about?: string };
type Environment = Readonly<Record<string, string | undefined>>;
type Rule<T> = {
  readonly kind: string;
  readonly parse: (text: string) => T;
  readonly options: Options<T> | undefined;
  readonly secret?: boolean;
};

const recorders = new WeakMap<Environment, DeclaredSetting[]>();
const MAX_PORT = 65_535;
const flags: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** What `readSettings` returns. A setting without default is required; an empty variable counts as absent. */
export type Settings = ReturnType<typeof readSettings>;

/**
 * Reads an environment piece by piece and keeps every problem for `done()`, so that a person sees all of
 * them at once. Until `done()` has returned, values may be placeholders. Secrets have `NAME_FILE` twins and no defaults.
 */
export function readSettings(env: Environment) {
  const problems: string[] = [];
  const recorder = recorders.get(env);

  const read = <T>(name: string, rule: Rule<T>): T => {
    const { fallback, about } = optionsOf(rule.options);
    recorder?.push({
      name,
      kind: rule.kind,
      fallback: fallback === undefined ? null : String(fallback),
      about,
      fileTwin: rule.secret === true,
    });
    const found = rule.secret === true ? textOrFile(env, name) : { text: env[name] };
    if ('problem' in found) return placeholder(problems, found.problem);
    if (found.text === undefined || found.text === '') return fallback ?? placeholder(problems, missing(name, rule));
    try {
      return rule.parse(found.text);
    } catch (error) {
      return placeholder(problems, `${name}: ${error instanceof Refusal ? error.message : `is not ${rule.kind}`}`);
    }
  };

  return {
    text: (name: string, options?: Options<string>) => read(name, { kind: 'text', parse: (text) => text, options }),
    port: (name: string, options?: Options<number>) =>
      read(name, { kind: `a port from 0 to ${MAX_PORT}`, parse: (text) => wholeNumber(text, 0, MAX_PORT), options }),
    /** A whole number from `min` to `max`, both included. */
    integer: (name: string, range: { min: number; max: number }, options?: Options<number>) =>
      read(name, {
        kind: `a whole number from ${range.min} to ${range.max}`,
        parse: (text) => wholeNumber(text, range.min, range.max),
        options,
      }),
    choice: <const C extends string>(name: string, choices: readonly C[], options?: Options<C>) =>
      read(name, { kind: `one of ${choices.join(', ')}`, parse: (text) => oneOf(text, choices), options }),
    flag: (name: string, options?: Options<boolean>) =>
      read(name, {
        kind: 'true or false',
        parse: (text) => flags.get(text) ?? refuse('is not true or false'),
        options,
      }),
    /** A value of another form: `kind` completes "is not …", `parse` throws on a wrong one; it is asked for the default text too. */
    value: <T>(
      name: string,
      kind: string,
      parse: (text: string) => T,
      options: { default?: string; about: string },
    ): T => {
      const checked = (text: string): string => {
        parse(text);
        return text;
      };
      const text = read<string | undefined>(name, { kind, parse: checked, options });
      return text === undefined ? (undefined as T) : parse(text);
    },
    /** Texts between commas, trimmed; at least one. */
    list: (name: string, options?: Options<readonly string[]>) =>
      read(name, { kind: 'a list with commas', parse: listOf, options: options as Options<readonly string[]> }),
    /** An address with one of the schemes (without colon); it may carry a password, so it has a file twin. */
    url: (name: string, schemes: readonly string[], options?: Options<string>) =>
      read(name, {
        kind: `an address with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
        parse: (text) => addressOf(text, schemes),
        options,
        secret: true,
      }),
    /**
     * A secret, from `NAME` or the file that `NAME_FILE` names; `parse` throws on a wrong one, and its message is not shown:
     * `kind` says what it must be.
     */
    secret: <T = string>(
      name: string,
      parse: (text: string) => T = (text) => text as T,
      about = '',
      kind = 'a secret',
    ) => read<T>(name, { kind, parse, options: { about } as Options<T>, secret: true }),
    /** A text that belongs to another setting: required where that is on, refused (and read as '') where it is off. */
    textOf: (name: string, isOn: boolean, kind: string, about: string) =>
      read(name, { kind, parse: onlyWhen(isOn), options: belonging(isOn, about) }),
    /** A secret that belongs to another setting, as `textOf`. */
    secretOf: (name: string, isOn: boolean, kind: string, about: string) =>
      read(name, { kind, parse: onlyWhen(isOn), options: belonging(isOn, about), secret: true }),
    /** Adds a problem that only the caller can see: in what a setting names. It must not quote a secret. */
    refuse: (problem: string): void => {
      problems.push(problem);
    },
    /** Throws `ConfigError` with every problem; call it once, after the last setting. */
    done: (): void => {
      if (recorder !== undefined || problems.length > 0) throw new ConfigError(problems);
    },
  };
}

/** Lists the settings that a `readConfig` asks for, in its order, for the table in the README. */
export function declaredSettings(readConfig: (env: Environment) => unknown): DeclaredSetting[] {
  const env: Environment = {};
  const declared: DeclaredSetting[] = [];
  recorders.set(env, declared);
  try {
    readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
  }
  return declared;
}

class Refusal extends Error {}

function refuse(message: string): never {
  throw new Refusal(message);
}

/** Typed as the value so that a config is written as one literal; `done()` throws before anybody sees it. */
function placeholder<T>(problems: string[], problem: string): T {
  problems.push(problem);
  return undefined as T;
}

function missing(name: string, rule: { kind: string; secret?: boolean }): string {
  return `${name}: is missing (${rule.kind}${rule.secret === true ? `, or ${name}_FILE` : ''})`;
}

function optionsOf<T>(options: Options<T> | undefined): { fallback: T | undefined; about: string } {
  const isObject = typeof options === 'object' && options !== null && !Array.isArray(options);
  if (!isObject) return { fallback: options as T | undefined, about: '' };
  const { default: fallback, about = '' } = options as { default?: T; about?: string };
  return { fallback, about };
}

function textOrFile(env: Environment, name: string): { text: string | undefined } | { problem: string } {
  const file = env[`${name}_FILE`];
  if (file === undefined || file === '') return { text: env[name] };
  if (env[name] !== undefined && env[name] !== '') return { problem: `${name}: both ${name} and ${name}_FILE are set` };
  try {
    return { text: readFileSync(file, 'utf8').trim() };
  } catch {
    return { problem: `${name}_FILE: the file cannot be read` };
  }
}

function onlyWhen(isOn: boolean): (text: string) => string {
  return (text) => {
    if (!isOn) throw new RangeError('what it belongs to is off');
    return text;
  };
}

const belonging = (isOn: boolean, about: string): Options<string> => (isOn ? { about } : { default: '', about });

function wholeNumber(text: string, min: number, max: number): number {
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : refuse(`is not a whole number from ${min} to ${max}`);
}

function oneOf<const C extends string>(text: string, choices: readonly C[]): C {
  return choices.find((choice) => choice === text) ?? refuse(`is not one of ${choices.join(', ')}`);
}

function listOf(text: string): readonly string[] {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return items.length > 0 ? items : refuse('names nothing');
}

function addressOf(text: string, schemes: readonly string[]): string {
  const scheme = URL.parse(text)?.protocol.slice(0, -1);
  return scheme !== undefined && schemes.includes(scheme)
    ? text
    : refuse(`is not an address with ${schemes.map((each) => `${each}://`).join(' or ')}`);
}
