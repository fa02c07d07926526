// Tasks from above, grid by grid, on the list of tasks: what is asked, where, until when, and what waits to be sent.
import { el, theirs } from "../dom.js";
import { queue } from "../store.js";
import { say } from "../words.js";
import { limit } from "./parts.js";

// The queued answers of one person, by task and grid.
export async function waiting(app) {
  const items = (await queue.all()).filter(({ kind, user }) => kind === "round" && user === app.session?.user);
  return new Map(items.map((item) => [`${item.about.task}/${item.about.grid}`, item]));
}

export async function cards(app) {
  const rounds = app.data("rounds") || [];
  if (!rounds.length) return [];
  const queued = await waiting(app);
  const title = `${say("rounds")} · ${rounds.length}`;
  return [el("section", { "aria-label": say("rounds") }, el("h2", {}, title), rounds.map((round) => card(round, queued)))];
}

function card({ task, grid, grid_name: name, kind, title, due_at: due }, queued) {
  const waits = queued.has(`${task}/${grid}`);
  return el(
    "a",
    { class: "card task", href: `#/round/${task}-${grid}`, "data-round": `${task}-${grid}` },
    el("span", { class: "card-top" }, el("span", { class: "strong" }, theirs(title)), el("span", { class: "status" }, say(`round_${kind}`))),
    el("span", {}, theirs(name)),
    waits ? el("span", { class: "quiet" }, say("round_waits")) : limit(due)
  );
}
