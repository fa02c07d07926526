// Every word the application shows, Chinese and English side by side, and times and distances as each language says them.
import { STATUS_BY_NUMBER, TERMS } from "./terms.js";

export const WORDS = {
  app: ["网格上报", "Grid worker"],
  language: ["语言", "Language"],
  // Navigation and frame
  map: ["地图", "Map"],
  tasks: ["任务", "Tasks"],
  report: ["上报", "Report"],
  receipts: ["回执", "Receipts"],
  me: ["我的", "Me"],
  back: ["返回", "Back"],
  close: ["关闭", "Close"],
  online: ["在线", "Online"],
  offline: ["离线", "Offline"],
  waiting_n: ["待发 {n}", "{n} waiting"],
  stopped_n: ["需处理 {n}", "{n} need you"],
  as_of: ["数据时间 {time}", "Data as of {time}"],
  never_read: ["还没有读到数据。连上网络后自动读取。", "Nothing read yet. It comes by itself once there is a line."],
  update: ["更新", "Update"],
  refresh: ["刷新", "Refresh"],
  loading: ["正在读取…", "Reading…"],
  trouble: ["出错了：{what}", "Something went wrong: {what}"],
  no_storage: ["此浏览器不能保存数据（可能是无痕模式），请换普通窗口打开。", "This browser cannot keep data (a private window?). Open the page in an ordinary one."],
  no_secure: ["当前地址不是安全连接（HTTPS）：不能定位，也不能离线启动。", "This address is not secure (HTTPS): no position, and no start without a line."],
  key_refused: ["设备密钥已失效。待发内容仍保存在本机，重新登录后发送。", "The device key is no longer valid. What waits is kept here and sent once you sign in again."],
  sign_in_again: ["重新登录", "Sign in again"],
  // Signing in
  sign_in: ["登录", "Sign in"],
  sign_in_why: ["使用设备密钥登录。密钥由管理员在“管理”页面发放；也可用手机相机扫描密钥二维码打开本页。", "Sign in with a device key. An administrator makes one on the page Administration; a phone's camera can also open this page from the key's QR code."],
  device_key: ["设备密钥", "Device key"],
  key_wrong: ["密钥不对或已停用。", "The key is wrong or has been revoked."],
  key_missing: ["请填写密钥。", "Fill in the key."],
  no_line: ["连不上服务器，请稍后再试。", "The server cannot be reached. Try again later."],
  demo_title: ["演示城市", "Demonstration city"],
  demo_why: ["选择一个演示身份直接进入。数据均为演示。", "Choose whom to be. All data are made up."],
  change_key: ["已用 {name} 登录。换成链接中的密钥吗？", "You are signed in as {name}. Change to the key in the link?"],
  sign_out: ["退出登录", "Sign out"],
  sign_out_waiting: ["还有 {n} 项没有发出。退出后仍保存在本机，用同一身份登录后继续发送。", "{n} things have not been sent. They stay on this phone and go out when the same person signs in again."],
  sign_out_really: ["仍要退出", "Sign out all the same"],
  // Map
  my_grid: ["我的网格", "My grids"],
  overdue: ["超时", "Overdue"],
  neighbours: ["相邻网格", "Neighbours"],
  map_hint: ["点一下位置，直接在那里上报", "Tap a place to report there"],
  where_am_i: ["定位", "Locate"],
  check_in: ["签到", "Check in"],
  check_in_here: ["在 {grid} 签到", "Check in at {grid}"],
  check_in_tap: ["没有定位：点一下您所在的位置", "No position: tap where you are"],
  check_in_outside: ["当前位置不在您的网格内。", "You are not inside one of your grids."],
  beside: ["边界外约 {distance}", "{distance} outside its border"],
  checked_in: ["已签到：{grid}", "Checked in at {grid}"],
  checked_in_waiting: ["签到已保存，连上网络后发送：{grid}", "Check-in kept, sent once there is a line: {grid}"],
  last_check_in: ["上次签到 {time}", "Last check-in {time}"],
  cancel: ["取消", "Cancel"],
  no_map: ["还没有网格图。连上网络后自动读取。", "No map yet. It comes by itself once there is a line."],
  position_looking: ["正在定位…", "Looking for the position…"],
  position_found: ["定位，误差约 {m} 米", "Position, within {m} m"],
  position_tapped: ["地图上选定的位置", "Place chosen on the map"],
  position_denied: ["没有定位权限：请在地图上点选位置", "Position not allowed: tap the place on the map"],
  position_missing: ["无法定位：请在地图上点选位置", "No position: tap the place on the map"],
  position_insecure: ["此地址不能定位（需要 HTTPS）：请在地图上点选", "No position at this address (HTTPS needed): tap the place on the map"],
  outside_mine: ["不在您的网格内", "outside your grids"],
  // Report
  what: ["什么问题", "What is it"],
  where: ["在哪里", "Where"],
  search_category: ["搜索类别", "Search categories"],
  recent: ["最近使用", "Recent"],
  common: ["常用", "Common"],
  all_categories: ["全部类别", "All categories"],
  no_category: ["没有这样的类别，换个词试试。", "No such category. Try another word."],
  change: ["更改", "Change"],
  photo: ["拍照", "Take a photo"],
  photo_more: ["再拍一张", "One more photo"],
  photo_n: ["照片 {n}", "Photo {n}"],
  photo_remove: ["删除照片 {n}", "Remove photo {n}"],
  photo_unreadable: ["这个文件不是能读取的照片（JPEG、PNG、WebP）。", "This file is not a photo that can be read (JPEG, PNG, WebP)."],
  photo_many: ["最多 {n} 张照片。", "At most {n} photos."],
  text: ["说明（可不填）", "Text (optional)"],
  text_long: ["说明最多 2000 字，现在 {n} 字。", "At most 2,000 characters; there are {n}."],
  send: ["提交上报", "Send report"],
  send_more: ["还缺：{what}", "Still needed: {what}"],
  need_category: ["类别", "category"],
  need_position: ["位置", "place"],
  report_kept: ["已保存，正在发送", "Kept, being sent"],
  report_kept_offline: ["已保存在本机，连上网络后自动发送", "Kept on this phone, sent once there is a line"],
  report_sent: ["已上报，回执号 {code}", "Reported, receipt {code}"],
  draft_clear: ["清空重填", "Start over"],
  // Tasks
  your_move: ["轮到您", "Your move"],
  others_move: ["等待他人", "With others"],
  no_tasks: ["没有待办任务。新任务会显示在这里。", "No tasks. New ones appear here."],
  number: ["编号", "Number"],
  due: ["期限", "Due"],
  step_due: ["本环节期限", "This step is due"],
  whole_due: ["办结期限", "Whole matter is due"],
  no_limit: ["无期限", "No limit"],
  left: ["还有 {time}", "{time} left"],
  late: ["超时 {time}", "{time} late"],
  distance: ["距您 {distance}", "{distance} away"],
  moves: ["可以做的", "What you can do"],
  no_moves: ["现在没有您可以做的。", "Nothing for you to do now."],
  desk_moves: ["其他操作请在工作台页面办理：{moves}", "More can be done on the desk's page: {moves}"],
  rating_n: ["{n} 分", "{n} of 5"],
  apt_yes: ["恰当，接办", "Apt: we take it"],
  apt_no: ["不恰当，退回", "Not apt: back"],
  incomplete: ["请先填好上面的内容。", "Fill in what is asked above first."],
  confirm_move: ["确认：{move}", "Confirm: {move}"],
  move_kept: ["“{move}”已保存，正在发送", "“{move}” kept, being sent"],
  move_kept_offline: ["“{move}”已保存，连上网络后发送", "“{move}” kept, sent once there is a line"],
  move_sent: ["“{move}”已完成", "“{move}” done"],
  move_waits: ["“{move}”待发送", "“{move}” waits to be sent"],
  show_task: ["查看事项", "Look at the matter"],
  task_gone: ["这件事项不在您的任务里了。", "This matter is no longer among your tasks."],
  // Rounds: tasks from above, grid by grid
  rounds: ["下派任务", "Tasks from above"],
  round_visit: ["入户走访", "Visit"],
  round_hazard_check: ["隐患排查", "Hazard check"],
  round_law: ["普法宣传", "Law popularisation"],
  round_waits: ["已填写，待发送", "Filled in, waits to be sent"],
  round_gone: ["这项任务已完成或撤回。", "This task has been done or taken back."],
  yes: ["是", "Yes"],
  no: ["否", "No"],
  round_found: ["发现隐患，同时上报", "Found a hazard: report it too"],
  round_found_what: ["隐患类别", "What kind of hazard"],
  round_done: ["提交", "Done"],
  round_kept: ["已保存，正在发送", "Kept, being sent"],
  round_kept_offline: ["已保存在本机，连上网络后自动发送", "Kept on this phone, sent once there is a line"],
  round_sent: ["“{name}”已提交", "“{name}” sent"],
  // Receipts and queue
  waiting_title: ["待发送", "Waiting to be sent"],
  sent_title: ["已上报", "Reported"],
  no_receipts: ["还没有上报。", "No reports yet."],
  kind_report: ["上报", "Report"],
  kind_visit: ["签到", "Check-in"],
  kind_round: ["下派任务", "Task from above"],
  kind_move: ["办理", "Task"],
  state_waiting: ["待发送", "Waiting"],
  state_again: ["第 {n} 次未成，{time}后再试", "Try {n} failed, again in {time}"],
  state_stopped: ["服务器没有接受", "The server did not take it"],
  state_conflict: ["与已有内容冲突", "In conflict with what is there"],
  changed_meanwhile: ["其间发生了：", "What happened meanwhile:"],
  send_now: ["立即发送", "Send now"],
  send_again: ["再发一次", "Send again"],
  send_anew: ["作为新上报发送", "Send as a new report"],
  edit: ["修改", "Edit"],
  discard: ["不要了", "Throw away"],
  discard_really: ["确实不要了？", "Really throw it away?"],
  draft_in_way: ["先提交或清空正在填写的上报，再修改这一件。", "Send or clear the report you are writing before you edit this one."],
  receipt: ["回执号", "Receipt"],
  reported_at: ["上报时间", "Reported"],
  accepted_at: ["立案时间", "Accepted"],
  closed_at: ["结案时间", "Closed"],
  status: ["状态", "Status"],
  with_office: ["承办", "With"],
  // Me
  role: ["角色", "Role"],
  office: ["机构", "Office"],
  grids: ["负责网格", "Grids"],
  server_time: ["服务器时间", "Server time"],
  clock_same: ["与本机时间一致", "the same as this phone's"],
  clock_ahead: ["比本机快 {time}", "{time} ahead of this phone"],
  clock_behind: ["比本机慢 {time}", "{time} behind this phone"],
  install: ["安装到主屏幕", "Install on the home screen"],
  install_ios: ["在 Safari 中点“分享”，再点“添加到主屏幕”。", "In Safari tap Share, then Add to Home Screen."],
  version: ["版本", "Version"],
  ready_offline: ["可离线启动", "Starts without a line"],
  not_ready_offline: ["尚不能离线启动", "Cannot start without a line yet"],
  // Durations
  days: ["{n} 天", "{n} d"],
  hours: ["{n} 小时", "{n} h"],
  minutes: ["{n} 分钟", "{n} min"],
  seconds: ["{n} 秒", "{n} s"],
};

