// The legend, the hover card and the button back to the whole city. Text goes in by textContent alone.
(function (root) {
  "use strict";
  const gridmap = (root.gridmap = root.gridmap || {});

  function element(parent, tag, name, text) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text !== undefined) made.textContent = text;
    parent.appendChild(made);
    return made;
  }

  const exact = (count) => new Intl.NumberFormat("en-GB").format(count);

  function rangeText(breaks, at, state) {
    const digits = gridmap.decimals(breaks);
    const show = (value) => gridmap.format(value, state.lang, digits);
    const [from, high] = [breaks[at], breaks[at + 1]];
    // A class holds what is above its lower limit; of whole numbers that is the next one.
    const low = at && state.whole ? from + 1 : from;
    if (!Number.isFinite(low)) return `≤ ${show(high)}`;
    if (!Number.isFinite(high)) return `> ${show(from)}`;
    return low === high ? show(low) : `${show(low)} – ${show(high)}`;
  }

  function drawLegend(state) {
    const box = state.legend;
    box.replaceChildren();
    const { meta } = state;
    if (!meta || !(meta.colours.length || meta.markers)) {
      box.hidden = true;
      return;
    }
    box.hidden = false;
    element(box, "div", "gridmap-legend-title", meta.title);
    if (meta.unit) element(box, "div", "gridmap-legend-unit", meta.unit);
    const rows = element(box, "div", "gridmap-legend-rows");
    const row = (draw, text, count) => {
      draw(element(rows, "span", "gridmap-swatch"));
      element(rows, "span", "gridmap-range", text);
      element(rows, "span", "gridmap-count", count === null ? "" : exact(count));
    };
    if (meta.colours.length && !state.heat) {
      element(rows, "span");
      element(rows, "span", "gridmap-head");
      element(rows, "span", "gridmap-head", state.words.levels[meta.level]);
    }
    for (let at = meta.colours.length - 1; at >= 0; at--) {
      const text = meta.labels ? meta.labels[at] : rangeText(meta.breaks, at, state);
      row((swatch) => (swatch.style.background = meta.colours[at]), text, state.heat ? null : state.counts[at]);
    }
    if (state.counts && state.counts[meta.colours.length] && !state.heat) {
      row((swatch) => swatch.classList.add("gridmap-hatch"), state.words.no_data, state.counts[meta.colours.length]);
    }
    if (meta.markers) meta.markers.labels.forEach((text, kind) => row((swatch) => mark(swatch, meta, kind, state), text, state.markers.counts[kind]));
    if (meta.note) element(box, "div", "gridmap-legend-note", meta.note);
  }

  function mark(swatch, meta, kind, state) {
    const canvas = swatch.appendChild(document.createElement("canvas"));
    canvas.width = canvas.height = 32;
    const context = canvas.getContext("2d");
    gridmap.symbol(context, kind, 16, 16, 9);
    context.fillStyle = meta.markers.colours[kind];
    context.fill();
    swatch.style.background = "none";
    swatch.classList.toggle("gridmap-dark", state.dark);
  }

  function showCard(state, event, code, unit) {
    const card = state.card;
    card.hidden = false;
    card.replaceChildren();
    const path = gridmap.pathOf(state.set.names, code, state.lang);
    element(card, "div", "gridmap-card-name", path.pop());
    if (path.length) element(card, "div", "gridmap-card-path", path.join(" › "));
    if (state.meta && state.meta.colours.length && state.values && unit >= 0) {
      const value = state.values[unit];
      const line = element(card, "div", "gridmap-card-value");
      if (Number.isNaN(value)) line.textContent = state.words.no_data;
      else {
        const text = state.meta.labels ? state.meta.labels[Math.round(value)] : gridmap.format(value, state.lang, Number.isInteger(value) ? 0 : 2);
        element(line, "strong", "", text);
        if (state.meta.unit) element(line, "span", "", ` ${state.meta.unit}`);
        if (!state.meta.labels) {
          const rank = state.words.rank.replace("{rank}", exact(state.rankOf(unit)));
          element(card, "div", "gridmap-card-rank", rank.replace("{count}", exact(state.ranked)));
        }
      }
    }
    for (const kind of state.markersAt(code)) element(card, "div", "gridmap-card-mark", state.meta.markers.labels[kind]);
    const { clientX: x, clientY: y } = event.originalEvent;
    const gap = 16;
    card.style.left = `${x + gap + card.offsetWidth > root.innerWidth ? x - gap - card.offsetWidth : x + gap}px`;
    card.style.top = `${Math.max(4, Math.min(root.innerHeight - card.offsetHeight - 4, y + gap))}px`;
  }

  function addPanels(state, container) {
    state.legend = element(container, "div", "gridmap-panel gridmap-legend");
    state.card = element(container, "div", "gridmap-panel gridmap-card");
    state.legend.hidden = state.card.hidden = true;
    root.L.DomEvent.disableClickPropagation(state.legend);
    root.L.DomEvent.disableScrollPropagation(state.legend);
    state.trouble = element(container, "div", "gridmap-panel gridmap-trouble");
    state.trouble.hidden = true;
    state.trouble.setAttribute("role", "status");
  }

  const Home = root.L.Control.extend({
    options: { position: "topleft" },
    initialize(state) {
      this.state = state;
    },
    onAdd() {
      const bar = document.createElement("div");
      bar.className = "leaflet-bar leaflet-control";
      const link = element(bar, "a", "gridmap-home", "⌂");
      link.href = "#";
      link.title = this.state.words.whole_city;
      link.setAttribute("role", "button");
      link.setAttribute("aria-label", this.state.words.whole_city);
      root.L.DomEvent.disableClickPropagation(bar);
      root.L.DomEvent.on(link, "click", (event) => {
        root.L.DomEvent.stop(event);
        this.state.target = this.state.config.bounds;
        this.state.moved = false;
        this.state.fit(this.state.target);
      });
      return bar;
    },
  });

  Object.assign(gridmap, { drawLegend, showCard, addPanels, Home });
})(window);
