// Signing in: a device key, typed, pasted or brought by a link; on a demonstration city, a list of persons.
import * as api from "../api.js";
import { button, el, fill, theirs } from "../dom.js";
import { kept } from "../store.js";
import { LANGUAGES, fault, language, role, say } from "../words.js";

export const title = () => say("sign_in");

export async function show(root, app) {
  const demo = el("section", { class: "card" }, el("p", { class: "quiet" }, say("loading")));
  fill(root, languages(app), demo, byKey(app), !globalThis.isSecureContext && el("p", { class: "note" }, say("no_secure")));
  await demonstration(demo, app);
  const back = () => app.online && demo.isConnected && !demo.querySelector("[data-user]") && demonstration(demo, app);
  return app.on("line", back);
}

// A key in the address (#key=…), put there by a QR code: take it, and take it out of the address.
export async function linked(app) {
  const found = /^#key=([^&]+)$/.exec(location.hash);
  if (!found) return;
  history.replaceState(null, "", location.pathname);
  const key = decodeURIComponent(found[1]);
  if (app.session && app.session.key !== key && !confirm(say("change_key", { name: app.session.name }))) return;
  try {
    app.session = { key, ...(await api.get("me", key)) };
    await kept.put("session", app.session);
  } catch (error) {
    app.rejected = error;
  }
}

function languages(app) {
  const one = ([lang, name]) =>
    button(name, () => app.setLanguage(lang), { class: "choice", lang: lang === "zh" ? "zh-CN" : "en", "aria-pressed": String(language() === lang) });
  return el("div", { class: "choices", role: "group", "aria-label": say("language") }, Object.entries(LANGUAGES).map(one));
}

function byKey(app) {
  const field = el("input", {
    id: "key", name: "key", class: "field", type: "text", autocomplete: "off", autocapitalize: "none", spellcheck: "false", inputmode: "text",
  });
  const trouble = el("p", { class: "fault", role: "alert" }, app.rejected ? reason(app.rejected) : "");
  app.rejected = null;
  const enter = async (event) => {
    event.preventDefault();
    const key = field.value.trim();
    fill(trouble, key ? "" : say("key_missing"));
    if (key) await app.signIn(key).catch((error) => fill(trouble, reason(error)));
  };
  return el(
    "form",
    { class: "card", onsubmit: enter },
    el("label", { for: "key", class: "label" }, say("device_key")),
    field,
    trouble,
    el("button", { type: "submit", class: "main" }, say("sign_in")),
    el("p", { class: "quiet" }, say("sign_in_why"))
  );
}

function reason(error) {
  if (!(error instanceof api.Refusal)) return say("no_line");
  return error.status === 401 || error.status === 403 ? say("key_wrong") : fault({ ...error.body, status: error.status });
}

async function demonstration(node, app) {
  let users;
  const wait = () => fill(node, el("p", { class: "note" }, say("no_line")), button(say("refresh"), () => demonstration(node, app), { class: "plain" }));
  if (!navigator.onLine) return wait();
  try {
    users = await api.get("demo/users");
  } catch (error) {
    return error instanceof api.Refusal ? node.remove() : wait();
  }
  const enter = async (user) => {
    const { key } = await api.post("demo/sign-in", { user });
    await app.signIn(key);
  };
  const trouble = el("p", { class: "fault", role: "alert" });
  const person = ({ id, name, role: kind, office_name: office, area_name: area }) =>
    el(
      "button",
      { type: "button", class: "row", "data-user": id, onclick: () => enter(id).catch((error) => fill(trouble, reason(error))) },
      el("span", { class: "row-main" }, theirs(name), " ", el("span", { class: "tag" }, role(kind))),
      el("span", { class: "row-side" }, theirs([office, area].filter(Boolean).join(" · ")))
    );
  return fill(node, el("h2", {}, say("demo_title")), el("p", { class: "quiet" }, say("demo_why")), trouble, users.map(person));
}
