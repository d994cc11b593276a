/** Who speaks: the two shops and the people of the one chosen. */

import { avatar, badge, byId, el } from "/_page/dom.js";
import { ROLE_COLOURS, shopColour } from "/_page/chat.js";
import { bubbles, choose, model, on, shop, unread } from "/_page/model.js";
import { known, onLanguage, t, timeLine } from "/_page/words.js";

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** Show both lists and keep them up to date. */
export function startPeople() {
  for (const kind of ["state", "chat", "unread", "bubble"]) on(kind, show);
  onLanguage(show);
  byId("persons").addEventListener("keydown", step);
}

function show() {
  showShops();
  showPersons();
  badge(document.querySelector('#tabs [data-tab="chat"] .dot'), document.body.dataset.tab === "chat" ? 0 : waitingFor());
}

const waitingFor = () => model.shops.reduce((sum, { appid }) => sum + ofShop(appid), 0);
const ofShop = (appid) => sumOf(model.shops.find((one) => one.appid === appid));
const sumOf = ({ appid, persons }) => persons.reduce((sum, { openid }) => sum + unread(appid, openid), 0);

function showShops() {
  const focused = document.activeElement?.dataset.appid;
  byId("shops").replaceChildren(
    ...model.shops.map(({ appid, name }) => {
      const dot = el("b", { class: "dot" });
      badge(dot, ofShop(appid));
      const chosen = appid === model.appid;
      return el(
        "button",
        { type: "button", "data-appid": appid, "aria-pressed": String(chosen), on: { click: () => choose(appid) } },
        el("span", { class: "face" }, avatar(name, shopColour(appid), "round small"), dot),
        el("span", { text: name }),
      );
    }),
  );
  if (focused) document.querySelector(`[data-appid="${CSS.escape(focused)}"]`)?.focus();
}

function showPersons() {
  const inside = byId("persons").contains(document.activeElement);
  byId("persons").replaceChildren(...(shop()?.persons ?? []).map(tab));
  if (inside) byId(`person-${model.openid}`)?.focus();
}

function tab({ openid, name, role, follows }) {
  const chosen = openid === model.openid;
  const count = unread(model.appid, openid);
  const dot = el("b", { class: "dot" });
  badge(dot, count);
  const last = bubbles(model.appid, openid).at(-1);
  const words = last ? preview(last) : t("nothingYet");
  return el(
    "button",
    {
      type: "button", role: "tab", id: `person-${openid}`, class: follows ? "" : "away", "data-role": role,
      "aria-selected": String(chosen), "aria-controls": "phone", tabindex: chosen ? "0" : "-1",
      "aria-label": [name, t(role), follows ? "" : t("unfollowed"), count ? t("unread", { n: count }) : ""].filter(Boolean).join("，"),
      on: { click: () => choose(model.appid, openid) },
    },
    el("span", { class: "face" }, avatar(name, ROLE_COLOURS[role]), dot),
    el("span", { class: "who" }, el("span", { class: "name", text: name }), el("span", { class: "role", title: t("atFirst"), text: follows ? t(role) : t("unfollowed") })),
    el("span", { class: "last" }, el("span", { text: words }), last ? el("time", { text: timeLine(last.at).split(" ")[0] }) : ""),
  );
}

const preview = ({ kind, text }) =>
  (["text", "msgmenu", "failure"].includes(kind) ? text.replace(/<[^>]+>/g, "") : (known(kind) ?? text)).replace(/\s+/g, " ").slice(0, 60);

function step(event) {
  const { persons } = shop();
  const here = persons.findIndex(({ openid }) => openid === model.openid);
  const ends = { Home: 0, End: persons.length - 1 };
  const there = event.key in ends ? ends[event.key] : here + (STEPS[event.key] ?? NaN);
  if (Number.isNaN(there)) return;
  event.preventDefault();
  choose(model.appid, persons[(there + persons.length) % persons.length].openid);
}
