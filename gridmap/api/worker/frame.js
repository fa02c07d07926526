// What stays around every view: the head with the state of the line, the navigation under the thumb, short messages.
import { el, fill, icon } from "./dom.js";
import { language, say } from "./words.js";

const TABS = ["map", "tasks", "report", "receipts", "me"];
const PARENTS = { task: "tasks", round: "tasks", receipt: "receipts" };
const TOAST_MS = 6_000;
let parts = null;

export function build(app) {
  parts?.stop.forEach((stop) => stop());
  document.documentElement.lang = language() === "zh" ? "zh-CN" : "en";
  document.title = say("app");
  const head = el("header", { class: "head" });
  const main = el("main", { class: "page", id: "page", tabindex: "-1" });
  const toasts = el("div", { class: "toasts", role: "status", "aria-live": "polite" });
  const nav = app.session ? el("nav", { class: "nav", "aria-label": say("app") }, TABS.map((name) => tab(name))) : null;
  const line = el("div", { class: "line" });
  document.body.replaceChildren(...[head, main, toasts, nav].filter(Boolean));
  parts = { head, main, toasts, nav, line, stop: [] };
  for (const name of ["line", "counts"]) parts.stop.push(app.on(name, () => state(app)));
  state(app);
}

function tab(name) {
  return el("a", { href: `#/${name}`, class: `tab tab-${name}`, "data-tab": name }, icon(name), el("span", {}, say(name)));
}

// Empty the middle for the view `name`; the node to build it in.
export function page(app, name, title) {
  const top = PARENTS[name] || name;
  const back = name in PARENTS && el("a", { class: "back", href: `#/${top}`, "aria-label": say("back") }, icon("back"));
  fill(parts.head, back, el("h1", {}, title), parts.line);
  parts.nav?.querySelectorAll(".tab").forEach((item) => {
    if (item.dataset.tab === top) item.setAttribute("aria-current", "page");
    else item.removeAttribute("aria-current");
  });
  const fresh = el("main", { class: `page page-${name}`, id: "page", tabindex: "-1" });
  parts.main.replaceWith(fresh);
  parts.main = fresh;
  fresh.focus({ preventScroll: true });
  return fresh;
}

function state(app) {
  const { waiting, stopped } = app.counts;
  const shown = [
    app.updated && el("a", { class: "chip look", href: location.href, onclick: () => location.reload(), id: "update" }, say("update")),
    app.keyRefused && app.session && el("a", { class: "chip look", href: "#/me" }, say("sign_in_again")),
    stopped > 0 && el("a", { class: "chip look", href: "#/receipts" }, `! ${say("stopped_n", { n: stopped })}`),
    waiting > 0 && el("a", { class: "chip", href: "#/receipts" }, `↑ ${say("waiting_n", { n: waiting })}`),
    el("span", { class: app.online ? "chip quiet" : "chip off" }, app.online ? `● ${say("online")}` : `○ ${say("offline")}`),
  ];
  fill(parts.line, shown);
}

export function toast(text) {
  const note = el("p", { class: "toast" }, text);
  parts.toasts.replaceChildren(note);
  setTimeout(() => note.remove(), TOAST_MS);
}

// The application cannot start at all.
export function broken(error) {
  console.error(error);
  const storage = error?.name && ["SecurityError", "InvalidStateError", "UnknownError", "NotFoundError"].includes(error.name);
  const text = storage || !globalThis.indexedDB ? say("no_storage") : say("trouble", { what: String(error?.message || error) });
  document.body.replaceChildren(el("main", { class: "page" }, el("p", { class: "note look" }, text)));
}
