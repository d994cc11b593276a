/** Where one writes: the field, the button, the suggestions above it, and what went wrong with sending. */

import { byId, el } from "/_page/dom.js";
import { act, bubbles, model, on, person, shop } from "/_page/model.js";
import { suggestions } from "/_page/suggestions.js";
import { onLanguage, spoken, t } from "/_page/words.js";

const drafts = new Map(); // who → what they have begun to write
let writer = "";

/** Let the person shown write. */
export function startComposer() {
  const say = byId("say");
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send(say.value);
  });
  say.addEventListener("input", grow);
  say.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send(say.value);
  });
  byId("chips").addEventListener("wheel", sideways, { passive: false });
  on("chat", changeWriter);
  for (const kind of ["chat", "bubble", "state"]) on(kind, showChips);
  onLanguage(showChips);
  new ResizeObserver(grow).observe(byId("composer"));
}

/** Say that something was not done, and why. */
export function trouble(error) {
  const line = byId("trouble");
  line.textContent = t("notSent", { why: error.reached ? error.message : t("noConnection") });
  line.hidden = false;
}

async function send(words) {
  if (!words.trim()) return;
  const say = byId("say");
  byId("trouble").hidden = true;
  if (say.value === words) write("");
  say.focus();
  try {
    await act("say", { text: words });
  } catch (error) {
    trouble(error);
    if (!say.value) write(words);
  }
}

function write(words) {
  byId("say").value = words;
  grow();
}

/** As high as its lines, up to what the style sheet allows. */
function grow() {
  const say = byId("say");
  say.style.height = "auto";
  say.style.height = `${say.scrollHeight + 2}px`;
}

function changeWriter() {
  const now = `${model.appid}/${model.openid}`;
  if (now === writer) return;
  drafts.set(writer, byId("say").value);
  writer = now;
  byId("trouble").hidden = true;
  write(drafts.get(now) ?? "");
}

/** A mouse's wheel moves the suggestions, which have no other direction. */
function sideways(event) {
  const chips = byId("chips");
  if (event.deltaX || chips.scrollWidth <= chips.clientWidth) return;
  event.preventDefault();
  chips.scrollLeft += event.deltaY;
}

function showChips() {
  if (!person()) return;
  const last = bubbles().findLast(({ side }) => side === "account");
  const chips = suggestions(spoken(), person().role, shop().vouchers, last?.text ?? "");
  const mark = JSON.stringify([chips, model.openid]);
  if (byId("chips").dataset.mark === mark) return;
  const focused = byId("chips").contains(document.activeElement);
  byId("chips").dataset.mark = mark;
  byId("chips").replaceChildren(...chips.map(chip));
  byId("chips").scrollLeft = 0;
  if (focused) byId("say").focus();
}

function chip({ words, edit, strong }) {
  const use = () => {
    if (!edit) return send(words);
    write(words);
    byId("say").focus();
    return byId("say").setSelectionRange(words.length, words.length);
  };
  return el("button", { type: "button", class: strong ? "chip strong" : "chip", on: { click: use } }, words, edit ? el("span", { class: "pen", "aria-hidden": "true", text: "✎" }) : "");
}
