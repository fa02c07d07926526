// Where I work: own grids and neighbours, tasks, the phone. A tap on a place starts a report there.
import * as clock from "../clock.js";
import { button, el, fill, icon } from "../dom.js";
import { toast } from "../frame.js";
import { nearestOwn } from "../geo.js";
import { AreaMap } from "../map.js";
import * as position from "../position.js";
import { add } from "../queue.js";
import { kept } from "../store.js";
import { metres, moment, say } from "../words.js";

// Phones between houses are wrong by as much; the server allows for it too.
const NEAR_M = 200;
let view = null;

export const title = () => say("map");

export async function show(root, app, { query }) {
  const visits = `visits:${app.session.user}`;
  const picture = el("div", { class: "map", role: "application", "aria-label": say("map") });
  const hint = el("p", { class: "hint" });
  const sheet = el("div", { class: "sheet", hidden: true });
  const tools = el(
    "div",
    { class: "tools" },
    button(icon("locate"), locate, { class: "round", "aria-label": say("where_am_i") }),
    el("button", { type: "button", class: "pill", onclick: checkIn, id: "check-in" }, icon("flag"), say("check_in"))
  );
  fill(root, picture, hint, tools, sheet);
  const map = new AreaMap(picture, { ontap: tapped });
  let choosing = false;
  let first = true;

  function tapped(place) {
    if (choosing) return offer(place);
    return app.go(`report?lon=${place.lon.toFixed(6)}&lat=${place.lat.toFixed(6)}`);
  }

  function draw() {
    const area = app.data("map");
    if (!area) return fill(hint, say("no_map"));
    fill(hint, say("map_hint"), legend());
    map.draw(area);
    if (first) frameIt(area);
    first = false;
    map.mark((app.data("tasks") || []).filter(({ lon, lat }) => lon && lat).map(mark));
    return null;
  }

  function legend() {
    const sign = (kind, text) => el("span", {}, el("i", { class: `key key-${kind}` }), text);
    return el("span", { class: "legend" }, sign("own", say("my_grid")), sign("other", say("neighbours")),
      sign("task", say("tasks")), sign("late", say("overdue")));
  }

  function frameIt(area) {
    const own = area.features.filter(({ properties }) => properties.own);
    const task = (app.data("tasks") || []).find(({ matter }) => String(matter) === query.get("task"));
    if (task) map.look(task);
    else if (view?.user === app.session.user) map.look(view, view.zoom);
    else map.fit(own.length ? own : area.features);
  }

  function mark({ matter, number, lon, lat, step_due_at: step, due_at: due }) {
    const end = step || due;
    const late = end && end < clock.now();
    return { lon, lat, sign: late ? "!" : "≡", kind: late ? "late" : "", title: number, onclick: () => app.go(`task/${matter}`) };
  }

  function locate() {
    const { place } = position.current();
    if (place) map.look(place);
    else toast(say(`position_${position.current().kind}`));
  }

  function checkIn() {
    const { place } = position.current();
    choosing = true;
    offer(place);
  }

  function offer(place) {
    const near = nearestOwn(app.data("map"), place);
    const own = near && near.metres <= NEAR_M ? { ...near.feature.properties, metres: near.metres } : null;
    map.pin(place);
    sheet.hidden = false;
    tools.hidden = hint.hidden = true;
    fill(sheet, own ? ready(own, place) : el("p", { class: "strong" }, say(place ? "check_in_outside" : "check_in_tap")),
      place && !own && el("p", {}, say("check_in_tap")), el("div", { class: "choices" }, button(say("cancel"), leave, { class: "plain" }),
        own && button(say("check_in_here", { grid: own.name }), () => confirm(own, place), { class: "main", id: "check-in-confirm" })));
  }

  function ready({ code, metres: away }, place) {
    const last = el("p", { class: "quiet" });
    kept.get(visits).then((known) => known?.[code] && fill(last, say("last_check_in", { time: moment(known[code]) })));
    const source = place.accuracy ? say("position_found", { m: Math.round(place.accuracy) }) : say("position_tapped");
    return [el("p", { class: "quiet" }, source, away > 0 && ` · ${say("beside", { distance: metres(away) })}`), last];
  }

  async function confirm({ code, name }, { lon, lat }) {
    const body = { grid: code, lon, lat };
    await add("visit", body, { user: app.session.user, about: { grid: code, name } });
    await kept.put(visits, { ...(await kept.get(visits)), [code]: clock.now() });
    toast(say(app.online ? "checked_in" : "checked_in_waiting", { grid: name }));
    leave();
  }

  function leave() {
    choosing = false;
    map.pin(null);
    sheet.hidden = true;
    tools.hidden = hint.hidden = false;
  }

  draw();
  const stop = [app.on("data", draw), position.watch(({ place }) => map.here(place))];
  return () => {
    view = { ...map.view(), user: app.session?.user };
    stop.forEach((end) => end());
    map.remove();
  };
}
