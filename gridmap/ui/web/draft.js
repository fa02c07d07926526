// A draft over the plan: grids it made or changed, painted over the base; grids picked; places of comments and refusals.
// Only numbers and codes come this way; what people call things is drawn by the page beside the map.
(function (root) {
  "use strict";
  const gridmap = (root.gridmap = root.gridmap || {});
  const MADE = { light: "#ffd166", dark: "#b8860b" };
  const GOING = "#0072b2";

  // Rings of each grid in world pixels at the base zoom, relative to the first point, so that single precision serves.
  function setDraft(state, draft) {
    state.expected = null;
    if (!draft) return (state.draft = null);
    const [ox, oy] = draft.origin ? [gridmap.worldX(draft.origin[0]), gridmap.worldY(draft.origin[1])] : [0, 0];
    const grids = draft.grids.map(({ code, fill, rings }) => {
      const path = new root.Path2D();
      let [sx, sy, size, longest] = [0, 0, 0, 0];
      for (const ring of rings) {
        for (let i = 0; i < ring.length; i += 2) {
          const [x, y] = [gridmap.worldX(ring[i]) - ox, gridmap.worldY(ring[i + 1]) - oy];
          if (i) path.lineTo(x, y);
          else path.moveTo(x, y);
        }
        path.closePath();
        if (ring.length <= longest) continue;
        longest = ring.length;
        [sx, sy, size] = centre(ring.map((value, i) => (i % 2 ? gridmap.worldY(value) - oy : gridmap.worldX(value) - ox)));
      }
      return { code, fill, path, x: sx, y: sy, size };
    });
    return (state.draft = { ...draft, ox, oy, grids });
  }

  function centre(ring) {
    let [area, x, y] = [0, 0, 0];
    for (let i = 0; i < ring.length; i += 2) {
      const j = (i + 2) % ring.length;
      const cross = ring[i] * ring[j + 1] - ring[j] * ring[i + 1];
      area += cross;
      x += (ring[i] + ring[j]) * cross;
      y += (ring[i + 1] + ring[j + 1]) * cross;
    }
    return area ? [x / (3 * area), y / (3 * area), Math.abs(area) / 2] : [ring[0], ring[1], 0];
  }

  function drawDraft(context, layer) {
    const { draft } = layer.state;
    if (!draft) return;
    const view = layer.enter(context, draft);
    const tone = layer.state.dark ? "dark" : "light";
    const ink = layer.ink();
    const pen = (width) => (width * layer.state.unit) / view.scale;
    context.lineJoin = "round";
    for (const grid of draft.grids) {
      context.fillStyle = grid.fill || MADE[tone];
      context.globalAlpha = 0.92;
      context.fill(grid.path, "evenodd");
      context.globalAlpha = 1;
      context.strokeStyle = ink.hover;
      context.lineWidth = pen(1.6);
      context.stroke(grid.path);
    }
    context.setLineDash([pen(7), pen(5)]);
    for (const code of draft.theirs || []) layer.ring(context, code, GOING, 1.6);
    context.setLineDash([]);
    for (const code of draft.picks) pick(context, layer, code);
    drawExpected(context, layer);
  }

  // A grid of the draft where it is one, else of the base.
  function pick(context, layer, code) {
    const { draft } = layer.state;
    const grid = draft.grids.find((one) => one.code === code);
    if (!grid) return layer.ring(context, code, layer.ink().chosen, 3.4);
    const view = layer.enter(context, draft);
    for (const [colour, width] of [[layer.ink().halo, 5.8], [layer.ink().chosen, 3.4]]) {
      context.strokeStyle = colour;
      context.lineWidth = (width * layer.state.unit) / view.scale;
      context.stroke(grid.path);
    }
  }

  // The last three digits of each grid of the draft where there is room for them: larger grids first.
  function draftSigns(context, layer) {
    const { draft } = layer.state;
    if (!draft) return [];
    const view = layer.view(draft);
    if (view.seen < 12.2) return [];
    const size = 13 * layer.state.unit;
    context.font = `600 ${size}px sans-serif`;
    const half = context.measureText("000").width / 2 + 3 * layer.state.unit;
    const signs = [];
    for (const { code, x, y, size: area } of [...draft.grids].sort((a, b) => b.size - a.size)) {
      if (Math.sqrt(area) * view.scale < 2 * half) continue;
      const [at, down] = [x * view.scale + view.x, y * view.scale + view.y];
      const rect = [at - half, down - size * 0.7, at + half, down + size * 0.7];
      if (!signs.some((other) => meets(rect, other.rect))) signs.push({ text: String(code).slice(-3), at, down, rect });
    }
    return signs;
  }

  const meets = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

  function drawDraftSigns(context, layer) {
    const signs = draftSigns(context, layer);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = 3.5 * layer.state.unit;
    for (const { text, at, down } of signs) {
      context.strokeStyle = layer.ink().halo;
      context.strokeText(text, at, down);
      context.fillStyle = layer.ink().name;
      context.fillText(text, at, down);
    }
  }

  // The grid of the draft at a point in world pixels; 0 where the base shows through.
  function draftAt(state, worldX, worldY) {
    const { draft } = state;
    if (!draft) return 0;
    const context = (draft.context = draft.context || document.createElement("canvas").getContext("2d"));
    const found = draft.grids.find(({ path }) => context.isPointInPath(path, worldX - draft.ox, worldY - draft.oy, "evenodd"));
    return found ? found.code : 0;
  }

  // Drawing on the map: Leaflet.draw's toolbar in the page's words. What was drawn stays until the page has answered.
  function drawing(map, words) {
    const { L } = root;
    for (const [path, text] of Object.entries(words)) {
      const keys = path.split(".");
      const last = keys.pop();
      keys.reduce((at, key) => at[key], L.drawLocal)[last] = text;
    }
    // Clicks that draw choose nothing; the one that ends a drawing comes after its end.
    const state = map.gridmap;
    map.on("draw:drawstart", () => (state.drawing = true));
    map.on("draw:drawstop", () => root.setTimeout(() => (state.drawing = false), 300));
    // A second line of the same course must reach the page too: number the drawings.
    map.on("draw:created", ({ layer }) => {
      layer.feature = { type: "Feature", properties: { number: Date.now() } };
      expect(state, layer);
    });
  }

  // Until the page has answered the map shows what was drawn as the border it is to be: a line where it crosses the
  // grids meant, an area filled. The page's answer, with a refusal too, takes its place.
  function expect(state, layer) {
    const rings = layer.getLatLngs();
    const area = Array.isArray(rings[0]);
    const points = (area ? rings[0] : rings).map(({ lng, lat }) => [gridmap.worldX(lng), gridmap.worldY(lat)]);
    if (!points.length) return;
    const [ox, oy] = points[0];
    const path = new root.Path2D();
    points.forEach(([x, y], i) => (i ? path.lineTo(x - ox, y - oy) : path.moveTo(x - ox, y - oy)));
    if (area) path.closePath();
    const [one, other] = [points[(points.length - 1) >> 1], points[points.length >> 1]];
    const middle = [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
    // Seen as the border that comes of it, not as what the hand drew besides.
    layer.setStyle({ opacity: 0, fillOpacity: 0 });
    state.expected = { path, area, ox, oy, middle };
    state.layer.drawOver();
  }

  function drawExpected(context, layer) {
    const { expected, draft } = layer.state;
    if (!expected) return;
    const view = layer.enter(context, expected);
    const pen = (width) => (width * layer.state.unit) / view.scale;
    context.save();
    if (!expected.area) context.clip(expected.within || (expected.within = meant(layer, expected)));
    context.lineJoin = "round";
    if (expected.area) {
      context.globalAlpha = 0.6;
      context.fillStyle = MADE[layer.state.dark ? "dark" : "light"];
      context.fill(expected.path);
      context.globalAlpha = 1;
    }
    for (const [colour, width] of [[layer.ink().halo, 5], [layer.ink().hover, 2.4]]) {
      context.strokeStyle = colour;
      context.lineWidth = pen(width);
      context.stroke(expected.path);
    }
    context.restore();
  }

  // The ground of the grids a line is drawn on: those chosen, else the one in its middle; a line elsewhere is shown whole.
  function meant(layer, { ox, oy, middle }) {
    const { state } = layer;
    const { draft } = state;
    const within = new root.Path2D();
    const there = draftAt(state, ...middle) || baseAt(state, ...middle);
    for (const code of draft && draft.picks.length ? draft.picks : [there].filter(Boolean)) {
      const own = draft && draft.grids.find((one) => one.code === code);
      if (own) {
        within.addPath(own.path, { e: draft.ox - ox, f: draft.oy - oy });
        continue;
      }
      const set = state.shown().filter((one) => one.codes.length).find((one) => state.rowsOf(one, code)[0] < state.rowsOf(one, code)[1]);
      if (!set) continue;
      const group = new Int16Array(set.codes.length).fill(1, ...state.rowsOf(set, code));
      within.addPath(gridmap.regions(set, group, 2)[1], { e: set.ox - ox, f: set.oy - oy });
    }
    return within;
  }

  function baseAt(state, x, y) {
    const row = gridmap.rowAt(state.set, x, y);
    return row < 0 ? 0 : state.set.codes[row];
  }

  // Remove what was drawn once the page has taken it.
  function clearDrawings(map, taken) {
    map.eachLayer((layer) => {
      if (layer.feature && layer.feature.properties.number <= taken) {
        map.eachLayer((group) => group.hasLayer && group !== map && group.hasLayer(layer) && group.removeLayer(layer));
        map.removeLayer(layer);
      }
    });
  }

  Object.assign(gridmap, { setDraft, drawDraft, draftSigns, drawDraftSigns, draftAt, drawing, clearDrawings });
})(window);
