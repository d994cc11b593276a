/**
 * What the page knows: read from the control API once, then kept true by its stream. Views listen for
 * "state" (shops, persons, vouchers, reviews), "bubble", "chat" (another conversation is shown, or it was read
 * anew), "unread", "waiting", "traffic" and "line" (the connection).
 */

import { ask, listen } from "/_page/api.js";

const events = new EventTarget();
const SHOWN = 200;
const KEPT = "page.seen";

export const model = { shops: [], platform: { component: null }, appid: "", openid: "", calls: [], pushes: [], connected: true };

const chats = new Map(); // conversation → bubbles
const waiting = new Map(); // conversation → pushes under way
const seen = new Map(Object.entries(recall())); // conversation → when it was last looked at

/** Call `act(detail)` whenever `kind` happens. */
export const on = (kind, act) => events.addEventListener(kind, (event) => act(event.detail));
const tell = (kind, detail = null) => events.dispatchEvent(new CustomEvent(kind, { detail }));

const conversation = (appid, openid) => `${appid}/${openid}`;

export const shop = () => model.shops.find(({ appid }) => appid === model.appid);
export const person = () => shop()?.persons.find(({ openid }) => openid === model.openid);
export const named = (openid) => shop()?.persons.find((one) => one.openid === openid)?.name ?? openid;
export const bubbles = (appid = model.appid, openid = model.openid) => chats.get(conversation(appid, openid)) ?? [];
export const underWay = () => waiting.get(conversation(model.appid, model.openid)) ?? 0;

/** How many messages of the account a person has not looked at. */
export function unread(appid, openid) {
  if (appid === model.appid && openid === model.openid) return 0;
  const since = seen.get(conversation(appid, openid)) ?? 0;
  return bubbles(appid, openid).filter(({ side, at }) => side === "account" && at > since).length;
}

/** Speak as somebody; without openid as whoever was chosen last in that shop, else as the manager. */
export function choose(appid, openid = "") {
  const place = model.shops.find((one) => one.appid === appid) ?? model.shops[0];
  if (!place) return;
  const role = person()?.role ?? "manager";
  const found = place.persons.find((one) => one.openid === openid) ?? place.persons.find((one) => one.role === role);
  look();
  Object.assign(model, { appid: place.appid, openid: (found ?? place.persons[0])?.openid ?? "" });
  look();
  tell("chat");
  tell("unread");
  tell("state");
}

/** Remember that the conversation on the screen has been read. */
function look() {
  if (!model.openid) return;
  seen.set(conversation(model.appid, model.openid), bubbles().at(-1)?.at ?? 0);
  keep(Object.fromEntries(seen));
}

// acting ----------------------------------------------------------------------------------------------------

/** Post as the person shown; counts as under way until the push is over. */
export async function act(what, values) {
  const { appid, openid } = model;
  const key = conversation(appid, openid);
  waiting.set(key, (waiting.get(key) ?? 0) + 1);
  tell("waiting");
  try {
    return await ask(what, { appid, openid, ...values });
  } finally {
    waiting.set(key, waiting.get(key) - 1);
    tell("waiting");
    if (!model.connected) await readChat(appid, openid);
  }
}

// reading ---------------------------------------------------------------------------------------------------

/** Read everything, then follow the stream; after a lost connection read everything again. */
export function start() {
  listen(
    {
      bubble: ({ appid, openid, bubble }) => heard(appid, openid, bubble),
      push: (push) => remember("pushes", push),
      call: (call) => remember("calls", call),
      voucher: readStateSoon,
      review: readStateSoon,
      person: readStateSoon,
      ...Object.fromEntries(["code", "ticket", "menu", "order", "poi", "submerchant", "authorisation", "card_merchant", "platform"].map((kind) => [kind, readStateSoon])),
    },
    { opened: readAll, lost: () => line(false) },
  );
}

async function readAll() {
  try {
    await readState();
    await Promise.all([readLog(), ...model.shops.flatMap((one) => one.persons.map(({ openid }) => readChat(one.appid, openid)))]);
  } catch {
    return; // the stream has broken off again, and its next opening reads anew
  }
  line(true);
  tell("chat");
  tell("unread");
}

async function readState() {
  const [{ shops }, platform] = await Promise.all([ask("state"), ask("platform")]);
  Object.assign(model, { shops, platform });
  if (!person()) choose(shops[0]?.appid);
  tell("state");
}

async function readChat(appid, openid) {
  const key = conversation(appid, openid);
  const before = new Set(chats.get(key) ?? []);
  const read = await ask(`chat?${new URLSearchParams({ appid, openid })}`);
  if (!seen.has(key)) seen.set(key, read.bubbles.at(-1)?.at ?? 0);
  const meanwhile = (chats.get(key) ?? []).filter((bubble) => !before.has(bubble) && !has(read.bubbles, bubble));
  chats.set(key, [...read.bubbles, ...meanwhile]);
}

async function readLog() {
  const { calls, pushes } = await ask("log");
  Object.assign(model, { calls, pushes });
  tell("traffic");
}

let soon = 0;

/** Read the state in a moment: changes come in handfuls. */
export function readStateSoon() {
  soon ||= setTimeout(() => {
    soon = 0;
    readState().catch(() => null); // lost connections are the stream's matter
  }, 60);
}

function heard(appid, openid, bubble) {
  const key = conversation(appid, openid);
  const known = chats.get(key) ?? [];
  if (has(known, bubble)) return;
  chats.set(key, [...known, bubble]);
  if (appid === model.appid && openid === model.openid) {
    look();
    tell("bubble", bubble);
  }
  tell("unread");
  readStateSoon();
}

const has = (list, { at, side, text }) => list.some((one) => one.at === at && one.side === side && one.text === text);

function remember(list, entry) {
  model[list] = [...model[list], entry].slice(-SHOWN);
  tell("traffic");
}

function line(connected) {
  if (model.connected === connected) return;
  model.connected = connected;
  tell("line");
}

function recall() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  } catch {
    return {}; // no storage, or not ours: everything counts as read
  }
}

function keep(value) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(value));
  } catch {
    return; // see recall()
  }
}