// The sign of each state, told apart without colour; its name is one of the city's terms.
const SIGNS = {
  reported: "○", accepted: "◔", dispatched: "◑", handling: "◕", answered: "◉", closed: "●", rejected: "✕", voided: "✕", parked: "‖",
};

export const LANGUAGES = { zh: "中文", en: "English" };
let lang = "zh";
const column = () => (lang === "zh" ? 0 : 1);

export const language = () => lang;
export const speak = (wanted) => (lang = wanted === "en" ? "en" : "zh");
export const browsers = () => (/^zh\b/i.test(navigator.language || "zh") ? "zh" : "en");

export function say(key, values = {}) {
  return WORDS[key][column()].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

const term = (kind, key) => TERMS[lang][kind][key] ?? String(key);
export const move = (key) => term("moves", key);
export const role = (key) => term("roles", key);
export const field = (key) => term("fields", key);

// {key, sign, name} of a state given by name or number.
export function status(given) {
  const key = typeof given === "number" ? STATUS_BY_NUMBER[given] : given;
  return { key, sign: SIGNS[key] || "·", name: term("statuses", key) };
}

export const list = (items) => items.join(lang === "zh" ? "、" : ", ");

// What a fault says, in the language shown; the server speaks both.
export function fault({ message, message_zh: chinese, status: code } = {}) {
  return (lang === "zh" && chinese) || message || chinese || `HTTP ${code ?? "?"}`;
}

// The largest two units of a span of seconds.
export function span(seconds) {
  const left = Math.abs(Math.round(seconds));
  if (left < 60) return say("seconds", { n: left });
  const parts = [["days", Math.floor(left / 86400)], ["hours", Math.floor(left / 3600) % 24], ["minutes", Math.floor(left / 60) % 60]];
  const first = parts.findIndex(([, n]) => n > 0);
  const shown = parts.slice(first, first + 2).filter(([, n]) => n > 0);
  return shown.map(([unit, n]) => say(unit, { n })).join(" ");
}

const zoned = (options) => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", ...options });
const LONG = zoned({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });
const CLOCK = zoned({ hour: "2-digit", minute: "2-digit", second: "2-digit" });

// Unix seconds as 2024-05-21 08:46, the city's time.
export const moment = (seconds) => (seconds ? LONG.format(new Date(seconds * 1000)) : "—");
export const hour = (seconds) => CLOCK.format(new Date(seconds * 1000));

export function metres(distance) {
  if (distance < 1000) return `${Math.round(distance / 10) * 10} m`;
  return `${(distance / 1000).toFixed(1)} km`;
}

