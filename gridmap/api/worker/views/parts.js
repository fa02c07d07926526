// Pieces that several views show: a category's name, a grid's name, a state, a limit.
import { leaves } from "../categories.js";
import * as clock from "../clock.js";
import { el, theirs } from "../dom.js";
import { gridAt } from "../geo.js";
import { language, moment, say, span, status } from "../words.js";

const NEAR_S = 2 * 3600;

// The leaves of the tree in the language shown.
export const categories = (app) => leaves(app.data(language()));

// What the category `code` is called; `fallback` when the tree is not here.
export function category(app, code, fallback = "") {
  return categories(app).find((leaf) => leaf.code === code)?.name || fallback || code;
}

// Name of the grid a place lies in, and whether it is one's own; nothing for who answers for too many to be drawn.
export function gridLine(area, place) {
  if (!area?.features.length) return null;
  const grid = gridAt(area, place);
  if (!grid) return say("outside_mine");
  return grid.properties.own ? theirs(grid.properties.name) : [theirs(grid.properties.name), ` · ${say("outside_mine")}`];
}

export function chip(given) {
  const { key, sign, name } = status(given);
  return el("span", { class: `status status-${key}` }, el("span", { "aria-hidden": "true" }, `${sign} `), name);
}

// How long until `at` (the server's seconds), in words, and the time itself; late ones carry a sign.
export function limit(at) {
  if (!at) return el("span", { class: "quiet" }, say("no_limit"));
  const left = at - clock.now();
  if (left < 0) return el("span", { class: "limit late" }, `! ${say("late", { time: span(left) })}`, el("small", {}, ` ${moment(at)}`));
  return el("span", { class: left < NEAR_S ? "limit near" : "limit" }, say("left", { time: span(left) }), el("small", {}, ` ${moment(at)}`));
}

// A row of a list of facts; nothing when there is no value.
export const fact = (name, ...value) => [el("dt", {}, name), el("dd", {}, value)];

export const asOf = (app, part) =>
  el("p", { class: "quiet as-of" }, app.readAt(part) ? say("as_of", { time: moment(app.readAt(part)) }) : say("never_read"));
