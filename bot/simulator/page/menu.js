/** The account's menu under the chat, as the person shown sees it, and the button that sends a picture. */

import { trouble } from "/_page/composer.js";
import { byId, el } from "/_page/dom.js";
import { act, model, on, shop } from "/_page/model.js";
import { toScanner } from "/_page/till.js";
import { onLanguage } from "/_page/words.js";

const TAPPED = ["click", "view"];
const PIECE = 0x8000; // bytes turned into letters at a time

/** Show the menu and keep it up to date. */
export function startMenu() {
  for (const kind of ["state", "chat"]) on(kind, show);
  onLanguage(show);
  byId("picture").addEventListener("change", send);
}

function show() {
  const buttons = shop()?.menus[model.openid] ?? [];
  const mark = JSON.stringify([model.openid, buttons]);
  if (byId("menu").dataset.mark === mark) return;
  byId("menu").dataset.mark = mark;
  byId("menu").hidden = buttons.length === 0;
  byId("menu").replaceChildren(...buttons.map(top));
}

function top(button) {
  if (!button.sub_button?.length) return leaf(button);
  const list = el("div", { class: "submenu" }, ...button.sub_button.map(leaf));
  // One name for all: opening one closes the others.
  return el("details", { name: "submenu" }, el("summary", { text: button.name }), list);
}

function leaf({ name, type }) {
  const use = () => {
    for (const open of byId("menu").querySelectorAll("details[open]")) open.open = false;
    if (type === "scancode_waitmsg") return toScanner();
    return TAPPED.includes(type) ? act("menu", { name }).catch(trouble) : null;
  };
  return el("button", { type: "button", text: name, on: { click: use } });
}

async function send() {
  const [file] = byId("picture").files;
  byId("picture").value = "";
  if (!file) return;
  try {
    await act("picture", { data: letters(new Uint8Array(await file.arrayBuffer())) });
  } catch (error) {
    trouble(error);
  }
}

/** Bytes as base64. */
function letters(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(text);
}
