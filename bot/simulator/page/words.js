/** The page's own words in both languages, and how it writes days and times. */

import * as platform from "/_page/platform-words.js";

const ZONE = "Asia/Shanghai"; // the phone is in China, as the bot's answers are
const KEPT = "page.language";

const zh = {
  title: "模拟微信",
  shops: "公众号", language: "语言", people: "以谁的身份说话 · 开始时的角色", speakAs: "以谁的身份说话",
  atFirst: "演示开始时的角色。以后由机器人管理：发「我」看现在的角色。", messages: "聊天记录", message: "消息",
  placeholder: "发消息给公众号", send: "发送", typing: "对方正在输入…", about: "账号信息", newer: "新消息",
  suggestions: "可以这样发", side: "微信一侧", tabs: "页面", tabChat: "聊天", tabReviews: "审核", tabTraffic: "动态",
  owner: "老板", manager: "店长", clerk: "店员", viewer: "查看者", customer: "顾客",
  unread: "{n} 条未读", nothingYet: "还没有消息", start: "发一句话，或点下面的建议。",
  tryIt: "试一试", try1: "以店长身份发「统计」，看昨天的数字", try2: "发「修改春节券须知=周末不可用」，再发「确认」",
  try3: "在审核队列里拒绝，看通知怎样到来", tryNote: "这里全是模拟的，不会联系微信。",
  unfollowed: "未关注", silent: "账号没有回复（success）", text: "文字", event: "事件", passive: "被动回复", custom: "客服消息", template: "模板消息", system: "系统",
  sent: "{name}说", received: "{name}回复", sending: "送达中",
  image: "[图片]", voice: "[语音]", video: "[视频]", music: "[音乐]", news: "[图文]", wxcard: "[卡券]",
  lost: "连接已断开，正在重连…", back: "已重新连接",
  notSent: "没有发出去：{why}", noConnection: "连不上模拟微信",
  vouchers: "卡券", stock: "库存 {left}/{all}", until: "到 {day}", from: "{day} 起", changedAt: "改于 {moment}",
  friends: "朋友的券", console: "后台创建", api: "接口创建", cardId: "卡券 ID", days: "领取后 {n} 天内有效", forever: "长期有效",
  CASH: "代金券", GIFT: "兑换券", GROUPON: "团购券", DISCOUNT: "折扣券", GENERAL_COUPON: "优惠券", MEMBER_CARD: "会员卡",
  NOT_VERIFY: "审核中", VERIFY_FAIL: "未通过", VERIFY_OK: "已通过", DELETE: "已删除", DISPATCH: "投放中",
  logo_url: "LOGO", notice: "提醒", description: "使用须知", color: "颜色", service_phone: "客服电话", time_limit: "可用时段",
  abstract: "封面简介", text_image_list: "图文介绍", business_service: "商户服务", consume_share_self_num: "核销后赠券",
  consume_share_card_list: "核销后赠他券", date_info: "有效期", none: "（空）",
  reviews: "审核队列", noReviews: "没有等待审核的卡券。改动使用须知、LOGO、提醒、颜色后会到这里。", submitted: "{moment} 送审",
  approve: "通过", refuse: "拒绝", reason: "拒绝原因", reasons: "常用原因", confirmRefuse: "拒绝并通知", cancel: "取消",
  decided: "最近的结果", approved: "通过", refused: "拒绝", pushed: "结果已推送：HTTP {status}，{ms} 毫秒", pushFailed: "结果没有送达：{why}",
  reason1: "LOGO 模糊", reason2: "使用须知含违规内容", reason3: "图片与商户不符", reason4: "使用时间描述不清",
  traffic: "推送与接口", filter: "显示", all: "全部", pushes: "推送", calls: "接口", noTraffic: "还没有推送和接口调用。",
  replied: "已回复", accepted: "已接收", failed: "失败", tries: "{n} 次", seconds: "{n} 秒", ms: "{n} 毫秒", cut: "断开",
  attempt: "第 {n} 次：{what}，{ms} 毫秒", bytes: "{n} 字节", noAnswer: "没有应答",
  faults: "注入故障", faultApi: "接口", faultPush: "推送", nextCalls: "接下来", times: "次", anyCall: "任何接口",
  busy: "系统繁忙 -1", slow: "慢 6 秒", expired: "token 过期", quota: "超出配额 45009", lose: "做了但没应答", page: "网关错误页 502",
  duplicate: "推送重复", cutPush: "断线重推", delay: "晚到 3 秒", faultTemplate: "模板消息", blocked: "用户拒收", undelivered: "发送失败", unheard: "没有回执", clear: "恢复正常",
  armed: "接下来 {n} 次 {where}：{what}", expiredNow: "token 已经过期：下一次接口调用会收到 40001", cleared: "一切正常",
  mode: "消息模式", plain: "明文", compatible: "兼容", safe: "安全", originalId: "原始 ID", callback: "服务器地址",
  window: "可主动发消息", windowOpen: "还可发 {n} 条，到 {moment}", windowShut: "现在不能（对方 48 小时内没有说话）",
  follow: "关注", unfollow: "取消关注", following: "{name}已关注", notFollowing: "{name}未关注", close: "关闭",
  sideDesk: "卡券与推送", sideWallet: "钱包与收银", sideCredit: "券点与商户", tabWallet: "卡包", tabCredit: "券点", menu: "公众号菜单",
  sendPicture: "发图片", wallet: "卡包", till: "收银台", credit: "券点账户", partners: "子商户与门店", ofPerson: "{name}的",
  claim: "领取", claimWhich: "领哪张", channel: "渠道标记（可不填）", byQr: "扫码：{titles}{mark}", claimed: "领到了，券码 {code}", done: "好了",
  noCards: "还没有券。在上面选一张领取。", ofFriend: "{name}的券，朋友共享", owned: "自己的", CONSUMED: "已核销", NORMAL: "可用", EXPIRE: "已过期",
  GIFTING: "赠送中", GIFT_TIMEOUT: "已退回", UNAVAILABLE: "已失效", unusable: "未到时间", toTill: "拿到收银台", discard: "删除", giveTo: "送给{name}",
  failedToClaim: "领不到：{why}", why_deleted: "券已删除", why_not_approved: "还没通过审核", why_no_stock: "库存没有了", why_limit: "已到每人限领数",
  why_too_early: "开始前五天内才能领", why_expired: "已过期", why_ticket_expired: "二维码已过期", why_ticket_used: "二维码已用过",
  why_other_person: "指定了别人", why_code: "自定义券码缺失或已被领", scanCode: "扫码", typeCode: "发给公众号", code: "券码", codeHint: "扫到或输入的券码",
  scanAs: "{name}来扫", noScanButton: "{name}的菜单里没有扫码按钮，可以把券码发给公众号", typed: "核销 {code}", scanned: "扫码已送达：{what}",
  inSight: "顾客手里可用的券", nothingInSight: "没有人有可用的券。", balance: "共 {total}：赠送 {free}，充值 {paid}", pay: "付款",
  noOrders: "还没有订单。", ORDER_TYPE_SYS_ADD: "平台赠送", ORDER_TYPE_WXPAY: "充值", ORDER_TYPE_REDUCE: "兑换库存", ORDER_TYPE_REFUND: "退回", ORDER_TYPE_SYS_REDUCE: "平台扣减",
  ORDER_STATUS_WAITING: "待付款", ORDER_STATUS_FINANCE_SUCC: "已到账", ORDER_STATUS_QUANTITY_SUCC: "已入库存", coinsOf: "{n} 券点",
  noPartners: "没有子商户，也没有门店。", submerchant: "子商户", store: "门店", CHECKING: "审核中", APPROVED: "已通过", REJECTED: "未通过", EXPIRED: "授权到期",
};

