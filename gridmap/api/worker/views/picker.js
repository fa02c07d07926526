// Choosing a category: the likely ones first, a search, the whole tree below.
import { leaves, quick, recent, search } from "../categories.js";
import { button, el, fill } from "../dom.js";
import { language, say } from "../words.js";
import { categories } from "./parts.js";

const FOUND = 30;

export function picker(app, onpick) {
  const all = categories(app);
  const other = leaves(app.data(language() === "zh" ? "en" : "zh"));
  const list = el("div", { class: "tiles quick" });
  const head = el("h2", {});
  const field = el("input", { class: "field", type: "search", placeholder: say("search_category"), "aria-label": say("search_category"), id: "search" });
  field.addEventListener("input", () => (field.value.trim() ? found() : first()));

  const tile = ({ code, name }) => button(name, () => onpick(code), { class: "tile", "data-code": code });

  async function first() {
    const earlier = (app.data("reports") || []).map((report) => report.category);
    const last = await recent(app.session.user);
    fill(head, all.length > 0 && say(last.length || earlier.length ? "recent" : "common"));
    fill(list, quick(all, last, earlier).map(tile));
  }

  function found() {
    fill(head);
    const hits = search(field.value, all, other).slice(0, FOUND);
    fill(list, hits.length ? hits.map(tile) : el("p", { class: "quiet" }, say("no_category")));
  }

  first();
  return [head, list, field, all.length ? tree(all, tile) : el("p", { class: "quiet" }, say("never_read"))];
}

function tree(all, tile) {
  const groups = new Map();
  for (const leaf of all) {
    const name = leaf.path.join(" › ");
    groups.set(name, [...(groups.get(name) || []), leaf]);
  }
  const group = ([name, members]) => el("details", { class: "group" }, el("summary", {}, name), el("div", { class: "tiles" }, members.map(tile)));
  return el("details", { class: "group" }, el("summary", {}, say("all_categories")), [...groups].map(group));
}
