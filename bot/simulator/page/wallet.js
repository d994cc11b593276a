/** The wallet of the person shown: claim a voucher, through a channel or from a QR code, and what they have. */

import { ask } from "/_page/api.js";
import { byId, el, keyed } from "/_page/dom.js";
import { model, named, on, person, shop } from "/_page/model.js";
import { toScanner } from "/_page/till.js";
import { day, onLanguage, spoken, t } from "/_page/words.js";

/** Show it and keep it up to date. */
export function startWallet() {
  for (const kind of ["state", "chat"]) on(kind, show);
  onLanguage(show);
  byId("claim").addEventListener("submit", (event) => {
    event.preventDefault();
    claim();
  });
}

function show() {
  if (!person()) return;
  byId("wallet-who").textContent = t("ofPerson", { name: person().name });
  showForm();
  const entries = shop().wallets[model.openid] ?? [];
  byId("wallet-empty").hidden = entries.length > 0;
  keyed(byId("wallet-rows"), entries, ({ code }) => `${model.openid}/${code}`, (entry) => JSON.stringify([spoken(), entry]), row);
}

/** What can be claimed: every voucher, and every QR code of the account that still works. */
function showForm() {
  const vouchers = shop().vouchers.filter(({ status }) => !status.endsWith("DELETE"));
  const tickets = shop().tickets.filter(({ cards, expired }) => cards.length && !expired).reverse();
  const mark = JSON.stringify([spoken(), model.appid, vouchers.map(({ card_id, title }) => [card_id, title]), tickets]);
  if (byId("claim").dataset.mark === mark) return;
  const chosen = byId("claim").querySelector("select")?.value;
  byId("claim").dataset.mark = mark;
  const options = [
    ...tickets.map((ticket) => el("option", { value: `qr ${ticket.ticket}`, text: qrWords(ticket) })),
    ...vouchers.map(({ card_id, title }) => el("option", { value: `id ${card_id}`, text: title })),
  ];
  const select = el("select", { "aria-label": t("claimWhich") }, ...options);
  if (options.some(({ value }) => value === chosen)) select.value = chosen;
  const mark_ = el("input", { type: "text", maxlength: "128", "aria-label": t("channel"), placeholder: t("channel"), spellcheck: "false" });
  const marks = () => (mark_.hidden = select.value.startsWith("qr "));
  select.addEventListener("change", marks);
  marks();
  byId("claim").replaceChildren(select, mark_, el("button", { type: "submit", class: "primary", text: t("claim") }));
}

function qrWords({ cards }) {
  const titles = cards.map(({ card_id }) => shop().vouchers.find((one) => one.card_id === card_id)?.title ?? card_id);
  return t("byQr", { titles: titles.join(" + "), mark: cards[0].outer_str ? ` · ${cards[0].outer_str}` : "" });
}

async function claim() {
  const [how, what] = byId("claim").querySelector("select").value.split(" ");
  const outer = byId("claim").querySelector("input").value.trim();
  const values = how === "qr" ? { content: what } : { card_id: what, outer_str: outer };
  await deal("claim", values, ({ codes, refused }) =>
    refused ? t("failedToClaim", { why: t(`why_${refused}`) }) : t("claimed", { code: codes.map(spaced).join(" · ") }),
  );
}

async function deal(what, values, words = () => t("done")) {
  const result = byId("wallet-result");
  result.textContent = "";
  try {
    result.textContent = words(await ask(what, { appid: model.appid, openid: model.openid, ...values }));
  } catch (error) {
    result.textContent = t("failedToClaim", { why: error.reached ? error.message : t("noConnection") });
  }
}

/** 1234 5678 9012, as a phone writes it under the picture. */
export const spaced = (code) => (/^\d{12}$/.test(code) ? code.replace(/(\d{4})(?=\d)/g, "$1 ") : code);

/** The state of an entry in one word. */
const state = ({ status, usable }) => (status === "NORMAL" && !usable ? t("unusable") : t(status));

function row(entry) {
  const own = entry.owner === model.openid;
  const source = own ? entry.outer_str : t("ofFriend", { name: named(entry.owner) });
  return el(
    "li",
    { class: "card", colour: entry.color.startsWith("#") ? entry.color : "#63b359" },
    el("span", { class: "stripe", "aria-hidden": "true" }),
    el("span", { class: "first" }, el("strong", { text: entry.title }), el("span", { class: "chip-status", "data-status": entry.usable ? "VERIFY_OK" : "", text: state(entry) })),
    el("code", { class: "digits", text: spaced(entry.code) }),
    el("span", { class: "second" }, el("span", { text: t("until", { day: day(entry.end) }) }), source ? el("span", { text: source }) : "", entry.reason ? el("span", { text: entry.reason }) : ""),
    el("span", { class: "verdict" }, ...buttons(entry, own)),
  );
}

function buttons(entry, own) {
  const made = (words, use, kind = "plain") => el("button", { type: "button", class: kind, text: words, on: { click: use } });
  const { code } = entry;
  if (!own) return entry.usable ? [made(t("toTill"), () => toScanner(code))] : [];
  const friends = entry.can_give && entry.usable ? shop().persons.filter(({ role, openid }) => ["customer", "viewer"].includes(role) && openid !== model.openid) : [];
  return [
    entry.usable ? made(t("toTill"), () => toScanner(code)) : "",
    ...friends.map(({ openid, name }) => made(t("giveTo", { name }), () => deal("give", { code, to: openid }))),
    made(t("discard"), () => deal("discard", { code })),
  ];
}
