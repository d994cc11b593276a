/** The conversation on the screen. */

import { avatar, byId, el } from "/_page/dom.js";
import { act, bubbles, model, on, person, shop, underWay } from "/_page/model.js";
import { trouble } from "/_page/composer.js";
import { menu, rich } from "/_page/text.js";
import { clock, known, onLanguage, t, timeLine } from "/_page/words.js";

const GAP = 300; // seconds of silence before WeChat writes the time again
const NEAR = 120; // pixels from the end that still count as reading the end

let stays = true; // whoever reads the end goes on to, until they scroll up
let top = 0;

export const ROLE_COLOURS = { owner: "#a5502a", manager: "#2d6a9f", clerk: "#4c7a34", viewer: "#6a5a9a", customer: "#7a6a3a" };
export const SHOP_COLOURS = ["#12785c", "#7a4a2a"];

/** Show the conversation and keep it up to date. */
export function startChat() {
  on("chat", () => showAll());
  on("bubble", (bubble) => add(bubble));
  on("waiting", showWaiting);
  on("traffic", showSilence);
  onLanguage(() => showAll());
  byId("newer").addEventListener("click", () => {
    toEnd(true);
    byId("say").focus();
  });
  byId("log").addEventListener("scroll", () => {
    const up = byId("log").scrollTop < top;
    top = byId("log").scrollTop;
    if (atEnd()) stays = byId("newer").hidden = true;
    else if (up) stays = false;
  });
  new ResizeObserver(() => stays && toEnd()).observe(byId("log"));
}

function showAll() {
  const list = bubbles();
  byId("account").textContent = shop()?.name ?? "";
  byId("phone").setAttribute("aria-labelledby", `person-${model.openid}`);
  byId("log").replaceChildren(...(list.length ? list.flatMap((bubble, at) => nodes(bubble, list[at - 1])) : [hint()]));
  showSilence();
  showWaiting();
  toEnd();
}

function hint() {
  return el("div", { class: "hint" }, el("p", { text: t("nothingYet") }), el("p", { text: t("start") }));
}

function add(bubble) {
  const log = byId("log");
  const list = bubbles();
  const reading = stays || bubble.side === "person";
  log.querySelector(".hint")?.remove();
  const fresh = nodes(bubble, list.at(-2));
  for (const node of fresh) node.classList.add("fresh");
  log.append(...fresh);
  showSilence();
  showWaiting();
  if (bubble.side === "account") announce(bubble);
  if (reading) toEnd(true);
  else byId("newer").hidden = false;
}

/** Read a new message out to whoever listens instead of looking. */
function announce(bubble) {
  const said = el("p", {}, `${t("received", { name: shop().name })}：`, ...rich(bubble.text, () => null).map(letters));
  byId("heard").replaceChildren(said);
}

const letters = (node) => (typeof node === "string" ? node : node.textContent);

function nodes(bubble, earlier) {
  const line = !earlier || bubble.at - earlier.at > GAP ? [el("p", { class: "time", text: timeLine(bubble.at) })] : [];
  const system = bubble.via === "system" || bubble.kind === "failure";
  return [...line, system ? el("p", { class: "system", text: bubble.text }) : message(bubble)];
}

function message(bubble) {
  const own = bubble.side === "person";
  const name = own ? person().name : shop().name;
  const picture = own ? avatar(name, ROLE_COLOURS[person().role]) : avatar(name, shopColour(model.appid), "round");
  const label = [clock(bubble.at), bubble.via && t(bubble.via)].filter(Boolean).join(" · ");
  return el(
    "article",
    { class: `message ${own ? "own" : "theirs"}`, "data-via": bubble.via, "aria-label": t(own ? "sent" : "received", { name }) },
    picture,
    el("div", { class: "said" }, el("div", { class: "bubble" }, ...content(bubble)), el("small", { class: "via", text: label })),
  );
}

function content({ kind, text, items, media }) {
  if (media) return [el("img", { class: "picture", src: pictureAt(media), alt: known(kind) ?? text, on: { load: grown } })];
  if (kind === "text") return rich(text, tap);
  if (kind === "msgmenu") return menu(text, items, tap);
  if (kind === "news") return items.map(article);
  if (kind === "template") return card(text.split("\n", 1)[0], items);
  return [known(kind) ?? text];
}

/** An article: picture, title and description; a tap opens its address. */
const article = ({ title, description, url, picture }) =>
  el(
    "a",
    { class: "article", href: url, target: "_blank", rel: "noopener noreferrer" },
    picture && el("img", { src: pictureAt(picture), alt: "", on: { load: grown } }),
    el("strong", { text: title }),
    description && el("span", { text: description }),
  );

/** A picture has loaded, and takes its room now. */
const grown = () => stays && toEnd();

const pictureAt = (address) => `/_control/picture?${new URLSearchParams({ address })}`;

/** A template message: its title, then a line for each of its keys. */
const card = (title, items) => [
  el("strong", { class: "card-title", text: title }),
  el("dl", { class: "card" }, ...items.flatMap(({ label, value }) => [el("dt", { text: label }), el("dd", { text: value })])),
];

const tap = (id, content) => act("tap", { id, content }).catch((error) => trouble(error));

/** The colour of a shop's picture. */
export const shopColour = (appid) => SHOP_COLOURS[model.shops.findIndex((one) => one.appid === appid) % SHOP_COLOURS.length];

/** Below a last message that the account took without a word: it is silent, not broken. */
function showSilence() {
  const log = byId("log");
  const last = bubbles().at(-1);
  log.querySelector(".silence")?.remove();
  if (last?.side !== "person" || !model.pushes.some((push) => push.at >= last.at && accepted(push))) return;
  log.append(el("p", { class: "system silence", text: t("silent") }));
  if (stays) toEnd();
}

/** Whether it was a message (no event) of the person shown, answered `success` or with nothing. */
const accepted = ({ appid, openid, what, outcome }) =>
  outcome === "accepted" && appid === model.appid && openid === model.openid && known(what) !== null;

function showWaiting() {
  const count = underWay();
  byId("phone").classList.toggle("waiting", count > 0);
  const own = [...byId("log").querySelectorAll(".own")];
  own.forEach((node, at) => node.classList.toggle("sending", at >= own.length - count));
}

function atEnd() {
  const log = byId("log");
  return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
}

function toEnd(smoothly = false) {
  const log = byId("log");
  stays = true;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  log.scrollTo({ top: log.scrollHeight, behavior: smoothly && !still ? "smooth" : "instant" });
  byId("newer").hidden = true;
}
