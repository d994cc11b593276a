/** The authorisation page: the administrator chooses an account and what it grants, and confirms or refuses. */

import { ask } from "/_page/api.js";
import { byId, el } from "/_page/dom.js";
import { setName } from "/_page/platform-text.js";
import { onLanguage, preferred, speak, spoken, t } from "/_page/words.js";

const SVG = "http://www.w3.org/2000/svg";
const CELLS = 25;
const query = location.search.slice(1);

let offer = null; // what the page shows, once it has been read
let end = null; // the key of the last word, once there is one
let trouble = document.body.dataset.refusal;

function show() {
  document.title = t("authoriseTitle");
  const form = byId("grant");
  const chosen = { appid: form.elements.appid?.value, sets: sets() };
  if (!offer || end) form.replaceChildren(answer(end ? t(end) : trouble && `${t("notShown")}：${trouble}`, !end));
  else form.replaceChildren(...contents(chosen));
}

const answer = (words, bad = false) => el("p", { class: bad ? "answer bad" : "answer", role: bad ? "alert" : "status", text: words ?? "" });

function contents(chosen) {
  const open = offer.accounts.filter(({ obstacle }) => !obstacle);
  const first = open.find(({ appid }) => appid === chosen.appid) ?? open.find(({ granted }) => !granted) ?? open[0];
  return [
    el("p", { class: "asks", text: t("asksFor", { name: offer.component }) }),
    el("fieldset", {}, el("legend", { text: t("whichAccount") }), ...offer.accounts.map((one) => account(one, one === first))),
    el("fieldset", {}, el("legend", { text: t("whichSets") }), ...offer.sets.map((one) => set(one, chosen.sets?.includes(one.id) ?? true))),
    answer(open.length ? trouble : t("noAccount"), true),
    el(
      "div",
      { class: "buttons" },
      el("button", { type: "submit", class: "primary", text: t("confirmGrant"), disabled: !open.length }),
      el("button", { type: "button", class: "plain", text: t("refuseGrant"), on: { click: () => finish("refusedGrant") } }),
    ),
  ];
}

function account({ appid, name, obstacle, granted }, checked) {
  const more = [appid, obstacle || (granted ? t("already") : "")].filter(Boolean).join(" · ");
  return el(
    "label",
    {},
    el("input", { type: "radio", name: "appid", value: appid, checked, disabled: Boolean(obstacle) }),
    el("span", {}, el("span", { text: name }), el("small", { text: more })),
  );
}

function set(one, checked) {
  return el("label", {}, el("input", { type: "checkbox", name: "set", value: String(one.id), checked }), el("span", { text: setName(one) }));
}

/** The ids that are ticked, null before there is anything to tick. */
function sets() {
  const boxes = [...byId("grant").querySelectorAll('[name="set"]')];
  return boxes.length ? boxes.filter((box) => box.checked).map((box) => Number(box.value)) : null;
}

function finish(key) {
  end = key;
  show();
}

async function confirm(event) {
  event.preventDefault();
  trouble = "";
  const button = event.submitter;
  button.disabled = true;
  try {
    const { location: back } = await ask("authorise", { appid: byId("grant").elements.appid.value, sets: sets(), page: location.href });
    if (back) location.assign(back);
    else finish("granted");
  } catch (error) {
    trouble = error.reached ? error.message : t("noConnection");
    show();
  }
}

/** Something that looks like a QR code: three corners, and noise out of the address. */
function draw() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${CELLS} ${CELLS}`);
  let noise = [...query].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  const dots = [];
  const corner = (x, y) => (x < 8 || x > CELLS - 9) && (y < 8 || y > CELLS - 9) && !(x > CELLS - 9 && y > CELLS - 9);
  for (let y = 0; y < CELLS; y++)
    for (let x = 0; x < CELLS; x++) {
      noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
      if (!corner(x, y) && noise >>> 31) dots.push(`M${x} ${y}h1v1h-1z`);
    }
  for (const [x, y] of [[0, 0], [CELLS - 7, 0], [0, CELLS - 7]]) dots.push(`M${x} ${y}h7v7h-7zM${x + 1} ${y + 1}v5h5v-5zM${x + 2} ${y + 2}h3v3h-3z`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", dots.join(""));
  svg.append(path);
  document.querySelector(".code").append(svg);
}

async function start() {
  const buttons = [...document.querySelectorAll("[data-language]")];
  for (const button of buttons) button.addEventListener("click", () => speak(button.dataset.language));
  onLanguage(() => buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.language === spoken()))));
  onLanguage(show);
  byId("grant").addEventListener("submit", confirm);
  draw();
  try {
    if (!trouble) offer = await ask(`authorise?${query}`);
  } catch (error) {
    trouble = error.reached ? error.message : t("noConnection");
  }
  speak(preferred());
}

start();
