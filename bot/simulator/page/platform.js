/** The Open Platform: the provider's component with its tickets and its publication check. */

import { ask } from "/_page/api.js";
import { byId, el, keyed } from "/_page/dom.js";
import { startMerchants } from "/_page/merchants.js";
import { model, on, readStateSoon } from "/_page/model.js";
import { outcome } from "/_page/platform-text.js";
import { moment, onLanguage, spoken, t } from "/_page/words.js";

const ORDERS = ["event first", "redirect first", "event lost", "redirect lost"];

const GROUPS = [1, 2, 3, 4, 5];

let findings = [];

/** Show the platform, where there is one, and keep it up to date. */
export function startPlatform() {
  on("state", show);
  onLanguage(show);
  startMerchants();
}

function show() {
  const { component } = model.platform;
  for (const button of document.querySelectorAll('#sides [data-side="platform"], #tabs [data-tab="platform"]')) button.hidden = !component;
  if (!component) return;
  const chip = byId("provider-state");
  chip.textContent = t(component.published ? "published" : "unpublished");
  chip.dataset.status = component.published ? "VERIFY_OK" : "NOT_VERIFY";
  const focused = document.activeElement?.dataset.act;
  byId("provider-facts").replaceChildren(...facts(component));
  byId("provider-deeds").replaceChildren(...deeds(component));
  if (focused) document.querySelector(`[data-act="${CSS.escape(focused)}"]`)?.focus();
  const mark = (one) => JSON.stringify([spoken(), one]);
  keyed(byId("provider-rows"), findings, ({ group, case: name }) => `${group}/${name}`, mark, finding);
}

function facts({ name, appid, domain, events_url, messages_url, pushing }) {
  const { newest } = model.platform.ticket;
  const ticket = newest ? t("lastTicket", { moment: moment(newest) }) : t("noTicket");
  const lines = [
    [t("named"), name], ["AppID", appid], [t("domain"), domain], [t("events"), events_url], [t("messagesTo"), messages_url],
    ["ticket", pushing ? ticket : `${ticket} · ${t("stopped")}`],
  ];
  return lines.flatMap(([label, value]) => [el("dt", { text: label }), el("dd", { text: value })]);
}

function deeds({ pushing, order }) {
  const button = (key, act, kind = "plain") => el("button", { type: "button", class: kind, "data-act": key, text: t(key), on: { click: act } });
  const ticket = (key, act) => button(key, () => tell("ticket", { act }));
  const choice = el(
    "select",
    { "aria-label": t("delivery"), "data-act": "order", on: { change: () => tell("platform", { order: choice.value }) } },
    ...ORDERS.map((value) => el("option", { value, text: t(value) })),
  );
  choice.value = order;
  return [
    ticket("pushTicket", "push"), ticket("repeatTicket", "repeat"),
    pushing ? ticket("stopTickets", "stop") : ticket("resumeTickets", "resume"),
    el("label", {}, `${t("delivery")} `, choice),
    button("check", check, "primary"),
  ];
}

async function tell(what, values) {
  const line = byId("provider-result");
  line.textContent = "";
  try {
    line.textContent = outcome(await ask(what, values));
  } catch (error) {
    line.textContent = t("eventFailed", { why: error.reached ? error.message : t("noConnection") });
  }
  readStateSoon();
}

/** Play the check group by group, showing what each found; everything passed means that the platform is public. */
async function check() {
  const line = byId("provider-result");
  findings = [];
  try {
    for (const number of GROUPS) {
      line.textContent = `${t("checking")} ${t("group", { n: number })}`;
      const answer = await ask("publish", { groups: [number] });
      findings = [...findings, ...answer.findings.filter(({ group }) => group || number === GROUPS[0])];
      show();
    }
    const bad = findings.filter(({ passed }) => !passed).length;
    if (!bad) await ask("platform", { published: true });
    line.textContent = bad ? t("checkFailed", { n: bad, all: findings.length }) : t("checkPassed", { n: findings.length });
  } catch (error) {
    line.textContent = t("eventFailed", { why: error.reached ? error.message : t("noConnection") });
  }
}

function finding({ group, case: name, expected, came, seconds, passed }) {
  const what = (text) => text || t("nothingAtAll");
  return el(
    "li",
    { class: "finding" },
    el("span", { class: "first" }, el("strong", { text: [group ? t("group", { n: group }) : "", t(`case_${name}`)].filter(Boolean).join(" · ") }), el("span", { class: "chip-status", "data-status": passed ? "VERIFY_OK" : "VERIFY_FAIL", text: passed ? t("seconds", { n: seconds.toFixed(2) }) : t("failed") })),
    passed ? "" : el("span", { class: "second" }, el("span", { text: t("wanted", { what: what(expected) }) }), el("span", { text: t("cameInstead", { what: what(came) }) })),
  );
}
