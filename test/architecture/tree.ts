import type { Node } from './source.ts';

/** Walks of the syntax tree that several tests share. */

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** The node below `node` under this name, or null. */
export const nodeIn = (node: Node | null, name: string): Node | null => {
  const value = node?.[name];
  return isNode(value) ? value : null;
};
export const nodesIn = (node: Node | null, name: string): Node[] => {
  const value = node?.[name];
  return Array.isArray(value) ? value.filter(isNode) : [];
};
export const textIn = (node: Node | null, name: string): string => {
  const value = node?.[name];
  return typeof value === 'string' ? value : '';
};

/** The node and all below it. */
export function* within(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node))
    if (isNode(value)) yield* within(value);
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) yield* within(item);
}

/** The text of a string literal, or null. */
export const literalOf = (node: Node | null): string | null =>
  node?.type === 'Literal' && typeof node['value'] === 'string' ? node['value'] : null;

/** The name of an identifier, or of a key that is written as text; '' for anything else. */
export const nameOf = (node: Node | null): string =>
  node?.type === 'Identifier' ? textIn(node, 'name') : (literalOf(node) ?? '');

/** The key of a property that is not computed; '' for anything else. */
export const keyOf = (node: Node): string => (node['computed'] === true ? '' : nameOf(nodeIn(node, 'key')));

/** What a member expression or a plain name calls: `f` of `f(…)` and of `a.b.f(…)`. */
export const calleeOf = (node: Node): string => {
  const callee = nodeIn(node, 'callee');
  return callee?.type === 'MemberExpression' ? nameOf(nodeIn(callee, 'property')) : nameOf(callee);
};

/** The value that an expression gives, without `as const`, `satisfies` and brackets. */
export const bare = (node: Node | null): Node | null =>
  node !== null && /^(TSAsExpression|TSSatisfiesExpression|ParenthesizedExpression)$/.test(node.type)
    ? bare(nodeIn(node, 'expression'))
    : node;

/** The constants of a file by name, each with what it is set to. */
export const constantsOf = (nodes: readonly Node[]): Map<string, Node> =>
  new Map(
    nodes
      .filter(({ type }) => type === 'VariableDeclarator')
      .flatMap((node) => {
        const init = bare(nodeIn(node, 'init'));
        return init ? [[nameOf(nodeIn(node, 'id')), init] as const] : [];
      }),
  );
