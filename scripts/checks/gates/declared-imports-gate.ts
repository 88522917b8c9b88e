import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import ts from 'typescript';
import type { Finding, SourceFile } from './gate.ts';

/** A package.json, as far as it says what its package imports. */
type Manifest = {
  readonly folder: string;
  readonly name?: string;
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
};

const source = /\.(ts|mjs)$/;
/** Within its package: what runs only in tests, so that a development dependency is enough. */
const ofTests = /\.test\.ts$|^test\//;

/**
 * Every package that a file imports is declared by the package.json nearest to it, and not as a development dependency only, but in tests.
 * An undeclared one is found all the same, as long as a folder above has it; in an image made for one package it is not there.
 */
export function declaredImportsGate(files: readonly SourceFile[]): Finding[] {
  const manifests = files.filter(({ path }) => posix.basename(path) === 'package.json').map(readManifest);
  return files.filter(({ path }) => source.test(path)).flatMap((file) => undeclaredIn(file, manifests));
}

function readManifest({ path, text }: SourceFile): Manifest {
  const folder = posix.dirname(path);
  return { ...(JSON.parse(text) as Omit<Manifest, 'folder'>), folder: folder === '.' ? '' : `${folder}/` };
}

function undeclaredIn({ path, text }: SourceFile, manifests: readonly Manifest[]): Finding[] {
  const around = manifests.filter(({ folder }) => path.startsWith(folder));
  const nearest = around.toSorted((one, other) => other.folder.length - one.folder.length)[0];
  if (nearest === undefined) return [];
  const isTest = ofTests.test(path.slice(nearest.folder.length));
  return packagesIn(text).flatMap(({ name, line }) => {
    const what = problemOf(name, nearest, isTest);
    return what === null ? [] : [{ path, line, what }];
  });
}

function packagesIn(text: string): { name: string; line: number }[] {
  return ts.preProcessFile(text, true, true).importedFiles.flatMap(({ fileName, pos }) => {
    const [name] = /^(@[^/]+\/)?[^/]+/.exec(fileName) ?? [];
    const isPackage = name !== undefined && !/^[./]/.test(fileName) && !isBuiltin(fileName);
    return isPackage ? [{ name, line: text.slice(0, pos).split('\n').length }] : [];
  });
}

function problemOf(name: string, manifest: Manifest, isTest: boolean): string | null {
  const { folder, dependencies, optionalDependencies, devDependencies } = manifest;
  if (name === manifest.name || name in { ...dependencies, ...optionalDependencies }) return null;
  if (!(name in { ...devDependencies })) return `${folder}package.json does not declare ${name}`;
  return isTest ? null : `${folder}package.json declares ${name} for development only, and this is no test`;
}
