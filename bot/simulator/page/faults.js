/** Lets something go wrong, on purpose: with the bot's API calls or with the pushes to it. */

import { ask } from "/_page/api.js";
import { byId, el } from "/_page/dom.js";
import { model } from "/_page/model.js";
import { onLanguage, t } from "/_page/words.js";

const PATHS = ["", "/card/get", "/card/batchget", "/card/update", "/getcardbizuininfo", "/getcardcardinfo", "/message/custom/send", "/message/template/send", "/stable_token"];
const TIMES = [1, 2, 5, 50];

const OF_CALLS = {
  busy: { errcode: -1 },
  slow: { delay: 6 },
  quota: { errcode: 45009 },
  lose: { lose_answer: true },
  page: { http_status: 502, html: true },
};
const OF_PUSHES = { duplicate: { push: "duplicate" }, cutPush: { push: "cut" }, delay: { push: "delay", seconds: 3 } };
const OF_TEMPLATES = { blocked: { template: "user block" }, undelivered: { template: "system failed" }, unheard: { template: "lost" } };

const AT_ONCE = { expired: "expiredNow", clear: "cleared" }; // not a matter of the next calls

/** Fill the fold-out. */
export function startFaults() {
  onLanguage(show);
}

function show() {
  const path = choice(PATHS, (value) => value.slice(1) || t("anyCall"), t("faultApi"));
  const times = choice(TIMES, String, t("times"));
  const line = el("p", { class: "result", role: "status" });
  const inject = async (what, where, fault) => {
    try {
      await ask("fault", fault);
      line.textContent = t(AT_ONCE[what] ?? "armed", { n: times.value, where, what: t(what) });
    } catch (error) {
      line.textContent = t("notSent", { why: error.reached ? error.message : t("noConnection") });
    }
  };
  const button = (what, act) => el("button", { type: "button", class: "chip", text: t(what), on: { click: act } });
  const where = () => path.selectedOptions[0].text;
  const ofCall = ([what, fault]) =>
    button(what, () => inject(what, where(), { path: path.value, times: Number(times.value), appid: model.appid, ...fault }));
  const ofPush = ([what, fault]) => button(what, () => inject(what, t("pushes"), { times: Number(times.value), ...fault }));
  const ofTemplate = ([what, fault]) => button(what, () => inject(what, t("faultTemplate"), { times: Number(times.value), ...fault }));
  byId("fault-form").replaceChildren(
    el("div", { class: "fault-row" }, el("label", {}, `${t("nextCalls")} `, times, ` ${t("times")}`)),
    el("div", { class: "fault-row" }, el("label", {}, `${t("faultApi")} `, path), ...Object.entries(OF_CALLS).map(ofCall)),
    el("div", { class: "fault-row" }, el("span", { class: "label", text: t("faultPush") }), ...Object.entries(OF_PUSHES).map(ofPush)),
    el("div", { class: "fault-row" }, el("span", { class: "label", text: t("faultTemplate") }), ...Object.entries(OF_TEMPLATES).map(ofTemplate)),
    el("div", { class: "fault-row" }, button("expired", () => inject("expired", "", { expire_tokens: true, appid: model.appid })), button("clear", () => inject("clear", "", { clear: true }))),
    line,
  );
}

function choice(values, label, name) {
  return el("select", { "aria-label": name }, ...values.map((value) => el("option", { value: String(value), text: label(value) })));
}
