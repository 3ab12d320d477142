// Building the page from text, never from markup.

const SVG = "http://www.w3.org/2000/svg";

/** el("p", {class: "note"}, "text", node): strings become text nodes; null and false are left out. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const byId = (id) => document.getElementById(id);

/** Leaves the node alone when the text is the same, so that selections and screen readers are not disturbed. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function setHidden(node, hidden) {
  if (node.hidden !== hidden) node.hidden = hidden;
}

const drawn = new WeakMap();

/** Redraws a node's children only when the data they show has changed. */
export function redraw(node, data, draw) {
  const signature = JSON.stringify(data) ?? "";
  if (drawn.get(node) === signature) return;
  drawn.set(node, signature);
  node.replaceChildren(...[draw()].flat().filter(Boolean));
}

/** One child per item, kept by key: what is unchanged stays the same node, with its focus and its open details. */
export function keyed(parent, items, keyOf, create, update) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let next = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    let node = old.get(key);
    old.delete(key);
    if (!node) {
      node = create(item);
      node.dataset.key = key;
    }
    update?.(node, item);
    if (node === next) next = next.nextElementSibling;
    else parent.insertBefore(node, next);
  }
  old.forEach((node) => node.remove());
}

/** A radio group that looks like one control. */
export function segments(parent, name, options, chosen, changed) {
  keyed(
    parent,
    options,
    (option) => option.value,
    (option) =>
      el(
        "label",
        { class: "segment", title: option.title },
        el("input", { type: "radio", name, value: option.value, checked: option.value === chosen, onchange: () => changed(option.value) }),
        el("span", {}, option.label),
      ),
    (node, option) => {
      const input = node.querySelector("input");
      if (input.checked !== (option.value === chosen)) input.checked = option.value === chosen;
    },
  );
}
