// The Leaflet layer: fills by class, lines by level, names, markers, heat, and outlines of what is chosen or hovered.
(function (root) {
  "use strict";
  const gridmap = (root.gridmap = root.gridmap || {});

  const INK = {
    light: {
      ground: "#f5f4f0", empty: "#e4e3de", hatch: "#c7c5bd", lines: ["#1c2227", "#1c2227", "#2f373f", "#ffffff", "#ffffff"], casing: "rgba(255,255,255,.55)",
      name: "#14181c", halo: "rgba(255,255,255,.86)", chosen: "#d6006c", hover: "#14181c",
    },
    dark: {
      ground: "#0a0f16", empty: "#1a222c", hatch: "#2c3946", lines: ["#f2f6fb", "#e6edf5", "#0a0f16", "#0a0f16", "#0a0f16"], casing: "rgba(6,10,16,.5)",
      name: "#ffffff", halo: "rgba(6,10,16,.82)", chosen: "#ff5fae", hover: "#ffffff",
    },
  };

  // Width and strength of a line by level (city, county, township, village, grid) at a zoom as the eye takes it.
  function pen(level, zoom) {
    const ramp = (from, to, low, high) => low + (high - low) * Math.max(0, Math.min(1, (zoom - from) / (to - from)));
    if (level === 0) return { width: ramp(8, 14, 2.2, 3.2), alpha: 1 };
    if (level === 1) return { width: ramp(8, 14, 1.5, 3), alpha: 0.95 };
    if (level === 2) return { width: ramp(8.5, 14, 0.7, 2), alpha: ramp(8.2, 10, 0.35, 0.9) };
    if (level === 3) return { width: ramp(10, 15, 0.5, 1.8), alpha: ramp(10, 12, 0, 0.9) };
    return { width: ramp(10.5, 16, 0.3, 0.9), alpha: ramp(10, 12.2, 0, 0.6) };
  }

  const GridLayer = root.L.Renderer.extend({
    options: { padding: 0.15 },

    initialize(state) {
      root.L.Renderer.prototype.initialize.call(this, {});
      this.state = state;
    },

    _initContainer() {
      this._container = document.createElement("div");
      this._container.className = "gridmap-layer";
      this.base = this._container.appendChild(document.createElement("canvas"));
      this.over = this._container.appendChild(document.createElement("canvas"));
      this.signs = this._container.appendChild(document.createElement("canvas"));
    },

    _destroyContainer() {
      this._container.remove();
    },

    _updatePaths() {},

    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      root.L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      root.L.DomUtil.setPosition(this._container, this._bounds.min);
      for (const canvas of [this.base, this.over, this.signs]) {
        canvas.width = Math.round(size.x * root.devicePixelRatio);
        canvas.height = Math.round(size.y * root.devicePixelRatio);
        canvas.style.width = `${size.x}px`;
        canvas.style.height = `${size.y}px`;
      }
      this.draw();
    },

    redraw() {
      if (this._map && this._bounds) this.draw();
    },

    // World pixels at the base zoom to canvas pixels: a scale and a shift.
    view(set) {
      const zoom = this._map.getZoom();
      const scale = Math.pow(2, zoom - gridmap.BASE_ZOOM);
      const origin = this._map.getPixelOrigin();
      return {
        // Large screens are read from afar: a level appears when it is as large as it would be on a desk.
        seen: zoom - Math.log2(this.state.unit),
        scale,
        x: (set ? set.ox : 0) * scale - origin.x - this._bounds.min.x,
        y: (set ? set.oy : 0) * scale - origin.y - this._bounds.min.y,
      };
    },

    enter(context, set) {
      const dpr = root.devicePixelRatio;
      const view = this.view(set);
      context.setTransform(view.scale * dpr, 0, 0, view.scale * dpr, view.x * dpr, view.y * dpr);
      return view;
    },

    draw() {
      if (this.holding) return;
      const began = performance.now();
      const context = this.base.getContext("2d");
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, this.base.width, this.base.height);
      const sets = this.state.shown();
      for (const set of sets) this.fill(context, set);
      if (this.state.heat) this.drawHeat(context);
      const { overlays } = this.state;
      const lines = (level) => sets.forEach((set) => this.stroke(context, set, level));
      [4, 3].forEach(lines);
      // Roads and rivers often run along the borders of villages: they lie above those, and below the larger ones.
      if (overlays) overlays.draw(context, this, false);
      [2, 1, 0].forEach(lines);
      if (overlays) overlays.draw(context, this, true);
      this.drawOver();
      this.drawSigns(sets.length > 0);
      this.state.drawMs = performance.now() - began;
    },

    // Names and markers lie above all outlines.
    drawSigns(any) {
      const context = this.signs.getContext("2d");
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, this.signs.width, this.signs.height);
      if (!any) return;
      context.setTransform(root.devicePixelRatio, 0, 0, root.devicePixelRatio, 0, 0);
      gridmap.drawMarkers(context, this);
      gridmap.drawNames(context, this);
      gridmap.drawDraftSigns(context, this);
      gridmap.drawPins(context, this);
    },

    ink() {
      return INK[this.state.dark ? "dark" : "light"];
    },

    fill(context, set) {
      const view = this.enter(context, set);
      const painted = this.state.fillsOf(set);
      context.globalAlpha = this.state.tiles && this._map.hasLayer(this.state.tiles) ? 0.72 : 1;
      painted.paths.forEach((path, at) => {
        const colour = painted.colours[at];
        context.fillStyle = colour === null ? this.hatch(context, view) : colour;
        context.fill(path);
      });
      context.globalAlpha = 1;
    },

    hatch(context, view) {
      const ink = this.ink();
      const tile = document.createElement("canvas");
      tile.width = tile.height = 8;
      const pencil = tile.getContext("2d");
      pencil.fillStyle = ink.empty;
      pencil.fillRect(0, 0, 8, 8);
      pencil.strokeStyle = ink.hatch;
      pencil.lineWidth = 1.2;
      pencil.beginPath();
      for (const shift of [-8, 0, 8]) {
        pencil.moveTo(shift - 1, 9);
        pencil.lineTo(shift + 9, -1);
      }
      pencil.stroke();
      const pattern = context.createPattern(tile, "repeat");
      // Keep the hatch at screen size whatever the scale of the drawing.
      pattern.setTransform(new DOMMatrix().scale(1 / view.scale));
      return pattern;
    },

    stroke(context, set, level) {
      const view = this.enter(context, set);
      const { width, alpha } = pen(level, view.seen);
      if (alpha <= 0.02) return;
      set.lines = set.lines || gridmap.lines(set);
      // The edge of a county's own file is that county's border.
      const strong = set.county && level === 0 ? pen(1, view.seen) : { width, alpha };
      context.lineJoin = "round";
      context.globalAlpha = strong.alpha;
      const ink = this.ink();
      if (level <= 2 && ink.lines[level] !== ink.lines[4]) {
        // A line of the other tone around it: borders stand out from dark and from light colours alike.
        context.strokeStyle = ink.casing;
        context.lineWidth = ((strong.width + 1.3) * this.state.unit) / view.scale;
        context.stroke(set.lines[level]);
      }
      context.strokeStyle = ink.lines[level];
      context.lineWidth = (strong.width * this.state.unit) / view.scale;
      context.stroke(set.lines[level]);
      context.globalAlpha = 1;
    },

    drawHeat(context) {
      const { image, bounds } = this.state.heat;
      const outline = this.state.cityPath();
      const view = this.enter(context, this.state.set);
      context.save();
      context.clip(outline);
      const dpr = root.devicePixelRatio;
      context.setTransform(dpr, 0, 0, dpr, 0, 0);
      context.imageSmoothingEnabled = true;
      context.imageSmoothingQuality = "high";
      const [west, south, east, north] = bounds;
      const x = (lon) => gridmap.worldX(lon) * view.scale - this.state.set.ox * view.scale + view.x;
      const y = (lat) => gridmap.worldY(lat) * view.scale - this.state.set.oy * view.scale + view.y;
      context.globalAlpha = 0.88;
      context.drawImage(image, x(west), y(north), x(east) - x(west), y(south) - y(north));
      context.restore();
    },

    drawOver() {
      const context = this.over.getContext("2d");
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, this.over.width, this.over.height);
      const ink = this.ink();
      const { selected, hovered } = this.state;
      gridmap.drawDraft(context, this);
      if (selected) this.ring(context, selected, ink.chosen, 3.4);
      if (this.state.overlays) this.state.overlays.drawFocus(context, this);
      if (hovered && hovered !== selected) this.ring(context, hovered, ink.hover, 2);
    },

    ring(context, code, colour, width) {
      context.lineJoin = "round";
      for (const { set, path } of this.state.outlinesOf(code)) {
        const view = this.enter(context, set);
        context.strokeStyle = this.ink().halo;
        context.lineWidth = ((width + 2.4) * this.state.unit) / view.scale;
        context.stroke(path);
        context.strokeStyle = colour;
        context.lineWidth = (width * this.state.unit) / view.scale;
        context.stroke(path);
      }
    },
  });

  Object.assign(gridmap, { GridLayer, INK });
})(window);
