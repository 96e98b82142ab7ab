/** Reads Bicep by its syntax tree: enough to compare names across files, since no compiler is at hand. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { must } from '../../src/kernel/guards.ts';

export type Bicep = {
  readonly syntaxErrors: readonly string[];
  /** Names used in expressions that nothing in the file declares. */
  readonly unknownNames: readonly string[];
  readonly parameters: readonly { readonly name: string; readonly required: boolean }[];
  readonly outputs: readonly string[];
  readonly modules: readonly { readonly path: string; readonly parameters: readonly string[] }[];
  readonly appSettings: readonly string[];
};

let parser: Parser | undefined;

async function bicepParser(): Promise<Parser> {
  if (parser) return parser;
  await Parser.init();
  const grammar = createRequire(import.meta.url).resolve('tree-sitter-bicep/tree-sitter-bicep.wasm');
  parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  return parser;
}

export async function readBicep(file: string): Promise<Bicep> {
  return parseBicep(readFileSync(file, 'utf8'), file);
}

export async function parseBicep(text: string, file = 'text'): Promise<Bicep> {
  const root = must((await bicepParser()).parse(text), 'a syntax tree').rootNode;
  const nodes = [...walk(root)];
  const declarations = nodes.filter((node) => node.type.endsWith('_declaration'));
  const declared = new Set(declarations.map((node) => firstIdentifier(node)));
  const named = (type: string) => declarations.filter((node) => node.type === type);
  return {
    syntaxErrors: nodes
      .filter((node) => node.isError || node.isMissing)
      .map((node) => `${file}:${node.startPosition.row + 1}`),
    unknownNames: nodes
      .filter((node) => node.type === 'identifier' && isReference(node) && !declared.has(node.text))
      .map((node) => `${file}:${node.startPosition.row + 1} ${node.text}`),
    parameters: named('parameter_declaration').map((node) => ({
      name: firstIdentifier(node),
      required: !/^[^\n=]*=/.test(node.text),
    })),
    outputs: named('output_declaration').map(firstIdentifier),
    modules: named('module_declaration').map((node) => ({
      path: unquote(node.namedChildren.find((child) => child?.type === 'string')?.text ?? ''),
      parameters: keysOf(propertyIn(node, 'params')),
    })),
    appSettings: nodes
      .filter((node) => node.type === 'object_property' && firstIdentifier(node) === 'appSettings')
      .flatMap((node) => [...walk(node)])
      .filter((node) => node.type === 'object_property' && firstIdentifier(node) === 'name')
      .map((node) => unquote(node.namedChildren[1]?.text ?? '')),
  };
}

function* walk(node: Node): Generator<Node> {
  yield node;
  for (const child of node.children) if (child) yield* walk(child);
}

function firstIdentifier(node: Node): string {
  return node.namedChildren.find((child) => child?.type === 'identifier')?.text ?? '';
}

/** Keys of objects, names of functions and names being declared are no references. */
function isReference(node: Node): boolean {
  const parent = node.parent;
  if (!parent) return false;
  const isFirst = parent.namedChildren[0]?.id === node.id;
  const names = parent.type === 'object_property' || parent.type === 'call_expression';
  return !(isFirst && names) && !parent.type.endsWith('_declaration');
}

function propertyIn(node: Node, key: string): Node | undefined {
  return [...walk(node)].find((inner) => inner.type === 'object_property' && firstIdentifier(inner) === key);
}

function keysOf(property: Node | undefined): string[] {
  const object = property?.namedChildren.find((child) => child?.type === 'object');
  return (object?.namedChildren ?? []).flatMap((child) =>
    child?.type === 'object_property' ? firstIdentifier(child) : [],
  );
}

function unquote(text: string): string {
  return text.replace(/^'|'$/g, '');
}
