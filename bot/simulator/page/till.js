/** The till: the person shown scans a code with the account's menu, or sends it as a message. */

import { byId, el, keyed } from "/_page/dom.js";
import { act, model, named, on, person, shop } from "/_page/model.js";
import { showSide, showTab } from "/_page/sides.js";
import { onLanguage, spoken, t } from "/_page/words.js";

/** Show it and keep it up to date. */
export function startTill() {
  for (const kind of ["state", "chat"]) on(kind, show);
  onLanguage(show);
  byId("scanner").addEventListener("submit", (event) => {
    event.preventDefault();
    scan();
  });
}

/** Go to the till, perhaps with a code in hand. */
export function toScanner(code = "") {
  if (matchMedia("(max-width: 899.98px)").matches) showTab("wallet");
  else showSide("wallet");
  const field = byId("scanner").querySelector("input");
  if (code) field.value = code;
  field.focus();
  byId("till").scrollIntoView({ block: "nearest" });
}

const leaves = (menu) => menu.flatMap((top) => (top.sub_button?.length ? top.sub_button : [top]));
const scans = () => leaves(shop().menus[model.openid] ?? []).some(({ type }) => type === "scancode_waitmsg");

function show() {
  if (!person()) return;
  byId("till-who").textContent = t("scanAs", { name: person().name });
  showForm();
  const seen = new Map();
  for (const entries of Object.values(shop().wallets)) for (const entry of entries) if (entry.usable) seen.set(entry.code, entry);
  byId("till-empty").hidden = seen.size > 0;
  const mark = (entry) => JSON.stringify([spoken(), entry.code, entry.title, entry.owner]);
  keyed(byId("till-rows"), [...seen.values()], ({ code }) => code, mark, row);
}

function showForm() {
  const may = scans();
  const mark = JSON.stringify([spoken(), model.openid, may]);
  if (byId("scanner").dataset.mark === mark) return;
  byId("scanner").dataset.mark = mark;
  const kept = byId("scanner").querySelector("input")?.value ?? "";
  const field = el("input", { type: "text", inputmode: "numeric", required: true, maxlength: "128", "aria-label": t("code"), placeholder: t("codeHint"), spellcheck: "false", value: kept });
  const button = el("button", { type: "submit", class: "primary", text: t("scanCode"), disabled: !may });
  const typed = el("button", { type: "button", class: "plain", text: t("typeCode"), on: { click: type } });
  byId("scanner").replaceChildren(field, button, typed, may ? "" : el("p", { class: "note", text: t("noScanButton", { name: person().name }) }));
}

function row({ code, title, owner }) {
  const take = () => toScanner(code);
  return el("li", {}, el("button", { type: "button", class: "pick", on: { click: take } }, el("strong", { text: title }), el("span", { text: named(owner) }), el("code", { text: code })));
}

async function scan() {
  const content = byId("scanner").querySelector("input").value.trim();
  if (!content || !scans()) return;
  await told(act("scan", { content }));
}

async function type() {
  const content = byId("scanner").querySelector("input").value.trim();
  if (content) await told(act("say", { text: t("typed", { code: content }) }));
}

/** Say what came of it; the answer itself stands in the chat. */
async function told(pushed) {
  const result = byId("till-result");
  result.textContent = "";
  try {
    const { text, failure } = await pushed;
    result.textContent = t("scanned", { what: failure || text.split("\n")[0] || t("silent") });
  } catch (error) {
    result.textContent = t("notSent", { why: error.reached ? error.message : t("noConnection") });
  }
}
