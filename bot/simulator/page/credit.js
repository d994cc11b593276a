/** WeChat's counter: the credit account with its orders, and who waits for a decision besides vouchers. */

import { ask } from "/_page/api.js";
import { badge, byId, el, keyed } from "/_page/dom.js";
import { model, on, shop } from "/_page/model.js";
import { moment, onLanguage, spoken, t } from "/_page/words.js";

const STATES = { 1: "REJECTED", 2: "CHECKING", 3: "APPROVED", 4: "REJECTED" };
const CHIPS = { CHECKING: "NOT_VERIFY", APPROVED: "VERIFY_OK", REJECTED: "VERIFY_FAIL", EXPIRED: "VERIFY_FAIL" };

/** Show both and keep them up to date. */
export function startCredit() {
  on("state", show);
  onLanguage(show);
}

function show() {
  if (!shop()) return;
  const { coins, orders } = shop();
  byId("credit-count").textContent = t("balance", coins);
  byId("credit-empty").hidden = orders.length > 0;
  const mark = (entry) => JSON.stringify([spoken(), entry]);
  keyed(byId("credit-rows"), [...orders].reverse(), ({ order_id }) => order_id, mark, order);
  const all = partners();
  const waiting = [...orders.filter(({ status }) => status === "ORDER_STATUS_WAITING"), ...all.filter((one) => one.waits)];
  for (const dot of document.querySelectorAll('#sides [data-side="credit"] .dot, #tabs [data-tab="credit"] .dot')) badge(dot, waiting.length);
  byId("partners-empty").hidden = all.length > 0;
  keyed(byId("partners-rows"), all, ({ kind, id }) => `${model.appid}/${kind}/${id}`, mark, partner);
}

function order({ order_id, order_type, status, free, paid, create_time }) {
  const waits = status === "ORDER_STATUS_WAITING";
  const pay = el("button", { type: "button", class: "primary", text: t("pay"), on: { click: () => settle("credit-result", "pay", { openid: model.openid, order_id }) } });
  return el(
    "li",
    { class: "order" },
    el("span", { class: "first" }, el("strong", { text: `${t(order_type)} · ${t("coinsOf", { n: Number(free) + Number(paid) })}` }), el("span", { class: "chip-status", "data-status": waits ? "NOT_VERIFY" : "VERIFY_OK", text: t(status) })),
    el("span", { class: "second" }, el("span", { text: moment(create_time) }), el("code", { text: order_id })),
    waits ? el("span", { class: "verdict" }, pay) : "",
  );
}

/** Sub-merchants and stores in one shape, those that wait first. */
function partners() {
  const merchants = shop().submerchants.map((one) => ({ kind: "submerchant", id: one.merchant_id, name: one.brand_name, status: one.status, more: one.reason, waits: one.status === "CHECKING" }));
  const stores = shop().stores.map((one) => {
    const changed = Boolean(one.update_status);
    const more = Object.values(one.pending).filter((value) => typeof value === "string").join(" · ");
    const name = [one.business_name, one.branch_name].filter(Boolean).join(" ");
    return { kind: "store", id: Number(one.poi_id), name, status: changed ? "CHECKING" : STATES[one.available_state], more, waits: changed || one.available_state === 2 };
  });
  return [...merchants, ...stores].sort((one, other) => Number(other.waits) - Number(one.waits));
}

function partner({ kind, id, name, status, more, waits }) {
  return el(
    "li",
    { class: "order" },
    el("span", { class: "first" }, el("strong", { text: name || String(id) }), el("span", { class: "chip-status", "data-status": CHIPS[status], text: t(status) })),
    el("span", { class: "second" }, el("span", { text: t(kind) }), el("code", { text: String(id) }), more ? el("span", { text: more }) : ""),
    waits ? verdict(kind, id) : "",
  );
}

function verdict(kind, id) {
  const reason = el("input", { type: "text", maxlength: "200", "aria-label": t("reason"), placeholder: t("reason") });
  const decide = (approve) => settle("partners-result", "decide", { kind, id, approve, reason: approve ? "" : reason.value.trim() });
  return el(
    "span",
    { class: "verdict" },
    el("button", { type: "button", class: "primary", text: t("approve"), on: { click: () => decide(true) } }),
    reason,
    el("button", { type: "button", class: "plain", text: t("refuse"), on: { click: () => decide(false) } }),
  );
}

async function settle(line, what, values) {
  const result = byId(line);
  result.textContent = "";
  try {
    const { attempts, failure } = await ask(what, { appid: model.appid, ...values });
    const { status, seconds } = attempts.at(-1) ?? { status: "–", seconds: 0 };
    result.textContent = failure ? t("pushFailed", { why: failure }) : t("pushed", { status, ms: Math.round(seconds * 1000) });
  } catch (error) {
    result.textContent = t("pushFailed", { why: error.reached ? error.message : t("noConnection") });
  }
}
