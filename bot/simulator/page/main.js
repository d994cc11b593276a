/** Starts the page: its views, the tabs of a narrow screen, and the keys that work everywhere. */

import { closeAbout, startAbout } from "/_page/about.js";
import { startChat } from "/_page/chat.js";
import { startComposer } from "/_page/composer.js";
import { startCredit } from "/_page/credit.js";
import { byId } from "/_page/dom.js";
import { startFaults } from "/_page/faults.js";
import { startMenu } from "/_page/menu.js";
import { model, on, start } from "/_page/model.js";
import { startPeople } from "/_page/people.js";
import { startPlatform } from "/_page/platform.js";
import { startReviews } from "/_page/reviews.js";
import { showTab, startSides, startTabs } from "/_page/sides.js";
import { startTill } from "/_page/till.js";
import { startTraffic } from "/_page/traffic.js";
import { startVouchers } from "/_page/vouchers.js";
import { startWallet } from "/_page/wallet.js";
import { onLanguage, preferred, speak, spoken, t } from "/_page/words.js";

const BACK = 4000; // milliseconds the line about a regained connection stays

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
    } else if (!closeAbout()) showTab("chat");
  });
}

startTabs();
startLine();
startEscape();
for (const view of [startPeople, startChat, startComposer, startAbout, startVouchers, startReviews, startTraffic, startFaults, startSides, startMenu, startWallet, startTill, startCredit, startPlatform]) view();
startLanguage();
start();
