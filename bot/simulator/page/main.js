/** Starts the page: its views, the tabs of a narrow screen, and the keys that work everywhere. */

import { closeAbout, startAbout } from "/_page/about.js";
import { startChat } from "/_page/chat.js";
import { startComposer } from "/_page/composer.js";
import { byId } from "/_page/dom.js";
import { startFaults } from "/_page/faults.js";
import { model, on, start } from "/_page/model.js";
import { startPeople } from "/_page/people.js";
import { startReviews } from "/_page/reviews.js";
import { startTraffic } from "/_page/traffic.js";
import { startVouchers } from "/_page/vouchers.js";
import { onLanguage, preferred, speak, spoken, t } from "/_page/words.js";

const BACK = 4000; // milliseconds the line about a regained connection stays

function startTabs() {
  byId("tabs").addEventListener("click", (event) => {
    const tab = event.target.closest("button")?.dataset.tab;
    if (tab) show(tab);
  });
}

function show(tab) {
  document.body.dataset.tab = tab;
  for (const button of byId("tabs").children) {
    if (button.dataset.tab === tab) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
  if (tab === "chat") byId("log").scrollTo({ top: byId("log").scrollHeight });
}

function startLanguage() {
  const buttons = [...document.querySelectorAll("[data-language]")];
  for (const button of buttons) button.addEventListener("click", () => speak(button.dataset.language));
  onLanguage(() => buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.language === spoken()))));
  speak(preferred());
}

function startLine() {
  const line = byId("line");
  let was = true;
  let timer = 0;
  const say = () => {
    clearTimeout(timer);
    line.classList.toggle("bad", !model.connected);
    line.textContent = model.connected ? (was ? "" : t("back")) : t("lost");
    if (model.connected && !was) timer = setTimeout(() => (line.textContent = ""), BACK);
    was = model.connected;
  };
  on("line", say);
}

/** Escape closes what is open, and on a narrow screen leads back to the chat. */
function startEscape() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const inner = document.activeElement?.closest("details[open]");
    if (inner) {
      inner.open = false;
      inner.querySelector("summary").focus();
    } else if (!closeAbout()) show("chat");
  });
}

startTabs();
startLine();
startEscape();
for (const view of [startPeople, startChat, startComposer, startAbout, startVouchers, startReviews, startTraffic, startFaults]) view();
startLanguage();
start();
