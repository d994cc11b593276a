/**
 * A message's text as nodes: WeChat's two kinds of links and bare addresses become tappable, everything else
 * stays the letters it is.
 */

import { el } from "/_page/dom.js";

const ANCHOR = /<a\s+([^>]*?)>([\s\S]*?)<\/a>/gi;
const HREF = /(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)')/i;
const ADDRESS = /https?:\/\/[^\s<>"'，。；：！？、（）「」【】]+[^\s<>"'，。；：！？、（）「」【】.,;:!?)]/gi;
const MENU = "weixin://bizmsgmenu?";

/** The nodes of `text`; `tap(id, content)` is called when an entry of a message menu is tapped. */
export function rich(text, tap) {
  const nodes = [];
  let rest = 0;
  for (const match of text.matchAll(ANCHOR)) {
    nodes.push(...plain(text.slice(rest, match.index)), anchor(match, tap));
    rest = match.index + match[0].length;
  }
  return [...nodes, ...plain(text.slice(rest))];
}

/** The nodes of a message menu: lines that are its entries can be tapped. */
export function menu(text, items, tap) {
  const left = [...items];
  return text.split("\n").flatMap((line, at) => {
    const found = left.findIndex(({ content }) => content === line);
    const nodes = found < 0 ? rich(line, tap) : [entry(line, left[found].id, line, tap)];
    if (found >= 0) left.splice(found, 1);
    return at ? ["\n", ...nodes] : nodes;
  });
}

function anchor([whole, attributes, label], tap) {
  const match = HREF.exec(attributes);
  const href = (match?.[1] ?? match?.[2] ?? "").replaceAll("&amp;", "&").trim();
  if (href.toLowerCase().startsWith(MENU)) {
    const query = new URLSearchParams(href.slice(MENU.length));
    const content = query.get("msgmenucontent");
    return content ? entry(label, query.get("msgmenuid") ?? "", content, tap) : label;
  }
  return web(href) ? link(href, label) : whole;
}

function plain(text) {
  const nodes = [];
  let rest = 0;
  for (const match of text.matchAll(ADDRESS)) {
    nodes.push(text.slice(rest, match.index), web(match[0]) ? link(match[0], match[0]) : match[0]);
    rest = match.index + match[0].length;
  }
  return [...nodes, text.slice(rest)];
}

function web(address) {
  try {
    return ["http:", "https:"].includes(new URL(address).protocol);
  } catch {
    return false; // no address at all
  }
}

const link = (href, label) => el("a", { href, target: "_blank", rel: "noopener noreferrer", text: label });

const entry = (label, id, content, tap) =>
  el("button", { type: "button", class: "entry", text: label, on: { click: () => tap(id, content) } });
