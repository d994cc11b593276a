/** Words for what the Open Platform says: permission sets, and how a push went. */

import { SETS } from "/_page/platform-words.js";
import { spoken, t } from "/_page/words.js";

/** A set's name: the page's own in English, the platform's in Chinese. */
export const setName = ({ id, name }) => (spoken() === "en" ? SETS[id] : null) ?? name;

/** How a push went, "" where nothing was pushed. */
export function outcome({ attempts, failure }) {
  if (failure) return t("eventFailed", { why: failure });
  const last = attempts?.at(-1);
  return last ? t("eventAccepted", { status: last.status, ms: Math.round(last.seconds * 1000) }) : "";
}
