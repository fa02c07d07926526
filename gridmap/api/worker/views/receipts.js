// What I have sent and how it stands; above it what still waits on this phone, and what the server did not take.
import * as drafting from "../draft.js";
import { button, el, fill, theirs } from "../dom.js";
import { toast } from "../frame.js";
import { again, discard, hurry } from "../queue.js";
import { queue, receipts } from "../store.js";
import { fault, move as named, moment, say, span } from "../words.js";
import { asOf, category, chip } from "./parts.js";

export const title = () => say("receipts");

export async function show(root, app) {
  const draw = async () => {
    const { user } = app.session;
    const mine = (item) => item.user === user;
    const [waiting, sent] = [(await queue.all()).filter(mine), (await receipts.all()).filter(mine)];
    const rows = merged(app.data("reports") || [], sent);
    fill(
      root,
      waiting.length > 0 && el("section", { "aria-label": say("waiting_title") }, el("h2", {}, `${say("waiting_title")} · ${waiting.length}`),
        waiting.map((item) => card(app, item)), button(say("send_now"), () => now(app), { class: "plain wide", id: "send-now" })),
      el("section", { "aria-label": say("sent_title") }, el("h2", {}, say("sent_title")), asOf(app, "reports"),
        rows.length ? rows.map((row) => line(app, row)) : el("p", { class: "note" }, say("no_receipts")))
    );
  };
  await draw();
  const stop = [app.on("data", draw), app.on("queue", draw)];
  return () => stop.forEach((end) => end());
}

// The server's list, and before it what this phone has sent since the list was read.
export function merged(reports, sent) {
  const listed = new Set(reports.map(({ receipt }) => receipt));
  const fresh = sent.filter(({ receipt }) => !listed.has(receipt));
  const own = fresh.map(({ about, at, ...rest }) => ({ ...rest, category: about.category, text: about.text, reported_at: at }));
  return [...own, ...reports].sort((a, b) => b.reported_at - a.reported_at);
}

async function now(app) {
  await hurry();
  await app.send();
}

function line(app, { receipt, number, category: code, status, text, reported_at: at }) {
  return el(
    "a",
    { class: "card", href: `#/receipt/${encodeURIComponent(receipt)}`, "data-receipt": receipt },
    el("span", { class: "card-top" }, el("span", { class: "strong" }, category(app, code)), chip(status)),
    text && theirs(text, { class: "excerpt" }),
    el("span", {}, `${say("receipt")} `, theirs(receipt, { class: "code strong" })),
    el("span", { class: "quiet" }, `${moment(at)} · `, theirs(number, { class: "code" }))
  );
}

function card(app, item) {
  const { id, kind, about, at, state } = item;
  const name = kind === "visit" || kind === "round" ? theirs(about.name) : category(app, about.category);
  const what = kind === "move" ? `${named(about.move)} · ` : `${say(`kind_${kind}`)} · `;
  return el(
    "article",
    { class: state === "stopped" ? "card stopped" : "card", "data-queued": id, "data-state": state },
    el("span", { class: "card-top" }, el("span", { class: "strong" }, what, name), el("span", { class: "status" }, standing(item))),
    about.text && theirs(about.text, { class: "excerpt" }),
    el("span", { class: "quiet" }, moment(at), item.photos.length ? ` · ${say("photo_n", { n: item.photos.length })}` : ""),
    state === "stopped" && trouble(app, item)
  );
}

function standing({ state, tries, next_at: next, fault: why }) {
  if (state === "stopped") return `! ${say(why?.status === 409 ? "state_conflict" : "state_stopped")}`;
  if (!tries) return `↑ ${say("state_waiting")}`;
  return `↑ ${say("state_again", { n: tries, time: span(Math.max(1, (next - Date.now()) / 1000)) })}`;
}

// Why the server did not take it, and what a person can do about it.
function trouble(app, item) {
  const { id, kind, fault: why } = item;
  const since = why.since || why.changed || [];
  const throwAway = () => globalThis.confirm(say("discard_really")) && discard(id);
  const actions = [
    kind === "report" && why.status === 409 && button(say("send_anew"), () => again(id, { anew: true }), { class: "plain" }),
    kind === "report" && why.status !== 409 && button(say("edit"), () => edit(app, item), { class: "plain", "data-do": "edit" }),
    kind === "move" && el("a", { class: "button plain", href: `#/task/${item.about.matter}` }, say("show_task")),
    (kind === "visit" || kind === "round" || why.status === 403) && button(say("send_again"), () => again(id), { class: "plain" }),
    button(say("discard"), throwAway, { class: "plain", "data-do": "discard" }),
  ];
  return el(
    "div",
    { class: "trouble" },
    el("p", { class: "fault" }, theirs(fault(why))),
    since.length > 0 && el("div", {}, el("p", {}, say("changed_meanwhile")), el("ul", {}, since.map((step) => el("li", {}, theirs(told(step)))))),
    el("div", { class: "choices" }, actions)
  );
}

const told = (step) => [step.at && moment(step.at), step.move && named(step.move), step.actor_name, step.reason].filter(Boolean).join(" · ");

async function edit(app, item) {
  if (!(await drafting.restore(app.session.user, item))) return toast(say("draft_in_way"));
  await discard(item.id);
  return app.go("report");
}
