// What waits for me, the most urgent first; what waits for others after it.
import { el, fill, theirs } from "../dom.js";
import { metresBetween } from "../geo.js";
import { waitsForMe } from "../moves.js";
import * as position from "../position.js";
import { metres, say } from "../words.js";
import { asOf, category, chip, limit } from "./parts.js";
import { cards as rounds } from "./rounds.js";

export const title = () => say("tasks");

export async function show(root, app) {
  const draw = async () => {
    const tasks = app.data("tasks");
    if (!tasks) return fill(root, asOf(app, "tasks"));
    const above = await rounds(app);
    const urgent = (task) => task.step_due_at || task.due_at || Infinity;
    const sorted = [...tasks].sort((a, b) => urgent(a) - urgent(b));
    const [mine, others] = [true, false].map((wanted) => sorted.filter(({ moves }) => waitsForMe(moves) === wanted));
    return fill(root, asOf(app, "tasks"), !tasks.length && !above.length && el("p", { class: "note" }, say("no_tasks")),
      above, group(app, "your_move", mine), group(app, "others_move", others));
  };
  await draw();
  const stop = [app.on("data", draw), app.on("line", draw), app.on("queue", draw)];
  return () => stop.forEach((end) => end());
}

function group(app, name, tasks) {
  if (!tasks.length) return null;
  return el("section", { "aria-label": say(name) }, el("h2", {}, `${say(name)} · ${tasks.length}`), tasks.map((task) => card(app, task)));
}

function card(app, { matter, category: code, category_name: name, status, step_due_at: step, due_at: due, text, lon, lat }) {
  const { place } = position.current();
  return el(
    "a",
    { class: "card task", href: `#/task/${matter}`, "data-matter": matter },
    el("span", { class: "card-top" }, el("span", { class: "strong" }, category(app, code, name)), chip(status)),
    limit(step || due),
    text && theirs(text, { class: "excerpt" }),
    place && lon && el("span", { class: "quiet" }, say("distance", { distance: metres(metresBetween(place, { lon, lat })) }))
  );
}
