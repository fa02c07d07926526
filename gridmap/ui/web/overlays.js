// Reference layers: fetched when switched on, tile by tile as they come into view, drawn below the grids' borders.
(function (root) {
  "use strict";
  const gridmap = (root.gridmap = root.gridmap || {});
  const SWITCHES = "gridmap:layers";
  const NAMES_FROM = { roads: 13, water: 12, places: 14, other: 14, buildings: 16 };

  // Quiet: what is known of a place lies below what is measured there. Widths in pixels at a zoom as the eye takes it.
  const STYLES = {
    roads: { light: "#8a7f70", dark: "#a79b8a", casing: true, width: [0.8, 2.6], dot: 2 },
    water: { light: "#6f9fc8", dark: "#5c8fbd", fill: 0.45, width: [1, 2.2], dot: 2.5 },
    buildings: { light: "#6b6259", dark: "#b8b0a6", fill: 0.5, width: [0.4, 0.8], dot: 2 },
    places: { light: "#7a4f9a", dark: "#c39be0", fill: 0.25, width: [0.8, 1.4], dot: 3.2 },
    other: { light: "#4d6b57", dark: "#8fb59b", fill: 0.15, width: [0.9, 1.6], dot: 2.5 },
    outline: { light: "#20262c", dark: "#e6edf5", fill: 0, width: [0.6, 1.2], dot: 2, strong: true },
    before: { light: "#b3261e", dark: "#ff9a90", fill: 0, width: [1, 1.8], dash: [5, 4], dot: 3, strong: true },
    after: { light: "#0b5cad", dark: "#7fb9ff", fill: 0, width: [1, 2], dot: 3, strong: true },
    moved: { light: "#0b5cad", dark: "#7fb9ff", fill: 0.4, width: [0.8, 1.2], dot: 5, strong: true },
    faults: { light: "#d6006c", dark: "#ff5fae", fill: 0.35, width: [1.4, 2.4], dot: 6, strong: true },
  };

  async function unzipped(url) {
    const answer = await root.fetch(url);
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    return answer.arrayBuffer();
  }

  // See gridmap/geo/featurepack.py.
  function decode(buffer) {
    const bytes = new Uint8Array(buffer);
    if (new TextDecoder().decode(bytes.subarray(0, 4)) !== "GLAY" || bytes[4] !== 1) throw new Error("not a layer file of this version");
    const size = new DataView(buffer).getUint32(5, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(9, 9 + size)));
    let at = 9 + size;
    const streams = header.bytes.map((length) => {
      const numbers = gridmap.readVarints(bytes, at, length);
      at += length;
      return numbers;
    });
    const [ids, parts, sizes, dx, dy, weights] = streams;
    const [lon, lat] = [gridmap.running(dx), gridmap.running(dy)];
    const count = lon.length;
    const ox = count ? gridmap.worldX(lon[0] * header.quantum) : 0;
    const oy = count ? gridmap.worldY(lat[0] * header.quantum) : 0;
    const [px, py] = [new Float32Array(count), new Float32Array(count)];
    for (let i = 0; i < count; i++) {
      px[i] = gridmap.worldX(lon[i] * header.quantum) - ox;
      py[i] = gridmap.worldY(lat[i] * header.quantum) - oy;
    }
    for (let i = 1; i < ids.length; i++) ids[i] += ids[i - 1];
    return { ox, oy, px, py, ids, parts, sizes, weights, names: header.names.split("\n") };
  }

  // All lines of a tile in one path, all areas in another; points one by one, as they keep their size.
  function trace(tile, only) {
    const lines = new Path2D();
    const areas = new Path2D();
    const points = [];
    let [part, p] = [0, 0];
    for (let row = 0; row < tile.ids.length; row++) {
      const wanted = only === undefined || tile.ids[row] === only;
      for (let end = part + tile.parts[row]; part < end; part++) {
        const kind = tile.sizes[part] % 4;
        const last = p + Math.floor(tile.sizes[part] / 4);
        if (wanted && kind === 0) points.push([p, tile.weights[row]]);
        else if (wanted) {
          const path = kind === 2 ? areas : lines;
          path.moveTo(tile.px[p], tile.py[p]);
          for (let k = p + 1; k < last; k++) path.lineTo(tile.px[k], tile.py[k]);
          if (kind === 2) path.closePath();
        }
        p = last;
      }
    }
    return { lines, areas, points };
  }

  // Where a name stands: the middle point of the first part.
  function anchors(tile) {
    const found = [];
    let [part, p] = [0, 0];
    for (let row = 0; row < tile.ids.length; row++) {
      const first = part < tile.sizes.length ? Math.floor(tile.sizes[part] / 4) : 0;
      if (tile.names[row] && tile.parts[row]) found.push([p + (first >> 1), tile.names[row]]);
      for (let end = part + tile.parts[row]; part < end; part++) p += Math.floor(tile.sizes[part] / 4);
    }
    return found;
  }

  class Overlays {
    constructor(state) {
      this.state = state;
      this.all = (state.config.layers || []).map((about) => ({ about, on: about.fixed || about.visible, index: null, tiles: new Map() }));
      const chosen = this.chosen();
      for (const layer of this.all) {
        if (!layer.about.fixed && String(layer.about.id) in chosen) layer.on = chosen[layer.about.id];
      }
      this.ground = chosen.ground !== false;
    }

    chosen() {
      try {
        return JSON.parse(root.sessionStorage.getItem(SWITCHES)) || {};
      } catch {
        return {};
      }
    }

    turn(id, on) {
      try {
        root.sessionStorage.setItem(SWITCHES, JSON.stringify({ ...this.chosen(), [id]: on }));
      } catch {
        // Without storage a switch lasts as long as the page.
      }
      const layer = this.all.find(({ about }) => about.id === id);
      if (layer) layer.on = on;
      if (id === "ground") this.ground = on;
      this.showGround();
      this.state.layer.redraw();
      this.refresh();
    }

    showGround() {
      const { tiles, map } = this.state;
      if (!tiles) return;
      if (this.ground && !map.hasLayer(tiles)) tiles.addTo(map);
      if (!this.ground && map.hasLayer(tiles)) map.removeLayer(tiles);
    }

    nameOf(about) {
      return this.state.lang === "zh" ? about.name : about.name_en || about.name;
    }

    // Whether a layer is drawn at this zoom; large ones only when near.
    near(layer) {
      return layer.index && this.state.map.getZoom() - Math.log2(this.state.unit) >= layer.index.from;
    }

    inView(layer) {
      const view = this.state.map.getBounds().pad(0.15);
      return layer.index.tiles.filter(
        ({ box: [w, s, e, n] }) => w <= view.getEast() && e >= view.getWest() && s <= view.getNorth() && n >= view.getSouth()
      );
    }

    // Fetch what is switched on and in view; drawn anew when something has come.
    async refresh() {
      if (this.control) this.control.refresh();
      const asked = this.all.filter((layer) => layer.on).map((layer) => this.load(layer));
      const came = await Promise.allSettled(asked);
      for (const { reason } of came) if (reason) this.state.fail(reason);
      if (this.control) this.control.refresh();
      if (came.some(({ value }) => value)) this.state.layer.redraw();
    }

    // Whether anything new has come.
    async load(layer) {
      const at = (file) => new URL(file, this.state.config.url).href;
      const known = Boolean(layer.index);
      if (!known) {
        layer.asked = layer.asked || unzipped(at(layer.about.file)).then((data) => JSON.parse(new TextDecoder().decode(data)));
        layer.index = await layer.asked;
      }
      if (!layer.on || !this.near(layer)) return false;
      const missing = this.inView(layer).filter(({ file }) => !layer.tiles.has(file));
      await Promise.all(
        missing.map(async ({ file }) => {
          layer.tiles.set(file, null);
          try {
            layer.tiles.set(file, decode(await unzipped(at(file))));
          } catch (error) {
            layer.tiles.delete(file);
            throw error;
          }
        })
      );
      return missing.length > 0;
    }

    shown() {
      return this.all
        .filter((layer) => layer.on && this.near(layer))
        .map((layer) => [layer, this.inView(layer).map(({ file }) => layer.tiles.get(file)).filter(Boolean)]);
    }

    // `strong` ones are what a page is about: they lie above the grids' borders.
    draw(context, canvas, strong) {
      for (const [layer, tiles] of this.shown()) {
        const style = STYLES[layer.about.kind] || STYLES.other;
        if (Boolean(style.strong) !== strong) continue;
        for (const tile of tiles) {
          tile.path = tile.path || trace(tile);
          this.paint(context, canvas, tile, tile.path, style, style[this.state.dark ? "dark" : "light"]);
        }
      }
    }

    paint(context, canvas, tile, { lines, areas, points }, style, colour) {
      const view = canvas.enter(context, tile);
      const { unit } = this.state;
      const grown = Math.max(0, Math.min(1, (view.seen - 11) / 5));
      const width = (style.width[0] + (style.width[1] - style.width[0]) * grown) * unit;
      context.lineJoin = context.lineCap = "round";
      context.strokeStyle = context.fillStyle = colour;
      if (style.fill) {
        context.globalAlpha = style.fill;
        context.fill(areas, "evenodd");
      }
      context.globalAlpha = style.strong ? 1 : 0.9;
      if (style.casing) {
        context.strokeStyle = canvas.ink().casing;
        context.lineWidth = (width + 1.6 * unit) / view.scale;
        context.stroke(lines);
        context.strokeStyle = colour;
      }
      context.lineWidth = width / view.scale;
      context.setLineDash((style.dash || []).map((length) => (length * unit) / view.scale));
      context.stroke(lines);
      context.stroke(areas);
      context.setLineDash([]);
      const [from, to] = [style.dot * 0.7 * unit, style.dot * 1.6 * unit];
      context.beginPath();
      for (const [p, weight] of points) {
        // The area of a dot goes with the households of a building.
        const radius = (Math.min(to, from + Math.sqrt(weight) * 0.12 * unit) * (0.6 + 0.6 * grown)) / view.scale;
        context.moveTo(tile.px[p] + radius, tile.py[p]);
        context.arc(tile.px[p], tile.py[p], radius, 0, 7);
      }
      context.fill();
      context.globalAlpha = 1;
    }

    // What the page points at, above everything: the feature somebody has looked for, or the fault at hand.
    drawFocus(context, canvas) {
      const { focus } = this.state;
      if (!focus) return;
      const colour = canvas.ink().chosen;
      for (const [layer, tiles] of this.shown()) {
        if (layer.about.id !== focus[0]) continue;
        for (const tile of tiles) {
          const style = { width: [3, 4.5], dot: 6, fill: 0.3, strong: true };
          this.paint(context, canvas, tile, trace(tile, focus[1]), style, colour);
        }
      }
    }

    drawNames(context, canvas, place) {
      const view = canvas.view(null);
      for (const [layer, tiles] of this.shown()) {
        if (view.seen < (NAMES_FROM[layer.about.kind] ?? 99)) continue;
        for (const tile of tiles) {
          tile.anchors = tile.anchors || anchors(tile);
          for (const [p, name] of tile.anchors) {
            place(name, (tile.px[p] + tile.ox) * view.scale + view.x, (tile.py[p] + tile.oy) * view.scale + view.y);
          }
        }
      }
    }

    // Switch on what the page points at, once for each wish; the reader may switch it off again.
    point(focus) {
      this.state.focus = focus || null;
      const wish = JSON.stringify(focus || null);
      if (focus && wish !== this.wish) {
        const layer = this.all.find(({ about }) => about.id === focus[0]);
        if (layer && !layer.on) layer.on = true;
      }
      this.wish = wish;
      this.refresh();
    }
  }

  const Switches = root.L.Control.extend({
    options: { position: "topleft" },
    initialize(state) {
      this.state = state;
    },
    onAdd() {
      const { words, overlays } = this.state;
      const bar = document.createElement("div");
      bar.className = "leaflet-bar leaflet-control gridmap-layers";
      const button = bar.appendChild(document.createElement("a"));
      button.className = "gridmap-layers-button";
      button.href = "#";
      button.textContent = "☰";
      button.title = words.layers;
      button.setAttribute("role", "button");
      button.setAttribute("aria-label", words.layers);
      button.setAttribute("aria-expanded", "false");
      this.list = bar.appendChild(document.createElement("div"));
      this.list.className = "gridmap-layers-list";
      this.list.hidden = true;
      this.rows = [];
      if (this.state.tiles) this.row("ground", words.base_map, null, overlays.ground);
      for (const layer of overlays.all) {
        if (!layer.about.fixed) this.row(layer.about.id, overlays.nameOf(layer.about), layer, layer.on);
      }
      root.L.DomEvent.disableClickPropagation(bar);
      root.L.DomEvent.disableScrollPropagation(bar);
      root.L.DomEvent.on(button, "click", (event) => {
        root.L.DomEvent.preventDefault(event);
        this.list.hidden = !this.list.hidden;
        button.setAttribute("aria-expanded", String(!this.list.hidden));
      });
      return bar;
    },
    row(id, name, layer, on) {
      const label = this.list.appendChild(document.createElement("label"));
      const box = label.appendChild(document.createElement("input"));
      box.type = "checkbox";
      box.checked = on;
      if (layer) {
        const swatch = label.appendChild(document.createElement("span"));
        swatch.className = "gridmap-layers-swatch";
        swatch.style.background = (STYLES[layer.about.kind] || STYLES.other)[this.state.dark ? "dark" : "light"];
      }
      label.appendChild(document.createElement("span")).textContent = name;
      const note = label.appendChild(document.createElement("small"));
      box.addEventListener("change", () => this.state.overlays.turn(id, box.checked));
      this.rows.push({ box, note, layer });
    },
    refresh() {
      for (const { box, note, layer } of this.rows) {
        if (!layer) continue;
        box.checked = layer.on;
        note.textContent = layer.on && layer.index && !this.state.overlays.near(layer) ? this.state.words.zoom_in : "";
      }
    },
  });

  function addOverlays(state) {
    const overlays = (state.overlays = new Overlays(state));
    if (!state.config.wall && (overlays.all.some(({ about }) => !about.fixed) || state.tiles)) {
      overlays.control = new Switches(state).addTo(state.map);
    }
    state.map.on("moveend", () => overlays.refresh());
    overlays.showGround();
    overlays.refresh();
  }

  Object.assign(gridmap, { addOverlays, Overlays });
})(window);
