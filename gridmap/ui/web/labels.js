// Names by zoom, placed without overlap, and markers by kind: shape and colour, never colour alone.
(function (root) {
  "use strict";
  const gridmap = (root.gridmap = root.gridmap || {});
  const FONT = '"Noto Sans SC","Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei","WenQuanYi Micro Hei",system-ui,sans-serif';
  const STYLES = {
    1: { size: 15, weight: 700, from: 0, to: 12.6 },
    2: { size: 12, weight: 600, from: 10.4, to: 14.6 },
    3: { size: 11.5, weight: 500, from: 12.6, to: 18 },
    4: { size: 11, weight: 400, from: 14.6, to: 22 },
  };

  const LONGEST = 14;

  function drawNames(context, layer) {
    const { state } = layer;
    const view = layer.view(null);
    const zoom = view.seen;
    // Numbers of grids of a draft are what a planner works with: names make room for them.
    const placed = gridmap.draftSigns(context, layer).map(({ rect }) => rect);
    const frame = visible(layer);
    placed.push(...covered(layer));
    const ink = layer.ink();
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    for (const level of [1, 2, 3, 4]) {
      const style = STYLES[level];
      if (zoom < style.from || zoom >= style.to) continue;
      const size = style.size * state.unit * (level === 1 && zoom < 9.6 ? 0.92 : 1);
      context.font = `${style.weight} ${size}px ${FONT}`;
      const { x, y, area } = gridmap.middles(state.set, level);
      for (const unit of ordered(state.set, level)) {
        const [cx, cy] = [x[unit] * view.scale + view.x, y[unit] * view.scale + view.y];
        if (!inside(cx, cy)) continue;
        // A grid that a draft has changed has its number; the name it had would be wrong.
        if (level === 4 && gridmap.draftAt(state, x[unit], y[unit])) continue;
        const text = short(gridmap.nameOf(state.set.names, state.set.unitOf[level].units[unit], state.lang));
        // A long name may be as wide as its place, or as fourteen signs.
        const room = level < 3 ? Infinity : Math.max(LONGEST * size, Math.sqrt(Math.abs(area[unit])) * view.scale);
        write(fitted(context, text, room), cx, cy, size);
      }
    }
    if (!state.overlays) return;
    const size = 10.5 * state.unit;
    context.font = `400 ${size}px ${FONT}`;
    state.overlays.drawNames(context, layer, (text, cx, cy) => {
      if (inside(cx, cy)) write(fitted(context, text, 2 * LONGEST * size), cx, cy, size);
    });

    function inside(cx, cy) {
      return cx > frame[0] && cy > frame[1] && cx < frame[2] && cy < frame[3];
    }

    // A name where no other one stands, whole: at the edge of the map it moves inwards.
    function write(text, middle, cy, size) {
      const half = context.measureText(text).width / 2 + 4 * state.unit;
      const cx = Math.max(frame[0] + half, Math.min(frame[2] - half, middle));
      const rect = [cx - half, cy - size * 0.75, cx + half, cy + size * 0.75];
      if (rect[1] < frame[1] || rect[3] > frame[3] || rect[0] < frame[0] - 1) return;
      if (placed.some((other) => meets(rect, other))) return;
      placed.push(rect);
      context.strokeStyle = ink.halo;
      context.lineWidth = Math.max(2.5, size * 0.24);
      context.strokeText(text, cx, cy);
      context.fillStyle = ink.name;
      context.fillText(text, cx, cy);
    }
  }

  // What of the canvas, which is larger than the map, is seen: west, north, east, south.
  function visible(layer) {
    const size = layer._map.getSize();
    const at = layer._map.containerPointToLayerPoint([0, 0]).subtract(layer._bounds.min);
    return [at.x, at.y, at.x + size.x, at.y + size.y];
  }

  // Where legend and buttons lie over the map.
  function covered(layer) {
    const container = layer._map.getContainer();
    const [box, [west, north]] = [container.getBoundingClientRect(), visible(layer)];
    const [left, top] = [box.left - west, box.top - north];
    return [...container.querySelectorAll(".gridmap-legend, .leaflet-control")].map((element) => {
      const own = element.getBoundingClientRect();
      return [own.left - left, own.top - top, own.right - left, own.bottom - top];
    });
  }

  // A text no wider than `room`, with … where something was left out.
  function fitted(context, text, room) {
    if (context.measureText(text).width <= room) return text;
    let end = text.length - 1;
    while (end > 2 && context.measureText(`${text.slice(0, end)}…`).width > room) end--;
    return `${text.slice(0, end).trimEnd()}…`;
  }

  // 郭庄村民委员会 → 郭庄村, 前街社区居民委员会 → 前街社区: on a map the place is meant, not its committee.
  const short = (name) => name.replace(/(村)?村?民委员会$|(社区)?居民委员会$|(村)?村?委会$|(社区)?居委会$/, (end) => (/居/.test(end) ? "社区" : "村"));

  const meets = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

  // Large units first: they keep their name when room is short.
  function ordered(set, level) {
    set.ordered = set.ordered || {};
    const { area } = gridmap.middles(set, level);
    return (set.ordered[level] = set.ordered[level] || Array.from(area.keys()).sort((a, b) => area[b] - area[a]));
  }

  function symbol(context, kind, x, y, size) {
    context.beginPath();
    if (kind % 5 === 0) context.arc(x, y, size, 0, 7);
    else {
      const corners = [null, 4, 3, 4, 3][kind % 5];
      const turn = [0, Math.PI / 4, -Math.PI / 2, 0, Math.PI / 2][kind % 5];
      for (let k = 0; k < corners; k++) {
        const angle = turn + (2 * Math.PI * k) / corners;
        context.lineTo(x + 1.25 * size * Math.cos(angle), y + 1.25 * size * Math.sin(angle));
      }
      context.closePath();
    }
  }

  function drawMarkers(context, layer) {
    const { state } = layer;
    if (!state.markers) return;
    const view = layer.view(null);
    const size = state.unit * Math.max(2.4, Math.min(8, 2.4 + (view.seen - 9) * 1.1));
    context.lineWidth = Math.max(0.8, size * 0.28);
    context.strokeStyle = state.dark ? "#0a0f16" : "#ffffff";
    state.markers.places.forEach(([x, y, kind]) => {
      const [cx, cy] = [x * view.scale + view.x, y * view.scale + view.y];
      symbol(context, kind, cx, cy, size);
      context.fillStyle = state.markers.colours[kind];
      context.stroke();
      context.fill();
    });
  }

  // Pins stand on exact places: 0 is the one chosen, a drop whose tip is the place; others are discs with their number.
  function drawPins(context, layer) {
    const { state } = layer;
    const view = layer.view(null);
    const ink = layer.ink();
    const size = 9 * state.unit;
    for (const [lon, lat, number] of [...state.pins].reverse()) {
      const x = gridmap.worldX(lon) * view.scale + view.x;
      const y = gridmap.worldY(lat) * view.scale + view.y;
      context.beginPath();
      if (number) context.arc(x, y, size, 0, 7);
      else {
        context.moveTo(x, y);
        context.arc(x, y - 2.2 * size, size, 0.82 * Math.PI, 0.18 * Math.PI);
        context.closePath();
      }
      context.lineWidth = Math.max(1.5, size * 0.2);
      context.strokeStyle = state.dark ? "#0a0f16" : "#ffffff";
      context.fillStyle = number ? ink.hover : ink.chosen;
      context.stroke();
      context.fill();
      context.fillStyle = context.strokeStyle;
      if (number) {
        context.font = `600 ${1.15 * size}px ${FONT}`;
        context.textAlign = "center";
        context.textBaseline = "middle";
        context.fillText(String(number), x, y);
      } else {
        context.beginPath();
        context.arc(x, y - 2.2 * size, 0.38 * size, 0, 7);
        context.fill();
      }
    }
  }

  Object.assign(gridmap, { drawNames, drawMarkers, drawPins, symbol, FONT });
})(window);
