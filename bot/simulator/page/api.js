/** The control API: JSON both ways, and the stream of what happens. */

const PATIENCE = [500, 1000, 2000, 4000]; // milliseconds between attempts to open the stream again

/** What stands in the way, in the control API's own words; `reached` is false when it could not be asked. */
export class Refused extends Error {
  constructor(message, reached = true) {
    super(message);
    this.reached = reached;
  }
}

/** GET, or POST with `body`. Throws `Refused`. */
export async function ask(what, body = null) {
  const sent = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  let response;
  let answer;
  try {
    response = await fetch(`/_control/${what}`, sent ?? {});
    answer = await response.json();
  } catch (error) {
    throw new Refused(String(error), false);
  }
  if (!response.ok) throw new Refused(answer.error);
  return answer;
}

/**
 * Follow the stream for good: `on[kind](data)` for every happening, `opened()` after each (re)connection,
 * `lost()` when it breaks off. The browser's own repetition ends at the first answer that is no stream, so it
 * is done here.
 */
export function listen(on, { opened, lost }, attempt = 0) {
  const source = new EventSource("/_control/stream");
  let tries = attempt;
  source.onopen = () => {
    tries = 0;
    opened();
  };
  source.onerror = () => {
    source.close();
    lost();
    setTimeout(() => listen(on, { opened, lost }, tries + 1), PATIENCE[Math.min(tries, PATIENCE.length - 1)]);
  };
  for (const [kind, act] of Object.entries(on)) source.addEventListener(kind, ({ data }) => act(JSON.parse(data)));
}
