// A report in at most four taps: open, category, photo, send; the place comes from the phone or the map.
import * as drafting from "../draft.js";
import { button, el, fill } from "../dom.js";
import { toast } from "../frame.js";
import { AreaMap } from "../map.js";
import * as position from "../position.js";
import { used } from "../categories.js";
import { add } from "../queue.js";
import { list, say } from "../words.js";
import { category, gridLine } from "./parts.js";
import { picker } from "./picker.js";
import { camera } from "./camera.js";

const LONGEST = 2000;

export const title = () => say("report");

export async function show(root, app, { query }) {
  const { user } = app.session;
  const draft = await drafting.open(user);
  if (query.has("lon")) draft.place = { lon: Number(query.get("lon")), lat: Number(query.get("lat")), from: "tap" };
  const save = () => drafting.save(user, draft);

  const where = el("p", { class: "place", "aria-live": "polite" });
  const picture = el("div", { class: "map small" });
  const what = el("section", { class: "block", "aria-label": say("what") });
  const missing = el("p", { class: "fault", role: "alert" });
  const text = el("textarea", { class: "field", rows: 2, id: "text", placeholder: say("text"), "aria-label": say("text"), dir: "auto" });
  text.value = draft.text;
  text.addEventListener("input", () => {
    draft.text = text.value;
    save();
  });
  const send = button(say("send"), submit, { class: "main send", id: "send" });
  const clear = button(say("draft_clear"), startOver, { class: "plain", id: "clear" });
  const photos = camera(draft.photos, save);
  fill(root, what, photos, el("section", { class: "block" }, picture, where), text, clear, el("div", { class: "foot" }, missing, send));

  const map = new AreaMap(picture, { ontap: (place) => placeAt({ ...place, from: "tap" }) });
  if (app.data("map")) map.draw(app.data("map"));
  choose();
  const stop = [position.watch(located), app.on("data", arrived)];
  placed(true);

  function choose(open = !draft.category) {
    fill(what, open ? picker(app, pick) : chosen());
  }

  function chosen() {
    return el("div", { class: "chosen" }, el("span", { class: "strong" }, category(app, draft.category)),
      button(say("change"), () => choose(true), { class: "plain", id: "change" }));
  }

  function pick(code) {
    draft.category = code;
    save();
    choose();
    fill(missing);
  }

  // The phone's own position counts until a person has chosen one.
  function located({ kind, place }) {
    map.here(place);
    if (kind === "found" && draft.place?.from !== "tap") placeAt({ lon: place.lon, lat: place.lat, accuracy: place.accuracy, from: "phone" });
    else placed();
  }

  function placeAt(place) {
    const before = draft.place;
    draft.place = place;
    save();
    placed(!before || before.from !== place.from);
    if (!missing.hidden) fill(missing);
  }

  function placed(move = false) {
    const { place } = draft;
    map.pin(place);
    if (place && move) map.look(place, 17);
    else if (!place && move) framed();
    const { kind } = position.current();
    const source = !place ? say(`position_${kind}`)
      : place.from === "tap" ? say("position_tapped") : say("position_found", { m: Math.round(place.accuracy) });
    const grid = place && gridLine(app.data("map"), place);
    fill(where, grid ? [grid, " · "] : null, source);
    where.classList.toggle("look", !place && kind !== "looking");
  }

  function framed() {
    const own = (app.data("map")?.features || []).filter(({ properties }) => properties.own);
    if (own.length) map.fit(own);
  }

  function arrived() {
    if (app.data("map") && !map.collection) {
      map.draw(app.data("map"));
      placed(true);
    }
    if (!draft.category && !what.contains(document.activeElement)) choose();
  }

  async function submit() {
    const needed = [!draft.category && say("need_category"), !draft.place && say("need_position")].filter(Boolean);
    if (needed.length) return fill(missing, say("send_more", { what: list(needed) }));
    if (draft.text.length > LONGEST) return fill(missing, say("text_long", { n: draft.text.length }));
    send.disabled = true;
    try {
      await keep();
    } catch (error) {
      send.disabled = false;
      return fill(missing, say("trouble", { what: error.message }));
    }
    toast(say(app.online ? "report_kept" : "report_kept_offline"));
    return app.go("receipts");
  }

  async function keep() {
    const { place, photos: taken } = draft;
    const system = place.from === "phone" ? "wgs84" : "cgcs2000";
    const body = { category: draft.category, lon: place.lon, lat: place.lat, text: draft.text.trim(), coord_system: system };
    await drafting.settled();
    await add("report", body, { user, photos: taken, about: { ...body }, draft: drafting.place(user) });
    drafting.forget();
    await used(user, draft.category);
  }

  async function startOver() {
    await drafting.clear(user);
    app.go("report");
  }

  return () => {
    stop.forEach((end) => end());
    map.remove();
  };
}
