/** What one could send next. Chips marked `edit` are put into the field, the others are sent at once. */

const RANK = { customer: 0, viewer: 1, clerk: 2, manager: 3, owner: 4 };

const WORDS = {
  zh: {
    yes: "确认", no: "取消", more: "继续", moves: ["跳过", "上一步", "停"], create: "新建",
    viewer: ["帮助", "卡券", "统计", "统计 最近7天", "走势", "审核"],
    last: ["我", "语言 英文"],
    update: (title) => [`修改 ${title} 客服电话=0571-7654321`, `修改 ${title} 使用须知=周末不可用`],
    extend: (title, day) => `延期 ${title} ${day}`,
    show: (title) => `查看 ${title}`,
    owner: ["成员"], invite: "邀请 店员 小周",
    customer: ["你好", "今天营业到几点？"], join: "绑定 ",
  },
  en: {
    yes: "yes", no: "no", more: "more", moves: ["skip", "back", "stop"], create: "create",
    viewer: ["help", "vouchers", "stats", "stats 7d", "chart", "reviews"],
    last: ["whoami", "language en"],
    update: (title) => [`update ${title} service_phone=0571-7654321`, `update ${title} description="Not at weekends"`],
    extend: (title, day) => `extend ${title} ${day}`,
    show: (title) => `show ${title}`,
    owner: ["operators"], invite: "invite clerk 小周",
    customer: ["Hello", "How late are you open today?"], join: "join ",
  },
};

const ASKS = /「确认」|“yes”|\byes\b/;
const SKIPS = /「跳过」|"skip"/;
const GOES_ON = /「继续」|“more”|\bmore\b/;

/** `[{words, edit, strong}]` for a person of `role` who last read `last`. */
export function suggestions(language, role, vouchers, last) {
  const words = WORDS[language];
  const send = (text) => ({ words: text, edit: false, strong: false });
  const edit = (text) => ({ ...send(text), edit: true });
  if (RANK[role] === 0) return [...words.customer.map(send), edit(words.join)];
  const answers = ASKS.test(last) ? [words.yes, words.no] : SKIPS.test(last) ? words.moves : GOES_ON.test(last) ? [words.more] : [];
  const voucher = easiest(vouchers);
  return [
    ...answers.map((text) => ({ ...send(text), strong: true })),
    ...words.viewer.map(send),
    ...(voucher ? [send(words.show(voucher.title))] : []),
    ...(voucher && RANK[role] >= RANK.manager ? [...words.update(voucher.title), words.extend(voucher.title, later(voucher))].map(edit) : []),
    ...(RANK[role] >= RANK.manager ? [send(words.create)] : []),
    ...(RANK[role] === RANK.owner ? [...words.owner.map(send), edit(words.invite)] : []),
    ...words.last.map(send),
  ];
}

/** A voucher to try changes with: one whose title is the shop's own, if there is any. */
function easiest(vouchers) {
  const own = vouchers.filter(({ friends, status }) => !friends && !status.endsWith("DELETE"));
  return own.find(({ card_type }) => card_type === "CASH") ?? own[0] ?? vouchers[0];
}

/** Thirty days after the voucher's last day, as 2026-02-28. */
function later({ card }) {
  const last = card[card.card_type.toLowerCase()].base_info.date_info?.end_timestamp ?? Date.now() / 1000;
  return new Date((last + 30 * 86400 + 8 * 3600) * 1000).toISOString().slice(0, 10);
}
