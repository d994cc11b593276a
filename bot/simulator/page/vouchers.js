/** The vouchers of the shop as WeChat keeps them. */

import { byId, el, keyed } from "/_page/dom.js";
import { model, on, shop } from "/_page/model.js";
import { day, moment, onLanguage, spoken, t } from "/_page/words.js";

/** Show them and keep them up to date. */
export function startVouchers() {
  on("state", show);
  onLanguage(show);
}

/** The status by its bare name. */
export const bare = (status) => status.replace(/^CARD_STATUS_/, "");

/** The voucher's own object: base_info, advanced_info and the fields of its type. */
const inside = (card) => card[card.card_type.toLowerCase()];

function show() {
  const vouchers = shop()?.vouchers ?? [];
  byId("vouchers-count").textContent = String(vouchers.length || "");
  const mark = (voucher) => JSON.stringify([spoken(), voucher]);
  keyed(byId("vouchers-rows"), vouchers, ({ card_id }) => `${model.appid}/${card_id}`, mark, row);
}

function row(voucher) {
  const { base_info: base } = inside(voucher.card);
  const status = bare(voucher.status);
  return el(
    "li",
    { class: "voucher", colour: base.color?.startsWith("#") ? base.color : "#63b359" },
    el(
      "details",
      {},
      el(
        "summary",
        {},
        el("span", { class: "stripe", "aria-hidden": "true" }),
        el("span", { class: "first" }, el("strong", { text: voucher.title }), el("span", { class: "chip-status", "data-status": status, text: t(status) })),
        el("span", { class: "second" }, el("span", { text: kind(voucher) }), el("span", { text: stock(base) }), el("span", { text: validity(base.date_info) })),
      ),
      facts(voucher, base),
    ),
  );
}

const kind = ({ card_type, friends }) => (friends ? `${t(card_type)} · ${t("friends")}` : t(card_type));

const stock = ({ sku }) => t("stock", { left: sku?.quantity ?? 0, all: sku?.total_quantity ?? sku?.quantity ?? 0 });

function validity(dates = {}) {
  if (dates.end_timestamp) return t("until", { day: day(dates.end_timestamp) });
  return dates.fixed_term ? t("days", { n: dates.fixed_term }) : t("forever");
}

function facts({ card_id, source }, base) {
  const lines = [
    [t("description"), base.description], [t("notice"), base.notice], [t("service_phone"), base.service_phone],
    [t("cardId"), card_id], ["", [t(source ? "api" : "console"), base.update_time ? t("changedAt", { moment: moment(base.update_time) }) : ""].filter(Boolean).join(" · ")],
  ];
  return el("dl", { class: "facts" }, ...lines.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", { text: name }), el("dd", { text: value })]));
}
