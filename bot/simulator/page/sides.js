/** Which part of WeChat's side is on the screen: the sides of a wide screen, the tabs of a narrow one. */

import { byId } from "/_page/dom.js";

const SIDES = { vouchers: "desk", reviews: "desk", traffic: "desk", wallet: "wallet", credit: "credit", platform: "platform" };

/** Let the buttons above WeChat's side change it. */
export function startSides() {
  byId("sides").addEventListener("click", (event) => {
    const side = event.target.closest("button")?.dataset.side;
    if (side) showSide(side);
  });
}

/** Let the tabs of a narrow screen change what it shows. */
export function startTabs() {
  byId("tabs").addEventListener("click", (event) => {
    const tab = event.target.closest("button")?.dataset.tab;
    if (tab) showTab(tab);
  });
}

/** Show a side: "desk", "wallet", "credit" or "platform". */
export function showSide(side) {
  document.body.dataset.side = side;
  for (const button of byId("sides").children) button.setAttribute("aria-pressed", String(button.dataset.side === side));
}

/** Show a tab, and the side it belongs to. */
export function showTab(tab) {
  document.body.dataset.tab = tab;
  for (const button of byId("tabs").children) {
    if (button.dataset.tab === tab) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
  if (SIDES[tab]) showSide(SIDES[tab]);
  if (tab === "chat") byId("log").scrollTo({ top: byId("log").scrollHeight });
}
