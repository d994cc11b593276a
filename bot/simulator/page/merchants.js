/** Who authorised the component and what they granted; a merchant joins, changes or ends it. */

import { ask } from "/_page/api.js";
import { byId, el, keyed } from "/_page/dom.js";
import { model, on, readStateSoon } from "/_page/model.js";
import { outcome, setName } from "/_page/platform-text.js";
import { moment, onLanguage, spoken, t } from "/_page/words.js";

/** Show them and keep them up to date. */
export function startMerchants() {
  on("state", show);
  onLanguage(show);
}

function show() {
  const { component, accounts } = model.platform;
  if (!component) return;
  const start = byId("merchants-start");
  start.hidden = !component.start_url;
  start.href = component.start_url || "/";
  const joined = accounts.filter(({ auth_time }) => auth_time).length;
  byId("merchants-count").textContent = `${joined}/${accounts.length}`;
  keyed(byId("merchants-rows"), accounts, ({ appid }) => appid, (one) => JSON.stringify([spoken(), one]), account);
}

function account({ appid, name, sets, auth_time }) {
  const granted = Boolean(auth_time);
  const state = el("span", { class: "chip-status", "data-status": granted ? "VERIFY_OK" : "", text: granted ? t("authorisedSince", { moment: moment(auth_time) }) : t("notAuthorised") });
  return el(
    "li",
    { class: "order" },
    el("span", { class: "first" }, el("strong", { text: name }), state),
    el("span", { class: "second" }, el("code", { text: appid }), ...sets.map((one) => el("span", { text: setName(one) }))),
    granted ? change(appid, sets) : "",
  );
}

/** The sets behind a fold, and the end. */
function change(appid, sets) {
  const ticked = new Set(sets.map(({ id }) => id));
  const boxes = model.platform.component.sets.map((one) => {
    const box = el("input", { type: "checkbox", value: String(one.id), checked: ticked.has(one.id) });
    return [box, el("label", {}, box, ` ${setName(one)}`)];
  });
  const chosen = () => boxes.map(([box]) => box).filter(({ checked }) => checked).map(({ value }) => Number(value));
  const save = el("button", { type: "button", class: "primary", text: t("saveSets"), on: { click: () => tell("authorise", { appid, sets: chosen() }) } });
  return el(
    "span",
    { class: "verdict" },
    el("details", { class: "sets" }, el("summary", { class: "plain", text: t("changeSets") }), el("div", {}, ...boxes.map(([, label]) => label), save)),
    el("button", { type: "button", class: "plain", text: t("unauthorise"), on: { click: () => tell("unauthorise", { appid }) } }),
  );
}

async function tell(what, values) {
  const line = byId("merchants-result");
  line.textContent = "";
  try {
    const answer = await ask(what, values);
    if (what === "authorise" && !answer.event) line.textContent = t("nothingChanged");
    else line.textContent = outcome(answer.event ?? answer);
  } catch (error) {
    line.textContent = t("eventFailed", { why: error.reached ? error.message : t("noConnection") });
  }
  readStateSoon();
}