const en = {
  title: "Simulated WeChat",
  shops: "Official accounts", language: "Language", people: "Speak as · role at the start", speakAs: "Speak as",
  atFirst: "The role when the demo began. The bot keeps roles: send \"whoami\" for the present one.", messages: "Conversation", message: "Message",
  placeholder: "Message the account", send: "Send", typing: "typing…", about: "About the account", newer: "New messages",
  suggestions: "You could send", side: "The WeChat side", tabs: "Pages", tabChat: "Chat", tabReviews: "Reviews", tabTraffic: "Activity",
  owner: "Owner", manager: "Manager", clerk: "Clerk", viewer: "Viewer", customer: "Customer",
  unread: "{n} unread", nothingYet: "No messages yet", start: "Write something, or tap a suggestion below.",
  tryIt: "Try this", try1: 'As the manager, send "stats" to read the latest figures', try2: 'Send "update 春节券 description=周末不可用", then "yes"',
  try3: "Refuse it in the review queue and see the notice arrive", tryNote: "All of this is simulated; nothing reaches WeChat.",
  unfollowed: "Not following", silent: "The account did not reply (success)", text: "text", event: "event", passive: "Passive reply", custom: "Customer-service message", template: "Template message", system: "System",
  sent: "{name} says", received: "{name} answers", sending: "Being delivered",
  image: "[picture]", voice: "[voice]", video: "[video]", music: "[music]", news: "[article]", wxcard: "[voucher]",
  lost: "Connection lost, reconnecting…", back: "Connected again",
  notSent: "Not sent: {why}", noConnection: "the simulated WeChat cannot be reached",
  vouchers: "Vouchers", stock: "{left}/{all} left", until: "until {day}", from: "from {day}", changedAt: "changed {moment}",
  friends: "friends", console: "from the console", api: "through the API", cardId: "Card ID", days: "{n} days after claiming", forever: "no end date",
  CASH: "Cash", GIFT: "Gift", GROUPON: "Group buy", DISCOUNT: "Discount", GENERAL_COUPON: "Coupon", MEMBER_CARD: "Member card",
  NOT_VERIFY: "Under review", VERIFY_FAIL: "Refused", VERIFY_OK: "Approved", DELETE: "Deleted", DISPATCH: "Issued",
  logo_url: "Logo", notice: "Notice", description: "Description", color: "Colour", service_phone: "Service phone", time_limit: "Usable times",
  abstract: "Cover text", text_image_list: "Pictures and text", business_service: "Services", consume_share_self_num: "Gift after use",
  consume_share_card_list: "Other gift after use", date_info: "Validity", none: "(empty)",
  reviews: "Review queue", noReviews: "Nothing waits for review. A changed description, logo, notice or colour comes here.", submitted: "Submitted {moment}",
  approve: "Approve", refuse: "Refuse", reason: "Reason for refusal", reasons: "Common reasons", confirmRefuse: "Refuse and notify", cancel: "Cancel",
  decided: "Latest results", approved: "Approved", refused: "Refused", pushed: "Result pushed: HTTP {status}, {ms} ms", pushFailed: "Result not delivered: {why}",
  reason1: "LOGO 模糊", reason2: "使用须知含违规内容", reason3: "图片与商户不符", reason4: "使用时间描述不清",
  traffic: "Activity", filter: "Show", all: "All", pushes: "Pushes", calls: "Calls", noTraffic: "No push and no API call yet.",
  replied: "replied", accepted: "accepted", failed: "failed", tries: "{n} tries", seconds: "{n} s", ms: "{n} ms", cut: "cut off",
  attempt: "Try {n}: {what}, {ms} ms", bytes: "{n} bytes", noAnswer: "no answer",
  faults: "Let something go wrong", faultApi: "API calls", faultPush: "Pushes", nextCalls: "The next", times: "times", anyCall: "any call",
  busy: "System busy −1", slow: "6 s slow", expired: "Token expired", quota: "Quota used up 45009", lose: "Done, answer lost", page: "Gateway page 502",
  duplicate: "Pushed twice", cutPush: "Cut and repeated", delay: "3 s late", faultTemplate: "Template messages", blocked: "Blocked by the user", undelivered: "Sending fails", unheard: "No receipt", clear: "All well again",
  armed: "Next {n} × {where}: {what}", expiredNow: "The token has expired: the next API call gets 40001", cleared: "Everything works again",
  mode: "Message mode", plain: "plain", compatible: "compatible", safe: "safe", originalId: "Original ID", callback: "Server address",
  window: "May write unasked", windowOpen: "{n} more, until {moment}", windowShut: "not now (no word from them for 48 hours)",
  follow: "Follow", unfollow: "Unfollow", following: "{name} follows", notFollowing: "{name} does not follow", close: "Close",
  sideDesk: "Vouchers & activity", sideWallet: "Wallet & till", sideCredit: "Credit & partners", tabWallet: "Wallet", tabCredit: "Credit", menu: "The account's menu",
  sendPicture: "Send a picture", wallet: "Wallet", till: "Till", credit: "Credit account", partners: "Sub-merchants & stores", ofPerson: "of {name}",
  claim: "Claim", claimWhich: "Which voucher", channel: "channel mark (optional)", byQr: "Scan: {titles}{mark}", claimed: "Claimed, code {code}", done: "Done",
  noCards: "No voucher yet. Choose one above and claim it.", ofFriend: "shared by {name}", owned: "own", CONSUMED: "Redeemed", NORMAL: "Usable", EXPIRE: "Expired",
  GIFTING: "Being given", GIFT_TIMEOUT: "Came back", UNAVAILABLE: "Invalid", unusable: "Not yet", toTill: "To the till", discard: "Delete", giveTo: "Give to {name}",
  failedToClaim: "Not claimed: {why}", why_deleted: "it was deleted", why_not_approved: "not approved yet", why_no_stock: "no stock left", why_limit: "the limit per person is reached",
  why_too_early: "only from five days before its start", why_expired: "it has expired", why_ticket_expired: "the QR code has expired", why_ticket_used: "the QR code has been used",
  why_other_person: "it is meant for somebody else", why_code: "its own code is missing or taken", scanCode: "Scan", typeCode: "Send to the account", code: "Code", codeHint: "scanned or typed code",
  scanAs: "{name} scans", noScanButton: "{name} has no scan button in the menu; the code can be sent as a message", typed: "redeem {code}", scanned: "Scan delivered: {what}",
  inSight: "Usable vouchers of customers", nothingInSight: "Nobody has a usable voucher.", balance: "{total} in all: {free} given, {paid} topped up", pay: "Pay",
  noOrders: "No order yet.", ORDER_TYPE_SYS_ADD: "Given by WeChat", ORDER_TYPE_WXPAY: "Top-up", ORDER_TYPE_REDUCE: "Stock bought", ORDER_TYPE_REFUND: "Refund", ORDER_TYPE_SYS_REDUCE: "Taken by WeChat",
  ORDER_STATUS_WAITING: "To be paid", ORDER_STATUS_FINANCE_SUCC: "Credited", ORDER_STATUS_QUANTITY_SUCC: "In stock", coinsOf: "{n} coins",
  noPartners: "No sub-merchant and no store.", submerchant: "Sub-merchant", store: "Store", CHECKING: "Under review", APPROVED: "Approved", REJECTED: "Refused", EXPIRED: "Authorization over",
};

