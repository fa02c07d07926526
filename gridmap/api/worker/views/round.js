// One grid's part of a task from above: the checklist, words, a photo, and a hazard that becomes a matter at once.
import { button, el, fill, theirs } from "../dom.js";
import { toast } from "../frame.js";
import * as position from "../position.js";
import { add } from "../queue.js";
import { say } from "../words.js";
import { camera } from "./camera.js";
import { category, fact, limit } from "./parts.js";
import { picker } from "./picker.js";
import { waiting } from "./rounds.js";

export const title = () => say("rounds");

export async function show(root, app, { id }) {
  const [task, grid] = (id || "").split("-").map(Number);
  const round = (app.data("rounds") || []).find((one) => one.task === task && one.grid === grid);
  if (!round) return fill(root, el("p", { class: "note" }, say(app.data("rounds") ? "round_gone" : "never_read")));
  const head = el("section", { class: "card" }, summary(round));
  if ((await waiting(app)).has(`${task}/${grid}`)) return fill(root, head, el("a", { class: "note", href: "#/receipts" }, say("round_waits")));
  fill(root, head, form(app, round));
  // Where the hazard is, should one be found.
  return position.watch(() => {});
}

function summary({ kind, title: name, text, grid_name: grid, due_at: due }) {
  return [
    el("p", { class: "card-top" }, el("span", { class: "strong" }, theirs(name)), el("span", { class: "status" }, say(`round_${kind}`))),
    text && el("p", { class: "words" }, theirs(text)),
    el("dl", {}, fact(say("where"), theirs(grid)), fact(say("due"), limit(due))),
  ];
}

function form(app, round) {
  const answers = round.checklist.map(() => null);
  const photos = [];
  const hazard = { category: "" };
  const trouble = el("p", { class: "fault", role: "alert" });
  const words = el("textarea", { class: "field", rows: 2, id: "text", placeholder: say("text"), "aria-label": say("text"), maxlength: 2000, dir: "auto" });
  const send = async () => {
    if (answers.includes(null) || (hazard.open && !hazard.category)) return fill(trouble, say("incomplete"));
    sending.disabled = true;
    const about = { task: round.task, grid: round.grid, name: round.title };
    const body = { answers, text: words.value.trim(), ...(hazard.open && { found: found(hazard, words.value.trim()) }) };
    await add("round", body, { user: app.session.user, about, photos });
    toast(say(app.online ? "round_kept" : "round_kept_offline"));
    return app.go("tasks");
  };
  const sending = button(say("round_done"), send, { class: "main wide", id: "confirm" });
  return [
    round.checklist.map((question, at) => asked(question, (value) => (answers[at] = value), at)),
    camera(photos, () => {}), words, hazardBlock(app, hazard), trouble, sending,
  ];
}

// A question of the checklist, answered by one of two big buttons.
function asked(question, onanswer, at) {
  const buttons = [true, false].map((value) => button(say(value ? "yes" : "no"), () => {
    onanswer(value);
    buttons.forEach((other, turn) => other.setAttribute("aria-pressed", String((turn === 0) === value)));
  }, { class: "choice", "aria-pressed": "false", "data-answer": `${at}-${value}` }));
  return el("div", { class: "choices", role: "group", "aria-label": question }, el("p", { class: "label" }, theirs(question)), buttons);
}

function hazardBlock(app, hazard) {
  const block = el("section", { class: "block", "aria-label": say("round_found_what") });
  const draw = () => {
    if (!hazard.open) return fill(block, button(say("round_found"), () => toggle(true), { class: "plain wide", id: "hazard" }));
    const away = button(say("cancel"), () => toggle(false), { class: "plain wide" });
    if (!hazard.category) return fill(block, el("h2", {}, say("round_found_what")), picker(app, pick), away);
    return fill(block, el("p", { class: "chosen" }, el("span", { class: "strong" }, category(app, hazard.category))), away);
  };
  const toggle = (open) => {
    Object.assign(hazard, { open, category: "" });
    draw();
  };
  const pick = (code) => {
    hazard.category = code;
    draw();
  };
  draw();
  return block;
}

// The phone's own place where it is known; else the server takes the middle of the grid.
function found({ category: code }, text) {
  const { kind, place } = position.current();
  const at = kind === "found" && place ? { lon: place.lon, lat: place.lat, coord_system: "wgs84" } : {};
  return { category: code, text, ...at };
}
