/** Reads Bicep by its syntax tree: enough to compare names across files, since no compiler is at hand. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { must } from '../../src/kernel/guards.ts';

export type BicepParameter = {
  readonly name: string;
  /** `string`, `int`, `bool`, `array` or `object`. */
  readonly type: string;
  readonly required: boolean;
  /** The literal default of a text, number or switch; undefined of anything else. */
  readonly fallback: string | number | boolean | undefined;
  readonly allowed: readonly string[];
};
export type BicepResource = {
  /** `Microsoft.Web/sites@2024-11-01` */
  readonly type: string;
  /** Every name of a property that is set, wherever in it, each once. */
  readonly properties: readonly string[];
  /** Only read, not made. */
  readonly existing: boolean;
};
export type Bicep = {
  readonly syntaxErrors: readonly string[];
  /** Names used in expressions that nothing in the file declares. */
  readonly unknownNames: readonly string[];
  readonly parameters: readonly BicepParameter[];
  readonly outputs: readonly string[];
  readonly modules: readonly { readonly path: string; readonly parameters: readonly string[] }[];
  readonly resources: readonly BicepResource[];
  /** Names in lists called appSettings, with their value as it is written. */
  readonly appSettings: readonly { readonly name: string; readonly value: string }[];
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
  const declared = new Set([...declarations.map(firstIdentifier), ...nodes.flatMap(loopNames)]);
  const named = (type: string) => declarations.filter((node) => node.type === type);
  const variables = new Map(named('variable_declaration').map((node) => [firstIdentifier(node), node]));
  return {
    syntaxErrors: nodes
      .filter((node) => node.isError || node.isMissing)
      .map((node) => `${file}:${node.startPosition.row + 1}`),
    unknownNames: nodes
      .filter((node) => node.type === 'identifier' && isReference(node) && !declared.has(node.text))
      .map((node) => `${file}:${node.startPosition.row + 1} ${node.text}`),
    parameters: named('parameter_declaration').map(parameterOf),
    outputs: named('output_declaration').map(firstIdentifier),
    modules: named('module_declaration').map((node) => ({
      path: firstString(node),
      parameters: keysOf(propertyIn(node, 'params')),
    })),
    resources: named('resource_declaration').map((node) => resourceOf(node, variables)),
    appSettings: nodes
      .filter(
        ({ type, text }) =>
          /^(object_property|variable_declaration)$/.test(type) && text.includes('appSettings'),
      )
      .filter((node) => firstIdentifier(node) === 'appSettings')
      .flatMap(settingsIn),
  };
}

/** `for one in many` names one; `for (one, index) in many` names two. */
function loopNames({ type, namedChildren, text }: Node): string[] {
  if (type === 'loop_variable' || type === 'loop_enumerator') return [text];
  const [first] = namedChildren;
  return type === 'for_statement' && first?.type === 'identifier' ? [first.text] : [];
}

function parameterOf(node: Node): BicepParameter {
  const [, type = '', written = ''] = /^param \w+ (\w+)(?: = ([^\n]+))?/.exec(node.text) ?? [];
  const decorators = node.previousNamedSibling?.type === 'decorators' ? node.previousNamedSibling.text : '';
  const [, allowed = ''] = /@allowed\(\[([^\]]*)\]\)/.exec(decorators) ?? [];
  return {
    name: firstIdentifier(node),
    type,
    required: written === '',
    fallback: literalOf(written),
    allowed: [...allowed.matchAll(/'([^']*)'/g)].map(([, value = '']) => value),
  };
}

function literalOf(written: string): string | number | boolean | undefined {
  if (/^'[^'$]*'$/.test(written)) return unquote(written);
  if (/^\d+$/.test(written)) return Number(written);
  return written === 'true' || written === 'false' ? written === 'true' : undefined;
}

/** A variable that stands for a part of the resource is looked into. */
function resourceOf(node: Node, variables: ReadonlyMap<string, Node>): BicepResource {
  const properties = new Set<string>();
  const collect = (part: Node) => {
    for (const inner of walk(part)) {
      if (inner.type !== 'object_property') continue;
      properties.add(unquote(inner.namedChildren[0]?.text ?? ''));
      const value = inner.namedChildren[1];
      const variable = value?.type === 'identifier' ? variables.get(value.text) : undefined;
      if (variable) collect(variable);
    }
  };
  collect(node);
  const existing = / existing = /.test(node.text.split('\n')[0] ?? '');
  return { type: firstString(node), properties: [...properties].sort(), existing };
}

function settingsIn(list: Node): { readonly name: string; readonly value: string }[] {
  const textAt = (object: Node, key: string) =>
    object.namedChildren.find((child) => child?.type === 'object_property' && firstIdentifier(child) === key)
      ?.namedChildren[1]?.text;
  return [...walk(list)]
    .filter(({ type }) => type === 'object')
    .flatMap((object) => {
      const name = textAt(object, 'name');
      return name ? [{ name: unquote(name), value: textAt(object, 'value') ?? '' }] : [];
    });
}

function* walk(node: Node): Generator<Node> {
  yield node;
  for (const child of node.children) if (child) yield* walk(child);
}

function firstIdentifier(node: Node): string {
  return node.namedChildren.find((child) => child?.type === 'identifier')?.text ?? '';
}

function firstString(node: Node): string {
  return unquote(node.namedChildren.find((child) => child?.type === 'string')?.text ?? '');
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
