/** Pushes to the bot and its API calls, newest first, as they happen. */

import { byId, el, icon, keyed } from "/_page/dom.js";
import { model, on, shop } from "/_page/model.js";
import { clock, known, onLanguage, spoken, t } from "/_page/words.js";

const SHOWN = 80;
let only = "";

/** Show both and keep them up to date. */
export function startTraffic() {
  for (const kind of ["traffic", "chat", "state"]) on(kind, show);
  onLanguage(show);
  byId("filter").addEventListener("click", ({ target }) => {
    if (target.dataset.filter === undefined) return;
    only = target.dataset.filter;
    for (const button of byId("filter").children) button.setAttribute("aria-pressed", String(button === target));
    show();
  });
}

function show() {
  const pushes = only === "call" ? [] : model.pushes.map((push) => ({ ...push, push: true }));
  const calls = only === "push" ? [] : model.calls;
  const whose = appids();
  const here = [...pushes, ...calls].filter(({ appid }) => whose.includes(appid));
  const rows = here.sort((one, other) => other.at - one.at).slice(0, SHOWN);
  byId("traffic-empty").hidden = rows.length > 0;
  const key = (entry) => `${entry.push ? "push" : "call"} ${entry.at} ${entry.path ?? entry.openid}${entry.what ?? ""}`;
  keyed(byId("traffic-rows"), rows, key, (entry) => `${spoken()} ${key(entry)}`, (entry) => (entry.push ? pushed(entry) : called(entry)));
}

/** The shop's own, and where it has authorised the platform, the platform's. */
function appids() {
  const { component, accounts } = model.platform;
  const joined = component && accounts.some(({ appid, auth_time }) => appid === model.appid && auth_time);
  return joined ? [model.appid, component.appid] : [model.appid];
}

function ms(seconds) {
  if (seconds >= 10) return t("seconds", { n: seconds.toFixed(1) });
  return t("ms", { n: (seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0) });
}

function row(state, name, whose, facts, more) {
  const details = el("details", { class: `entry-row ${state}` }, el("summary", {}, icon(name), el("span", { class: "what" }, ...whose), ...facts));
  details.addEventListener("toggle", () => details.open && details.children.length === 1 && details.append(more()));
  return el("li", {}, details);
}

function pushed({ at, openid, what, card_id, attempts, outcome, failure }) {
  const who = shop()?.persons.find((one) => one.openid === openid)?.name ?? "";
  const seconds = attempts.reduce((sum, attempt) => sum + attempt.seconds, 0);
  const tries = attempts.length > 1 ? el("span", { class: "tries", text: t("tries", { n: attempts.length }) }) : "";
  const facts = [tries, el("span", { class: "code", text: t(outcome) }), el("span", { class: "ms", text: ms(seconds) })];
  const lines = () => [
    clock(at),
    ...attempts.map(({ status, seconds: took, error, body }, index) =>
      t("attempt", { n: index + 1, what: error ?? `HTTP ${status}, ${t("bytes", { n: body })}`, ms: Math.round(took * 1000) }),
    ),
    card_id,
    failure,
  ];
  return row(outcome === "failed" ? "bad" : "good", "in", [el("strong", { text: named(what) }), who ? ` ${who}` : ""], facts, () => pre(lines()));
}

/** A message by its kind in the page's words, an event by WeChat's name for it. */
function named(what) {
  const kind = known(what)?.replace(/[[\]]/g, "");
  return kind ?? `${t("event")} ${what.replaceAll("_", "_\u200b")}`;
}

function called({ at, method, path, query, body, errcode, seconds }) {
  const fine = errcode === 0;
  const said = errcode === null ? t("cut") : String(errcode);
  const facts = [el("span", { class: "code", text: said }), el("span", { class: "ms", text: ms(seconds) })];
  const lines = () => [clock(at), `${method} ${path}?${new URLSearchParams(query)}`, body ? JSON.stringify(body, null, 1) : ""];
  return row(fine ? "good" : "bad", "out", [el("code", { text: path.replace(/^\/(cgi-bin|datacube)\//, "").replace(/^\//, "") })], facts, () => pre(lines()));
}

const pre = (lines) => el("pre", { tabindex: "0", text: lines.filter(Boolean).join("\n") });
