// @ts-nocheck: runs in the browser; the project's types are the server's.

/** @param {Node} node */
const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.getAttribute('data-key') : null);

const matchAttributes = (from, to) => {
  for (const { name } of [...from.attributes])
    if (!to.hasAttribute(name) && name !== 'open') from.removeAttribute(name);
  for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value) from.setAttribute(name, value);
};

/**
 * Makes `from` what `to` is by the fewest changes, so that focus, scroll positions and selections stay. Elements with the
 * same data-key are the same; what is marked data-own belongs to the script and stays as it is, save for data-total.
 */
export const morph = (from, to) => {
  if (from.hasAttribute('data-own')) {
    if (to.hasAttribute('data-total')) from.setAttribute('data-total', to.getAttribute('data-total'));
    return;
  }
  matchAttributes(from, to);
  const keyed = new Map([...from.children].map((child) => [keyOf(child), child]));
  keyed.delete(null);
  const wantedKeys = new Set([...to.children].map(keyOf));
  let at = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    // Those that are gone must not stand in the way, or every row after them would be moved.
    while (at && keyOf(at) !== null && !wantedKeys.has(keyOf(at))) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
    const key = keyOf(wanted);
    const alike = at && keyOf(at) === null && at.nodeName === wanted.nodeName && sameShape(at, wanted) ? at : null;
    const same = key === null ? alike : (keyed.get(key) ?? null);
    if (same === null) {
      from.insertBefore(wanted.cloneNode(true), at);
      continue;
    }
    if (same === at) at = at.nextSibling;
    else from.insertBefore(same, at);
    if (same.nodeType === Node.ELEMENT_NODE) morph(same, wanted);
    else if (same.data !== wanted.data) same.data = wanted.data;
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
};

/** Two sections without keys are the same one when they are named alike. */
const sameShape = (a, b) =>
  a.nodeType !== Node.ELEMENT_NODE ||
  (a.getAttribute('aria-labelledby') === b.getAttribute('aria-labelledby') &&
    a.getAttribute('data-own') === b.getAttribute('data-own'));
