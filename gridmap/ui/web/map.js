// What the page calls: `attach` once for a map, `paint` for every new set of values.
(function (root) {
  "use strict";
  const gridmap = (root.gridmap = root.gridmap || {});
  // From here on (as the eye takes it, see layer.js) counties are drawn from their own files.
  const DETAIL_ZOOM = 11.25;
  // From which zoom on counties, townships, villages and grids are large enough to be clicked one by one.
  const TOLD_APART = [0, 10.25, 12, 13.5];

  const bytes = (text) => Uint8Array.from(root.atob(text), (character) => character.charCodeAt(0));
  const json = (text) => JSON.parse(new TextDecoder().decode(bytes(text)));
  const floats = (text) => new Float32Array(bytes(text).buffer);

  class State {
    constructor(map, config) {
      Object.assign(this, { map, config, lang: config.lang, dark: config.dark, words: config.words });
      Object.assign(this, { details: new Map(), colouring: 0, painted: 0, counts: [], pins: [], set: null, meta: null });
    }

    // What is drawn: the counties in full sharpness once all in view are there, else the overview.
    shown() {
      if (!this.set) return [];
      const wanted = this.wanted();
      const ready = wanted.length && wanted.every((code) => this.details.get(code)?.codes);
      return ready ? wanted.map((code) => this.details.get(code)) : [this.set];
    }

    wanted() {
      if (!this.set || this.map.getZoom() - Math.log2(this.unit) < DETAIL_ZOOM) return [];
      const view = this.map.getBounds().pad(0.15);
      return this.set.header.details
        .filter(({ box: [w, s, e, n] }) => w < view.getEast() && e > view.getWest() && s < view.getNorth() && n > view.getSouth())
        .map(({ code }) => code);
    }

    async sharpen() {
      const missing = this.wanted().filter((code) => !this.details.has(code));
      await Promise.all(
        missing.map(async (code) => {
          this.details.set(code, {});
          const { file } = this.set.header.details.find((detail) => detail.code === code);
          try {
            const set = await fetchSet(new URL(file, this.config.url).href);
            set.county = code;
            set.offset = lowerBound(this.set.codes, set.codes[0]);
            this.details.set(code, set);
          } catch (error) {
            this.details.delete(code);
            this.fail(error);
          }
        })
      );
      if (missing.length) this.layer.redraw();
    }

    fail(error) {
      this.trouble.hidden = false;
      this.trouble.textContent = `${this.words.trouble} ${error.message}`;
    }

    // Region paths of a set under the colouring in force; first no data (hatched), then the classes.
    fillsOf(set) {
      if (set.fills && set.fills.colouring === this.colouring) return set.fills;
      const classes = this.meta && this.meta.colours.length && !this.heat ? this.meta.colours.length : 0;
      const group = new Int16Array(set.codes.length);
      const offset = set.offset || 0;
      const of = this.meta ? this.set.unitOf[this.meta.level].of : null;
      if (classes) for (let i = 0; i < group.length; i++) group[i] = (this.classes[of[i + offset]] + 1) % (classes + 1);
      const paths = gridmap.regions(set, group, classes + 1);
      const colours = classes ? [null, ...this.meta.colours] : [gridmap.INK[this.dark ? "dark" : "light"].empty];
      return (set.fills = { colouring: this.colouring, paths, colours });
    }

    cityPath() {
      if (!this.city) this.city = gridmap.regions(this.set, new Int16Array(this.set.codes.length), 1)[0];
      return this.city;
    }

    // Rows of a set that lie in a place.
    rowsOf(set, code) {
      const factor = Math.pow(10, 15 - String(code).length);
      return [lowerBound(set.codes, code * factor), lowerBound(set.codes, (code + 1) * factor)];
    }

    outlinesOf(code) {
      return this.shown()
        .map((set) => {
          set.rings = set.rings || new Map();
          if (!set.rings.has(code)) {
            if (set.rings.size > 64) set.rings.clear();
            set.rings.set(code, gridmap.outline(set, ...this.rowsOf(set, code)));
          }
          return { set, path: set.rings.get(code) };
        });
    }

    classify() {
      const { breaks, colours, level } = this.meta;
      const classes = colours.length;
      this.classes = new Int16Array(this.set.unitOf[level].count).fill(classes);
      this.counts = new Array(classes + 1).fill(0);
      this.whole = true;
      for (let unit = 0; unit < this.classes.length; unit++) {
        const value = this.values[unit];
        if (!Number.isNaN(value) && value !== undefined) {
          if (!Number.isInteger(value)) this.whole = false;
          let at = this.meta.labels ? Math.round(value) : 0;
          if (!this.meta.labels) while (at < classes - 1 && value > breaks[at + 1]) at++;
          this.classes[unit] = at;
        }
        this.counts[this.classes[unit]]++;
      }
      this.sorted = null;
    }

    rankOf(unit) {
      if (!this.sorted) this.sorted = Float64Array.from(this.values.filter((value) => !Number.isNaN(value))).sort();
      this.ranked = this.sorted.length;
      let [low, high] = [0, this.ranked];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.sorted[middle] <= this.values[unit]) low = middle + 1;
        else high = middle;
      }
      return this.ranked - low + 1;
    }

    setHeat(heat, data) {
      if (!heat) return (this.heat = null);
      const canvas = document.createElement("canvas");
      canvas.width = heat.width;
      canvas.height = heat.height;
      const context = canvas.getContext("2d");
      const image = context.createImageData(heat.width, heat.height);
      const ramp = heat.ramp;
      bytes(data).forEach((value, i) => {
        const at = (value / 255) * (ramp.length - 1);
        const [a, b] = [ramp[Math.floor(at)], ramp[Math.min(ramp.length - 1, Math.floor(at) + 1)]];
        for (let c = 0; c < 4; c++) image.data[4 * i + c] = a[c] + (b[c] - a[c]) * (at % 1);
      });
      context.putImageData(image, 0, 0);
      return (this.heat = { image: canvas, bounds: heat.bounds });
    }

    setMarkers(markers) {
      if (!markers) return (this.markers = null);
      const places = [];
      const kinds = new Map();
      const counts = markers.colours.map(() => 0);
      markers.codes.forEach((code, i) => {
        const level = gridmap.DIGITS.indexOf(String(code).length);
        const { units } = this.set.unitOf[level];
        const unit = lowerBound(units, code);
        if (units[unit] !== code) return;
        const { x, y } = gridmap.middles(this.set, level);
        const shift = (kinds.get(code) || []).length * 4;
        places.push([x[unit] + shift, y[unit], markers.kinds[i]]);
        kinds.set(code, [...(kinds.get(code) || []), markers.kinds[i]]);
        counts[markers.kinds[i]]++;
      });
      return (this.markers = { places, kinds, counts, colours: markers.colours });
    }

    markersAt(code) {
      return (this.markers && this.markers.kinds.get(code)) || [];
    }

    apply() {
      if (!this.set || !this.pending) return;
      const began = performance.now();
      const { meta, values, heat } = this.pending;
      this.pending = null;
      this.meta = meta;
      this.values = values ? floats(values) : new Float32Array(this.set.unitOf[meta.level].count).fill(NaN);
      if (meta.breaks) meta.breaks = meta.breaks.map((value, at) => (value === null ? (at ? Infinity : -Infinity) : value));
      this.selected = meta.selected;
      this.classify();
      this.setHeat(meta.heat, heat);
      this.setMarkers(meta.markers);
      this.pins = meta.pins || [];
      this.overlays.point(meta.focus);
      gridmap.setDraft(this, meta.draft);
      if (meta.draft) gridmap.clearDrawings(this.map, meta.draft.taken);
      this.colouring++;
      gridmap.drawLegend(this);
      // Fitting moves the map, and every move draws: draw once, when all is in its place.
      this.layer.holding = true;
      this.frame(meta);
      this.layer.holding = false;
      this.layer.redraw();
      this.painted++;
      performance.measure("gridmap:paint", { start: began, end: performance.now() });
      this.map.getContainer().dataset.painted = this.painted;
    }

    // Go where the page asks, once; a view the reader has chosen since then stays, also over a reload.
    frame({ bounds }) {
      const wish = JSON.stringify(bounds);
      const kept = this.kept();
      const same = kept && kept.wish === wish;
      this.target = bounds || this.config.bounds;
      if (!same) {
        this.moved = false;
        this.fit(this.target, { animate: this.framed === true, duration: 0.6 });
      } else if (!this.framed) {
        this.moved = kept.moved;
        if (kept.moved) this.map.setView(kept.centre, kept.zoom, { animate: false });
        else this.fit(this.target, { animate: false });
      }
      this.framed = true;
      this.wish = wish;
      this.seat();
      this.keep();
    }

    // Whether the frame is larger than these margins. A frame that is not laid out yet, or narrower than the legend,
    // is not, and the library would call the zoom that fits into it an endless one.
    roomy(across, down) {
      const { x, y } = this.map.getSize();
      return x > across && y > down;
    }

    // Put the legend into the right corner that hides less of the city.
    seat() {
      const margins = 24 * this.unit;
      if (this.seated || this.meta.bounds || !this.roomy(margins, margins)) return;
      const [box, frame] = [this.legend.getBoundingClientRect(), this.map.getContainer().getBoundingClientRect()];
      const gap = 26 * this.unit;
      const hidden = (top) => {
        let count = 0;
        for (let step = 0; step < 120; step++) {
          const x = frame.width - ((step % 10) / 9) * (box.width + gap);
          const y = (Math.floor(step / 10) / 11) * (box.height + gap);
          const { lng, lat } = this.map.containerPointToLatLng([x, top ? y : frame.height - y]);
          if (gridmap.rowAt(this.set, gridmap.worldX(lng), gridmap.worldY(lat)) >= 0) count++;
        }
        return count;
      };
      this.legend.classList.toggle("gridmap-legend-top", hidden(true) < hidden(false));
      this.seated = true;
    }

    // Show `bounds` whole, beside the legend where that costs no size.
    fit(bounds, options) {
      const gap = 12 * this.unit;
      const beside = [gap * 2 + (this.legend ? this.legend.offsetWidth : 0), gap];
      const zoomIn = (across) =>
        this.roomy(across, 2 * gap) ? this.map.getBoundsZoom(bounds, false, root.L.point(across, 2 * gap)) : -Infinity;
      const [whole, room] = [zoomIn(2 * gap), zoomIn(gap + beside[0])];
      if (whole === -Infinity) return; // the resize that follows comes here again
      // One grid is small whatever the zoom: it must not lie under the legend, even at a step less of it.
      const spared = String(this.selected || "").length === gridmap.DIGITS[4] ? 1 : 0;
      this.map.fitBounds(bounds, {
        paddingTopLeft: [gap, gap],
        paddingBottomRight: room >= whole - spared ? beside : [gap, gap],
        ...options,
      });
    }

    kept() {
      try {
        return JSON.parse(root.sessionStorage.getItem(this.config.keep));
      } catch {
        return null;
      }
    }

    keep() {
      if (!this.framed) return;
      const { lat, lng } = this.map.getCenter();
      try {
        const view = { wish: this.wish, moved: this.moved, centre: [lat, lng], zoom: this.map.getZoom() };
        root.sessionStorage.setItem(this.config.keep, JSON.stringify(view));
      } catch {
        // Without storage the view lasts as long as the page.
      }
    }

    hover(event) {
      const { lng, lat } = event.latlng;
      const [x, y] = [gridmap.worldX(lng), gridmap.worldY(lat)];
      let row = -1;
      for (const set of this.shown()) {
        const at = gridmap.rowAt(set, x, y);
        if (at >= 0) row = at + (set.offset || 0);
      }
      const made = gridmap.draftAt(this, x, y);
      if (made) {
        if (this.hovered) this.leave();
        return gridmap.showCard(this, event, made, -1);
      }
      if (row < 0) return this.leave();
      const level = this.meta ? this.meta.level : 4;
      const unit = this.set.unitOf[level].of[row];
      const code = this.set.unitOf[level].units[unit];
      if (code !== this.hovered) {
        this.hovered = code;
        this.layer.drawOver();
      }
      gridmap.showCard(this, event, code, unit);
    }

    leave() {
      this.card.hidden = true;
      if (!this.hovered) return;
      this.hovered = null;
      this.layer.drawOver();
    }

    // The finest level whose places a reader who has zoomed in by themselves tells apart; before that, the city's.
    seen() {
      const zoom = this.map.getZoom() - Math.log2(this.unit);
      return this.moved ? TOLD_APART.filter((from) => zoom >= from).length : 0;
    }

    // The reader has taken the map in hand: its view is theirs from now on.
    take() {
      this.moved = true;
    }

    resize() {
      const { clientWidth: width, clientHeight: height } = this.map.getContainer();
      // On a wall every word is at least 28 pixels high on 1080 lines, wherever the map ends.
      const wanted = this.config.wall ? height / 425 : Math.min(3.4, Math.min(width, height * 1.4) / 1150);
      this.unit = Math.max(1, wanted);
      this.map.getContainer().style.setProperty("--unit", this.unit);
      if (this.scale) this.scale.options.maxWidth = 140 * this.unit;
    }
  }

  function lowerBound(sorted, value) {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  async function fetchSet(url) {
    const answer = await root.fetch(url);
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    return gridmap.decode(await answer.arrayBuffer());
  }

  function attach(map, encoded) {
    const config = json(encoded);
    config.url = new URL(config.url, root.location.href).href;
    const state = (map.gridmap = gridmap.state = new State(map, config));
    const container = map.getContainer();
    container.classList.add("gridmap", config.dark ? "gridmap-dark" : "gridmap-light");
    map.attributionControl && map.attributionControl.setPrefix(false);
    state.resize();
    state.fit(config.bounds, { animate: false });
    gridmap.addPanels(state, container);
    if (config.drawing) gridmap.drawing(map, config.drawing);
    if (config.tiles) state.tiles = gridmap.addTiles(map, config.tiles);
    state.layer = new gridmap.GridLayer(state).addTo(map);
    state.scale = root.L.control.scale({ imperial: false, maxWidth: 140 * state.unit, position: "bottomleft" }).addTo(map);
    if (config.wall) map.removeControl(map.zoomControl);
    else new gridmap.Home(state).addTo(map);
    gridmap.addOverlays(state);
    map.on("moveend", () => {
      state.keep();
      state.sharpen();
    });
    map.on("resize", () => {
      state.resize();
      if (!state.framed) return;
      if (!state.moved) state.fit(state.target, { animate: false });
      state.seat();
    });
    map.on("dragstart", () => state.take());
    for (const act of ["wheel", "keydown", "touchmove"]) container.addEventListener(act, () => state.take(), { passive: true });
    if (map.zoomControl) map.zoomControl.getContainer().addEventListener("click", () => state.take());
    map.on("mousemove", (event) => state.set && state.hover(event));
    map.on("mouseout movestart", () => state.leave());
    // A second click on the same place must reach the page too: number the clicks.
    map.on("click", (event) => {
      // While a line is drawn the page is told of the click before: it has been answered, so nothing runs.
      if (state.drawing) event.latlng = state.clicked || null;
      else state.clicked = Object.assign(event.latlng, { click: Date.now(), seen: state.seen() });
    });
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(container);
    fetchSet(config.url)
      .then((set) => {
        state.set = set;
        if (state.pending) state.apply();
        else state.layer.redraw();
        state.sharpen();
      })
      .catch((error) => state.fail(error));
    return state;
  }

  // Called for every new set of values; returns an empty layer, which the page's machinery adds and removes.
  function paint(map, parts) {
    const { gridmap: state } = map;
    state.pending = { meta: json(parts.meta), values: parts.values, heat: parts.heat };
    state.apply();
    return root.L.layerGroup();
  }

  Object.assign(gridmap, { attach, paint });
})(window);
