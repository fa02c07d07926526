// Who I am here, the language, the clock, the state of the phone, and the way out.
import * as clock from "../clock.js";
import { button, el, fill, theirs } from "../dom.js";
import { LANGUAGES, hour, language, list, role, say, span } from "../words.js";
import { fact } from "./parts.js";

let offered = null;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offered = event;
});

const VERSION = new URL("..", import.meta.url).pathname.split("/").at(-2);
const SAME_S = 5;

export const title = () => say("me");

export async function show(root, app) {
  const time = el("dd", { id: "server-time" });
  const tick = () => fill(time, `${hour(clock.now())} · ${distance()}`);
  const state = el("div", {});
  const phone = () => fill(state, standing(app));
  fill(root, person(app, time), languages(app), state, install(), leave(app));
  tick();
  phone();
  const timer = setInterval(tick, 1000);
  const stop = [app.on("line", phone), app.on("counts", phone)];
  return () => {
    clearInterval(timer);
    stop.forEach((end) => end());
  };
}

function person({ session, data, known }, time) {
  const { name, role: kind, office_name: office } = { ...session, ...(known.get("me")?.value || {}) };
  const own = (known.get("map")?.value?.features || []).filter(({ properties }) => properties.own);
  return el(
    "section",
    { class: "card" },
    el("p", { class: "strong" }, theirs(name)),
    el(
      "dl",
      {},
      fact(say("role"), role(kind)),
      office ? fact(say("office"), theirs(office)) : null,
      own.length ? fact(say("my_grid"), theirs(list(own.slice(0, 8).map(({ properties }) => properties.name)))) : null,
      el("dt", {}, say("server_time")),
      time
    )
  );
}

function distance() {
  const ahead = clock.distance();
  if (Math.abs(ahead) <= SAME_S) return say("clock_same");
  return say(ahead > 0 ? "clock_ahead" : "clock_behind", { time: span(ahead) });
}

function languages(app) {
  const one = ([lang, name]) =>
    button(name, () => app.setLanguage(lang), { class: "choice", lang: lang === "zh" ? "zh-CN" : "en", "data-lang": lang, "aria-pressed": String(language() === lang) });
  return el("div", { class: "choices", role: "group", "aria-label": say("language") }, Object.entries(LANGUAGES).map(one));
}

function standing(app) {
  const offline = app.registration?.active ? "ready_offline" : "not_ready_offline";
  return [
    app.keyRefused && el("p", { class: "note look" }, say("key_refused")),
    !globalThis.isSecureContext && el("p", { class: "note" }, say("no_secure")),
    el("p", { class: "quiet" }, `${say(offline)} · ${say("version")} `, el("span", { class: "code" }, VERSION)),
  ];
}

function install() {
  if (offered) return button(say("install"), () => offered.prompt(), { class: "plain wide" });
  const ios = /iPhone|iPad/.test(navigator.userAgent) && !navigator.standalone;
  return ios ? el("p", { class: "quiet" }, say("install_ios")) : null;
}

function leave(app) {
  const out = () => {
    const n = app.counts.waiting + app.counts.stopped;
    if (!n || globalThis.confirm(`${say("sign_out_waiting", { n })} ${say("sign_out_really")}?`)) app.signOut();
  };
  return button(app.keyRefused ? say("sign_in_again") : say("sign_out"), out, { class: "plain wide", id: "sign-out" });
}
