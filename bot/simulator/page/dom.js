/**
 * Builds elements. Text always goes in as text: no function of this page takes markup, so that a message can
 * hold whatever it likes.
 */

const SVG = "http://www.w3.org/2000/svg";

/** The element with this id. */
export const byId = (id) => document.getElementById(id);

/**
 * An element. `props`: `class`, `text`, `on` (event → listener), `colour` (custom property --colour), the
 * properties `hidden`, `disabled`, `value`; everything else is an attribute, left out when null or false.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name === "colour") node.style.setProperty("--colour", value);
    else if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (["hidden", "disabled", "value"].includes(name)) node[name] = value;
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

/** One of the symbols of index.html. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/**
 * Make the children of `list` those of `items`, in order. A child whose `signature` has not changed is the
 * same node as before, so that focus, open details and half-typed words stay; a changed one flashes once.
 */
export function keyed(list, items, key, signature, build) {
  const before = new Map([...list.children].map((node) => [node.dataset.key, node]));
  const after = items.map((item) => {
    const name = String(key(item));
    const mark = signature(item);
    const old = before.get(name);
    if (old && old.dataset.mark === mark) return old;
    const node = build(item);
    node.dataset.key = name;
    node.dataset.mark = mark;
    if (old) node.classList.add("changed");
    if (old && old.contains(document.activeElement)) queueMicrotask(() => refocus(node, old));
    return node;
  });
  const same = after.length === list.children.length && after.every((node, at) => list.children[at] === node);
  if (!same) place(list, after);
}

/** Put the nodes in order, moving only what is not in its place (a moved node would lose the focus). */
function place(list, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, at) => {
    if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null);
  });
}

function refocus(node) {
  (node.querySelector("button, summary, input") ?? node).focus();
}

/** Show or hide a badge and set its number; 0 hides it. */
export function badge(node, count) {
  node.hidden = !count;
  node.textContent = count > 99 ? "99+" : String(count || "");
}

/** A shop's or person's picture: the first character of the name (of 小陈 the second) on a colour. */
export function avatar(name, colour, shape = "") {
  return el("span", { class: `avatar ${shape}`, colour, "aria-hidden": "true", text: [...name.replace(/^[小老阿](?=.$)/u, "")][0] ?? "" });
}
