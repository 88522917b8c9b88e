import type { Rule } from 'eslint';
import ts from 'typescript';

/** A node of typescript-eslint's tree, as far as this rule looks at it. */
type Node = { readonly type: string; readonly parent?: Node };
/** What typescript-eslint gives to rules that ask for types. */
type Services = {
  readonly program: ts.Program;
  readonly esTreeNodeToTSNodeMap: { get(node: Node): ts.Node };
};

/**
 * ESLint's rule `dialect/readonly-shapes`: a property of a shape that is named in a module is readonly, unless some line of the package assigns
 * it. So what changes is seen where it is declared.
 */
const readonlyShapes: Rule.RuleModule = {
  meta: { type: 'suggestion', schema: [], messages: { readonly: 'Nobody assigns this property: it is readonly.' } },
  create: (context) => {
    const { program, esTreeNodeToTSNodeMap } = context.sourceCode.parserServices as Services;
    return {
      'TSTypeAliasDeclaration TSPropertySignature[readonly=false]': (found: Rule.Node) => {
        const node = found as unknown as Node;
        if (!isOfNamedShape(node) || assignedIn(program).has(placeOf(esTreeNodeToTSNodeMap.get(node)))) return;
        context.report({ node: found, messageId: 'readonly' });
      },
    };
  },
};

const ARROW = "VariableDeclarator[init.type='ArrowFunctionExpression']:not([id.typeAnnotation])";

/** ESLint's plugin of the rules of our dialect that no other has. */
export const dialect = {
  rules: {
    'readonly-shapes': readonlyShapes,
    'declared-functions': refuse({
      [`ExportNamedDeclaration > VariableDeclaration > ${ARROW}`]: 'Declare what is exported: export function.',
      [`Program > VariableDeclaration > ${ARROW}[init.body.type='BlockStatement']`]:
        'Declare it as a function: an arrow is one expression.',
    }),
    'endpoint-names': refuse({
      "ExportNamedDeclaration > FunctionDeclaration[id.name!=/Endpoint$/] > BlockStatement > ReturnStatement > CallExpression[callee.name='endpoint']":
        'A decision may have the same name: what makes an endpoint ends in Endpoint.',
    }),
    'given-time': refuse({
      "NewExpression[callee.name='Date'][arguments.length=0]": 'The time is an argument of a decision.',
      "CallExpression[callee.object.name=/^(Date|performance)$/][callee.property.name='now']":
        'The time is an argument of a decision.',
      "CallExpression[callee.object.name='Math'][callee.property.name='random']":
        'Chance is an argument of a decision.',
      'CallExpression[callee.name=/^(newId|randomUUID)$/]': 'A new id is an argument of a decision.',
    }),
    'null-for-absent': refuse({
      'ExportNamedDeclaration > FunctionDeclaration > TSTypeAnnotation.returnType TSUndefinedKeyword':
        'What is not there is null.',
    }),
    'named-values': refuse({
      'CallExpression[callee.name=/^(query|execute)$/] > ArrayExpression.arguments:nth-child(3)':
        'Name the values of a statement: { id }, and :id in its text.',
    }),
    'no-raw': refuse({
      "CallExpression[callee.property.name='raw']":
        'Rows come from query, and their number from execute (libs/postgres).',
    }),
  },
};

/** A rule that refuses what these selectors find, and says why. */
function refuse(messages: Readonly<Record<string, string>>): Rule.RuleModule {
  return {
    meta: { type: 'suggestion', schema: [] },
    create: (context) =>
      Object.fromEntries(
        Object.entries(messages).map(([selector, message]) => [
          selector,
          (node: Rule.Node) => context.report({ node, message }),
        ]),
      ),
  };
}

/** Not of a shape within a shape: that is written where it is used once. */
function isOfNamedShape(property: Node): boolean {
  let node = property.parent?.parent;
  while (node?.type === 'TSUnionType' || node?.type === 'TSIntersectionType') node = node.parent;
  return node?.type === 'TSTypeAliasDeclaration';
}

const known = new WeakMap<ts.Program, ReadonlySet<string>>();

/** The places of the properties that are assigned anywhere in a program, which is a package with its tests. */
function assignedIn(program: ts.Program): ReadonlySet<string> {
  const before = known.get(program);
  if (before !== undefined) return before;
  const checker = program.getTypeChecker();
  const sources = program.getSourceFiles().filter(({ isDeclarationFile }) => !isDeclarationFile);
  const symbols = sources.flatMap((source) => targetsIn(source).flatMap((target) => propertiesAt(checker, target)));
  const places = symbols.flatMap(({ declarations = [] }) => declarations.map(placeOf));
  const assigned = new Set(places);
  known.set(program, assigned);
  return assigned;
}

const placeOf = (node: ts.Node): string => `${node.getSourceFile().fileName}:${node.getStart()}`;

/** Whatever stands left of an assignment, or is counted up, or deleted. */
function targetsIn(source: ts.Node): ts.Expression[] {
  const targets: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    const target = targetOf(node);
    if (target !== null) targets.push(...partsOf(target));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return targets;
}

function targetOf(node: ts.Node): ts.Expression | null {
  if (ts.isBinaryExpression(node)) return isAssignment(node.operatorToken.kind) ? node.left : null;
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
    return isStep(node.operator) ? node.operand : null;
  return ts.isDeleteExpression(node) ? node.expression : null;
}

const isAssignment = (kind: ts.SyntaxKind): boolean =>
  kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
const isStep = (kind: ts.SyntaxKind): boolean =>
  kind === ts.SyntaxKind.PlusPlusToken || kind === ts.SyntaxKind.MinusMinusToken;

/** `[a.x, { y: b.z }] = ...` assigns several. */
function partsOf(target: ts.Expression): ts.Expression[] {
  if (ts.isArrayLiteralExpression(target)) return target.elements.flatMap(partsOf);
  if (ts.isObjectLiteralExpression(target))
    return target.properties.flatMap((each) => (ts.isPropertyAssignment(each) ? partsOf(each.initializer) : []));
  return [target];
}

/** One by its name; each of the shape where it is chosen at run time. */
function propertiesAt(checker: ts.TypeChecker, target: ts.Expression): readonly ts.Symbol[] {
  if (ts.isPropertyAccessExpression(target)) return rootsOf(checker, checker.getSymbolAtLocation(target.name));
  if (!ts.isElementAccessExpression(target)) return [];
  const properties = checker.getTypeAtLocation(target.expression).getProperties();
  return properties.flatMap((property) => rootsOf(checker, property));
}

/** A property of a union is one of each member. */
const rootsOf = (checker: ts.TypeChecker, symbol: ts.Symbol | undefined): readonly ts.Symbol[] =>
  symbol === undefined ? [] : [symbol, ...checker.getRootSymbols(symbol)];