export const WORDS = { zh: { ...zh, ...platform.zh }, en: { ...en, ...platform.en } };

let language = "zh";
const watchers = [];

/** "zh" or "en". */
export const spoken = () => language;

/** The page's words for `key` with `{…}` filled in. */
export function t(key, values = {}) {
  const words = WORDS[language][key] ?? key;
  return words.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** Words for `key`, or null where the page has none. */
export const known = (key) => WORDS[language][key] ?? null;

/** Call `act` after every change of the language. */
export const onLanguage = (act) => watchers.push(act);

/** Change the language, remember it, and write all words anew. */
export function speak(wanted) {
  language = wanted in WORDS ? wanted : "en";
  remember(language);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = t("title");
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
  for (const node of document.querySelectorAll("[data-t-title]")) node.title = t(node.dataset.tTitle);
  for (const node of document.querySelectorAll("[data-t-placeholder]")) node.placeholder = t(node.dataset.tPlaceholder);
  for (const act of watchers) act();
}

/** The language of the last visit, else the browser's. */
export function preferred() {
  let kept = null;
  try {
    kept = localStorage.getItem(KEPT);
  } catch {
    kept = null; // storage may be switched off; the page works without
  }
  return kept ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
}

function remember(value) {
  try {
    localStorage.setItem(KEPT, value);
  } catch {
    return; // see preferred()
  }
}

// days and times --------------------------------------------------------------------------------------------

const numbers = new Intl.DateTimeFormat("en-CA", {
  timeZone: ZONE, year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit",
  weekday: "short", hourCycle: "h23",
});
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = { Sun: "日", Mon: "一", Tue: "二", Wed: "三", Thu: "四", Fri: "五", Sat: "六" };

function parts(seconds) {
  const found = Object.fromEntries(numbers.formatToParts(new Date(seconds * 1000)).map(({ type, value }) => [type, value]));
  return { ...found, month: Number(found.month), day: Number(found.day) };
}

const dayNumber = ({ year, month, day }) => Date.UTC(Number(year), month - 1, day) / 864e5;

/** 12月20日 / 20 Dec, with the year when it is another one. */
export function day(seconds) {
  const then = parts(seconds);
  const same = then.year === parts(Date.now() / 1000).year;
  if (language === "zh") return `${same ? "" : `${then.year}年`}${then.month}月${then.day}日`;
  return `${then.day} ${MONTHS[then.month - 1]}${same ? "" : ` ${then.year}`}`;
}

/** 14:02; with the day unless it is today. */
export function moment(seconds) {
  const then = parts(seconds);
  const clock = `${then.hour}:${then.minute}`;
  return dayNumber(then) === dayNumber(parts(Date.now() / 1000)) ? clock : `${day(seconds)} ${clock}`;
}

/** 14:02:09. */
export function clock(seconds) {
  const then = parts(seconds);
  return `${then.hour}:${then.minute}:${then.second}`;
}

/** The grey line between messages, as WeChat writes it. */
export function timeLine(seconds) {
  const then = parts(seconds);
  const ago = dayNumber(parts(Date.now() / 1000)) - dayNumber(then);
  const time = `${then.hour}:${then.minute}`;
  if (ago === 0) return time;
  if (ago === 1) return `${language === "zh" ? "昨天" : "Yesterday"} ${time}`;
  if (ago > 1 && ago < 7) return `${language === "zh" ? `星期${WEEKDAYS[then.weekday]}` : then.weekday} ${time}`;
  return `${day(seconds)} ${time}`;
}
