/** Words of the Open Platform: its side of the chat page, and the authorisation page. */

export const zh = {
  sidePlatform: "开放平台", tabPlatform: "平台", provider: "第三方平台", named: "名称", merchants: "授权的公众号",
  published: "已全网发布", unpublished: "未发布", lastTicket: "最近的 ticket：{moment}", noTicket: "还没有推送过 ticket", stopped: "已停止推送",
  events: "授权事件", messagesTo: "消息", domain: "授权域名", pushTicket: "推送 ticket", repeatTicket: "重发旧 ticket", stopTickets: "停止推送", resumeTickets: "恢复推送",
  delivery: "授权之后", "event first": "先事件后跳转", "redirect first": "先跳转后事件", "event lost": "事件丢失", "redirect lost": "不跳转",
  check: "全网发布检测", checking: "检测中…", checkPassed: "{n} 项全部通过", checkFailed: "{all} 项中 {n} 项没有通过", group: "第 {n} 组",
  wanted: "应为 {what}", cameInstead: "收到 {what}", nothingAtAll: "（空）",
  case_component_verify_ticket: "推送 ticket", case_authorized: "授权事件", case_text: "文字消息", "case_query, answer": "查询授权码：空应答", "case_query, message": "查询授权码：客服消息",
  case_event: "事件消息", case_unauthorized: "取消授权", "case_query of a mini program, answer": "小程序：空应答", "case_query of a mini program, message": "小程序：客服消息",
  openStart: "打开授权入口", howToJoin: "选一个公众号的管理员，打开授权入口，扫码确认；回来的页面给出邀请码，老板在聊天里发「绑定 邀请码」。",
  notAuthorised: "未授权", authorisedSince: "{moment} 授权", changeSets: "更新权限", saveSets: "确定", unauthorise: "取消授权", eventAccepted: "事件已送达：HTTP {status}，{ms} 毫秒", eventFailed: "事件没有送达：{why}",
  nothingChanged: "权限没有变化，不推送事件",
  authoriseTitle: "公众号授权", scanTitle: "使用公众平台绑定的管理员个人微信号扫描", scanNote: "这里没有真的手机：扫码后手机上看到的就是旁边的页面。",
  asksFor: "{name} 申请使用公众号的权限", whichAccount: "选择公众号", whichSets: "授权以下权限", confirmGrant: "授权", refuseGrant: "拒绝",
  refusedGrant: "已拒绝，没有授权。可以关闭这个页面。", granted: "授权成功。可以关闭这个页面。", already: "已授权，再次确认会更新权限", notShown: "无法授权", noAccount: "没有可以授权的公众号",
};

export const en = {
  sidePlatform: "Platform", tabPlatform: "Platform", provider: "Third-party platform", named: "Name", merchants: "Authorised accounts",
  published: "Published", unpublished: "Not published", lastTicket: "Newest ticket: {moment}", noTicket: "No ticket pushed yet", stopped: "Tickets are stopped",
  events: "Events", messagesTo: "Messages", domain: "Domain", pushTicket: "Push a ticket", repeatTicket: "Repeat an older one", stopTickets: "Stop tickets", resumeTickets: "Let tickets come",
  delivery: "After a merchant agreed", "event first": "Event, then return", "redirect first": "Return, then event", "event lost": "Event lost", "redirect lost": "No return",
  check: "Publication check", checking: "Checking…", checkPassed: "All {n} cases passed", checkFailed: "{n} of {all} cases failed", group: "Group {n}",
  wanted: "expected {what}", cameInstead: "came {what}", nothingAtAll: "(nothing)",
  case_component_verify_ticket: "Verify ticket", case_authorized: "Authorised", case_text: "Text message", "case_query, answer": "Code query: empty answer", "case_query, message": "Code query: message",
  case_event: "Event message", case_unauthorized: "Authorisation ended", "case_query of a mini program, answer": "Mini program: empty answer", "case_query of a mini program, message": "Mini program: message",
  openStart: "Open the start page", howToJoin: "As an account's administrator open the start page, scan and confirm. The page one returns to shows a code; the owner sends “join CODE” in the chat.",
  notAuthorised: "Not authorised", authorisedSince: "since {moment}", changeSets: "Change", saveSets: "Save", unauthorise: "End it", eventAccepted: "Event delivered: HTTP {status}, {ms} ms", eventFailed: "Event not delivered: {why}",
  nothingChanged: "Nothing changed, so no event",
  authoriseTitle: "Authorise an account", scanTitle: "Scan with the WeChat of the account's administrator", scanNote: "There is no real phone here: what it would show after the scan stands beside.",
  asksFor: "{name} asks to act for an account", whichAccount: "Account", whichSets: "It may use", confirmGrant: "Authorise", refuseGrant: "Refuse",
  refusedGrant: "Refused; nothing was granted. You can close this page.", granted: "Authorised. You can close this page.", already: "authorised; confirming again changes what it may use", notShown: "Cannot be authorised", noAccount: "There is no account to authorise",
};

/** English names of permission sets, by id; the platform tells the Chinese ones. */
export const SETS = {
  1: "Messages", 2: "Followers", 3: "Account and QR codes", 7: "Templates and mass sending", 8: "Cards and offers",
  11: "Material", 13: "Stores", 15: "Custom menu", 19: "Customer messages (mini program)",
};
