/** The reviewers' desk: what waits, approve or refuse with a reason, what was decided lately. */

import { ask } from "/_page/api.js";
import { badge, byId, el, keyed } from "/_page/dom.js";
import { model, on, shop } from "/_page/model.js";
import { known, moment, onLanguage, spoken, t } from "/_page/words.js";

const SHOWN = 3;
const REASONS = ["reason1", "reason2", "reason3", "reason4"];

/** Show the queue and keep it up to date. */
export function startReviews() {
  on("state", show);
  onLanguage(show);
}

function show() {
  const { reviews = [], decided = [] } = shop() ?? {};
  byId("reviews-count").textContent = String(reviews.length || "");
  byId("reviews-empty").hidden = reviews.length > 0;
  badge(document.querySelector('#tabs [data-tab="reviews"] .dot'), reviews.length);
  const mark = (entry) => JSON.stringify([spoken(), entry]);
  const key = ({ card_id, submitted_at }) => `${model.appid}/${card_id}/${submitted_at}`;
  keyed(byId("reviews-rows"), reviews, key, mark, waiting);
  keyed(byId("reviews-past"), decided.slice(-SHOWN).reverse(), key, mark, past);
}

function waiting(review) {
  const form = refusal(review);
  const refuse = el("button", { type: "button", class: "plain", text: t("refuse"), "aria-expanded": "false", on: { click: () => unfold(form, refuse) } });
  const approve = el("button", { type: "button", class: "primary", text: t("approve"), on: { click: () => decide(review, true) } });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    fold(form, refuse);
  });
  form.querySelector("[data-cancel]").addEventListener("click", () => fold(form, refuse));
  return el(
    "li",
    { class: "review" },
    el("p", { class: "first" }, el("strong", { text: review.title }), el("small", { text: t("submitted", { moment: moment(review.submitted_at) }) })),
    changes(review.changed),
    el("div", { class: "verdict" }, approve, refuse),
    form,
  );
}

function changes(changed) {
  return el(
    "dl",
    { class: "changes" },
    ...Object.entries(changed).flatMap(([path, [old, now]]) => {
      const name = path.split(".").at(-1);
      return [el("dt", { text: known(name) ?? name }), el("dd", {}, el("del", { text: shown(old) }), el("ins", { text: shown(now) }))];
    }),
  );
}

function shown(value) {
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length)) return t("none");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function refusal(review) {
  const reason = el("input", { type: "text", required: true, maxlength: "200", "aria-label": t("reason"), placeholder: t("reason"), value: t(REASONS[0]) });
  const chips = REASONS.map((key) =>
    el("button", { type: "button", class: "chip", text: t(key), lang: "zh-CN", on: { click: () => pick(reason, t(key)) } }),
  );
  return el(
    "form",
    {
      class: "refusal", hidden: true,
      on: {
        submit: (event) => {
          event.preventDefault();
          decide(review, false, reason.value.trim());
        },
      },
    },
    reason,
    el("div", { class: "reasons", role: "group", "aria-label": t("reasons") }, ...chips),
    el("div", { class: "verdict" }, el("button", { type: "submit", class: "danger", text: t("confirmRefuse") }), el("button", { type: "button", class: "plain", "data-cancel": true, text: t("cancel") })),
  );
}

function pick(field, words) {
  field.value = words;
  field.focus();
}

function unfold(form, button) {
  form.hidden = !form.hidden;
  button.setAttribute("aria-expanded", String(!form.hidden));
  if (!form.hidden) form.querySelector("input").select();
}

function fold(form, button) {
  form.hidden = true;
  button.setAttribute("aria-expanded", "false");
  button.focus();
}

async function decide({ card_id }, approve, reason = "") {
  const result = byId("reviews-result");
  result.textContent = "";
  try {
    const { attempts, failure } = await ask("review", { appid: model.appid, card_id, approve, reason });
    const { status, seconds } = attempts.at(-1) ?? { status: "–", seconds: 0 };
    result.textContent = failure ? t("pushFailed", { why: failure }) : t("pushed", { status, ms: Math.round(seconds * 1000) });
  } catch (error) {
    result.textContent = t("pushFailed", { why: error.reached ? error.message : t("noConnection") });
  }
  if (document.activeElement === document.body) byId("say").focus();
}

function past({ title, approved, reason, decided_at }) {
  return el(
    "li",
    { class: "decision" },
    el("span", { class: "chip-status", "data-status": approved ? "VERIFY_OK" : "VERIFY_FAIL", text: t(approved ? "approved" : "refused") }),
    el("span", { class: "what" }, el("strong", { text: title }), reason ? `：${reason}` : ""),
    el("time", { text: moment(decided_at) }),
  );
}
