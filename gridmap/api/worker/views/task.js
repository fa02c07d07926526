// One matter: what it is, where, until when, and the moves that are mine to make.
import * as api from "../api.js";
import * as clock from "../clock.js";
import { button, el, fill, theirs } from "../dom.js";
import { toast } from "../frame.js";
import { AreaMap } from "../map.js";
import { WITH_PHOTO, needs, sorted } from "../moves.js";
import { add } from "../queue.js";
import { queue } from "../store.js";
import { field as term, language, list, move as named, say } from "../words.js";
import { camera } from "./camera.js";
import { category, chip, fact, gridLine, limit } from "./parts.js";

const DAY_S = 86_400;

export const title = () => say("tasks");

export async function show(root, app, { id }) {
  const facts = el("section", { class: "card" });
  const picture = el("div", { class: "map small" });
  const moves = el("section", { class: "moves", "aria-label": say("moves") });
  const waits = el("div", {});
  const seen = el("div", { class: "seen" });
  let map = null;
  let shown = null;
  fill(root, facts, seen, waits, moves, picture);

  async function draw() {
    const task = (app.data("tasks") || []).find(({ matter }) => String(matter) === id);
    if (!task) {
      map?.remove();
      map = null;
      return fill(root, el("p", { class: "note" }, say(app.data("tasks") ? "task_gone" : "never_read")));
    }
    fill(facts, summary(app, task));
    where(task);
    if (task.photo && !seen.firstChild) look(seen, task.photo, app);
    const waiting = (await queue.all()).filter(({ kind, about }) => kind === "move" && String(about.matter) === id);
    fill(waits, waiting.map(({ about, state }) => el("a", { class: "note", href: "#/receipts" }, state === "waiting"
      ? say("move_waits", { move: named(about.move) }) : `${named(about.move)}: ${say("state_stopped")}`)));
    // A half-filled form stays while lists are read anew, as long as the matter stands as it stood.
    const key = `${task.version}/${waiting.length}`;
    if (shown === key) return null;
    shown = key;
    return waiting.length ? fill(moves) : choices(app, task, moves);
  }

  function where(task) {
    if (map || !task.lon) return;
    map = new AreaMap(picture, { still: true });
    if (app.data("map")) map.draw(app.data("map"));
    map.pin(task);
    map.look(task, 16.5);
  }

  await draw();
  const stop = [app.on("data", draw), app.on("queue", draw)];
  return () => {
    stop.forEach((end) => end());
    map?.remove();
  };
}

// The first photo of the matter; without a line there is none to show.
async function look(node, number, app) {
  try {
    const address = URL.createObjectURL(await api.picture(number, app.session.key));
    fill(node, el("img", { src: address, alt: say("photo_n", { n: 1 }), onload: () => URL.revokeObjectURL(address) }));
  } catch {
    fill(node);
  }
}

function summary(app, task) {
  const { number, category: code, category_name: name, status, step_due_at: step, due_at: due, text } = task;
  return [
    el("p", { class: "card-top" }, el("span", { class: "strong" }, category(app, code, name)), chip(status)),
    text && el("p", { class: "words" }, theirs(text)),
    el(
      "dl",
      {},
      fact(say("step_due"), limit(step)),
      due && due !== step ? fact(say("whole_due"), limit(due)) : null,
      whereabouts(app, task),
      fact(say("number"), theirs(number, { class: "code" }))
    ),
  ];
}

function whereabouts(app, task) {
  const known = [gridLine(app.data("map"), task), task.address && theirs(task.address)].filter(Boolean);
  return known.length ? fact(say("where"), known.map((part, at) => (at ? [" · ", part] : part))) : null;
}

function choices(app, task, node) {
  const { here, desk } = sorted(task.moves);
  const open = (move) => form(app, task, move, node, () => choices(app, task, node));
  fill(
    node,
    el("h2", {}, say("moves")),
    !here.length && el("p", { class: "quiet" }, say("no_moves")),
    here.map((move, at) => button(named(move), () => open(move), { class: at ? "plain wide" : "main wide", "data-move": move })),
    desk.length > 0 && el("p", { class: "quiet" }, say("desk_moves", { moves: list(desk.map(named)) }))
  );
}

// What the move needs, and the button that makes it.
function form(app, task, move, node, cancel) {
  const order = {};
  const photos = [];
  const trouble = el("p", { class: "fault", role: "alert" });
  const asked = needs(move);
  const confirm = async () => {
    if (asked.some((name) => order[name] === undefined || order[name] === "")) return fill(trouble, say("incomplete"));
    confirming.disabled = true;
    const about = { matter: task.matter, number: task.number, category: task.category, move };
    const body = { move, version: task.version, ...order };
    await add("move", body, { user: app.session.user, about, photos });
    return toast(say(app.online ? "move_kept" : "move_kept_offline", { move: named(move) }));
  };
  const confirming = button(say("confirm_move", { move: named(move) }), confirm, { class: "main wide", id: "confirm" });
  const fields = asked.map((name) => FIELDS[name](order, app, task, move));
  const shots = WITH_PHOTO.has(move) && camera(photos, () => {});
  fill(node, el("h2", {}, named(move)), fields, shots, trouble, confirming, button(say("cancel"), cancel, { class: "plain wide" }));
  node.scrollIntoView({ block: "nearest" });
}

// One of several, by big buttons.
function choose(name, label, options, order) {
  const buttons = options.map(([value, text]) =>
    button(text, () => {
      order[name] = value;
      buttons.forEach((other, at) => other.setAttribute("aria-pressed", String(options[at][0] === value)));
    }, { class: "choice", "aria-pressed": "false", "data-value": String(value) })
  );
  return el("div", { class: "choices", role: "group", "aria-label": label }, el("p", { class: "label" }, label), buttons);
}

const FIELDS = {
  reason(order) {
    const field = el("textarea", { class: "field", rows: 3, id: "reason", placeholder: term("reason"), "aria-label": term("reason"), maxlength: 2000, dir: "auto" });
    field.addEventListener("input", () => (order.reason = field.value.trim()));
    return field;
  },
  rating: (order) => choose("rating", term("rating"), [1, 2, 3, 4, 5].map((n) => [n, say("rating_n", { n })]), order),
  apt: (order) => choose("apt", term("apt"), [[true, say("apt_yes")], [false, say("apt_no")]], order),
  until(order, app, task) {
    const from = Math.max(task.due_at || 0, clock.now());
    const days = [1, 2, 3, 5, 7].map((n) => [from + n * DAY_S, `+ ${say("days", { n })}`]);
    return choose("until", term("until"), days, order);
  },
  office(order, app, task, move) {
    const place = el("div", {}, el("p", { class: "quiet" }, say("loading")));
    offices(place, order, app, task, move);
    return place;
  },
};

async function offices(place, order, app, task, move) {
  try {
    const found = await api.get(`matters/${task.matter}/targets?move=${move}`, app.session.key);
    const label = ({ name, name_en: english }) => theirs((language() === "en" && english) || name);
    fill(place, choose("office", term("office"), found.map((office) => [office.id, label(office)]), order));
  } catch {
    fill(place, el("p", { class: "note" }, say("no_line")), button(say("refresh"), () => offices(place, order, app, task, move), { class: "plain" }));
  }
}
