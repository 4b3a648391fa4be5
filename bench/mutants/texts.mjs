/**
 * Leaves out the texts that only people read: what has Chinese in it, the message of an error, a variable
 * named `message`. Codes, states, field names and what goes over the wire are mutated.
 */
const CHINESE = /[\u3400-\u9fff\uff00-\uffef]/;

const textOf = (node) =>
  node.type === 'StringLiteral' ? node.value : node.quasis.map(({ value }) => value.raw).join('');

const isMessage = (node, parent) =>
  (parent.type === 'VariableDeclarator' && parent.id.name === 'message') ||
  (parent.type === 'NewExpression' &&
    /Error$/.test(parent.callee.name) &&
    textOf(node).includes(' '));

const shouldIgnore = ({ node, parent }) => {
  if (node.type !== 'StringLiteral' && node.type !== 'TemplateLiteral') return undefined;
  const isText = CHINESE.test(textOf(node)) || isMessage(node, parent);
  return isText ? 'a text that only people read' : undefined;
};

export const strykerPlugins = [{ kind: 'Ignore', name: 'texts', value: { shouldIgnore } }];
