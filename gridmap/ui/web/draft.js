// A draft over the plan: grids it made or changed, painted over the base; grids picked; places of comments and refusals.
// Only numbers and codes come this way; what people call things is drawn by the page beside the map.
(function (root) {
  "use strict";
  const gridmap = (root.gridmap = root.gridmap || {});
  const MADE = { light: "#ffd166", dark: "#b8860b" };
  const GOING = "#0072b2";

  // Rings of each grid in world pixels at the base zoom, relative to the first point, so that single precision serves.
  function setDraft(state, draft) {
    if (!draft) return (state.draft = null);
    const [ox, oy] = draft.origin ? [gridmap.worldX(draft.origin[0]), gridmap.worldY(draft.origin[1])] : [0, 0];
    const grids = draft.grids.map(({ code, fill, rings }) => {
      const path = new root.Path2D();
      let [sx, sy, longest] = [0, 0, 0];
      for (const ring of rings) {
        for (let i = 0; i < ring.length; i += 2) {
          const [x, y] = [gridmap.worldX(ring[i]) - ox, gridmap.worldY(ring[i + 1]) - oy];
          if (i) path.lineTo(x, y);
          else path.moveTo(x, y);
        }
        path.closePath();
        if (ring.length <= longest) continue;
        longest = ring.length;
        [sx, sy] = centre(ring.map((value, i) => (i % 2 ? gridmap.worldY(value) - oy : gridmap.worldX(value) - ox)));
      }
      return { code, fill, path, x: sx, y: sy };
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
    return area ? [x / (3 * area), y / (3 * area)] : [ring[0], ring[1]];
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

  // The last three digits of each grid of the draft, where there is room for them.
  function drawDraftSigns(context, layer) {
    const { draft } = layer.state;
    if (!draft) return;
    const view = layer.view(draft);
    if (view.seen < 12.2) return;
    context.font = `600 ${13 * layer.state.unit}px sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = 3.5 * layer.state.unit;
    for (const { code, x, y } of draft.grids) {
      const [at, down] = [x * view.scale + view.x, y * view.scale + view.y];
      context.strokeStyle = layer.ink().halo;
      context.strokeText(String(code).slice(-3), at, down);
      context.fillStyle = layer.ink().name;
      context.fillText(String(code).slice(-3), at, down);
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
    map.on("draw:created", ({ layer }) => (layer.feature = { type: "Feature", properties: { number: Date.now() } }));
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

  Object.assign(gridmap, { setDraft, drawDraft, drawDraftSigns, draftAt, drawing, clearDrawings });
})(window);
