/** The fold-out under the chat's header: the account, and whether it may write to this person. */

import { byId, el } from "/_page/dom.js";
import { act, on, person, readStateSoon, shop } from "/_page/model.js";
import { trouble } from "/_page/composer.js";
import { moment, onLanguage, t } from "/_page/words.js";

/** Let the button open it, Escape and the button close it. */
export function startAbout() {
  byId("about-button").addEventListener("click", () => open(byId("about").hidden));
  byId("about").addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    open(false);
    byId("about-button").focus();
  });
  for (const kind of ["state", "chat"]) on(kind, show);
  onLanguage(show);
}

/** Whether something was open and is closed now. */
export function closeAbout() {
  const was = !byId("about").hidden;
  if (was) open(false);
  return was;
}

function open(wanted) {
  byId("about").hidden = !wanted;
  byId("about-button").setAttribute("aria-expanded", String(wanted));
  show();
}

function show() {
  if (byId("about").hidden || !person()) return;
  const { name, follows, window: { left, until } } = person();
  const { appid, original_id, mode, callback_url } = shop();
  const lines = [
    [t("window"), left ? t("windowOpen", { n: left, moment: moment(until) }) : t("windowShut")],
    [t("mode"), t(mode)], ["AppID", appid], [t("originalId"), original_id], [t("callback"), callback_url],
  ];
  const focused = byId("about").contains(document.activeElement);
  const change = () => act(follows ? "unfollow" : "follow", {}).then(readStateSoon, trouble);
  const button = el("button", { type: "button", class: "plain", text: t(follows ? "unfollow" : "follow"), on: { click: change } });
  byId("about").replaceChildren(
    el("p", { class: "follows" }, el("span", { text: t(follows ? "following" : "notFollowing", { name }) }), button),
    el("dl", { class: "facts" }, ...lines.flatMap(([label, value]) => [el("dt", { text: label }), el("dd", { text: value })])),
  );
  if (focused) button.focus();
}
