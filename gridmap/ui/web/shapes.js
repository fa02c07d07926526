// From arcs to paths: regions of equal colour, lines by level, outlines of places, and which polygon a point is in.
(function (root) {
  "use strict";
  const gridmap = (root.gridmap = root.gridmap || {});
  const ROWS = 1024;

  function trace(path, set, arc, forward, open) {
    const { px, py, start } = set;
    if (forward) {
      let p = start[arc];
      if (open) path.moveTo(px[p], py[p]);
      for (p++; p < start[arc + 1]; p++) path.lineTo(px[p], py[p]);
    } else {
      let p = start[arc + 1] - 1;
      if (open) path.moveTo(px[p], py[p]);
      for (p--; p >= start[arc]; p--) path.lineTo(px[p], py[p]);
    }
  }

  // Paths of `count` regions painted one over the other: path g encloses the rows whose `group` is g or more. An edge
  // between two colours then has the lower one beneath it, and no ground shines through; borders inside a region are
  // left out, so that neighbours of one colour melt together. Borders that run out of a node are paired with borders
  // that run into it; any pairing encloses the same region under the non-zero rule.
  function regions(set, group, count) {
    const { left, right, arcs } = set;
    const sizes = new Int32Array(count + 1);
    const of = (row) => (row < 0 ? -1 : group[row]);
    for (let i = 0; i < arcs; i++) {
      const l = of(left[i]);
      const r = of(right[i]);
      for (let g = Math.min(l, r) + 1; g <= Math.max(l, r); g++) sizes[g]++;
    }
    const lists = Array.from({ length: count }, (_, g) => new Int32Array(sizes[g]));
    sizes.fill(0);
    for (let i = 0; i < arcs; i++) {
      const l = of(left[i]);
      const r = of(right[i]);
      for (let g = r + 1; g <= l; g++) lists[g][sizes[g]++] = i;
      for (let g = l + 1; g <= r; g++) lists[g][sizes[g]++] = ~i;
    }
    const head = new Int32Array(set.nodes).fill(-1);
    return lists.map((list) => close(set, list, head));
  }

  // Rings end where they began, and filling closes what is open: `closePath` would add nothing but time, as it takes
  // Chromium longer the longer the path is.
  function close(set, list, head) {
    const path = new Path2D();
    const { first, last } = set;
    const next = new Int32Array(list.length);
    for (let k = list.length - 1; k >= 0; k--) {
      const arc = list[k];
      const node = arc >= 0 ? first[arc] : last[~arc];
      next[k] = head[node];
      head[node] = k;
    }
    for (let k = 0; k < list.length; k++) {
      const origin = list[k] >= 0 ? first[list[k]] : last[~list[k]];
      let node = origin;
      let open = true;
      for (let at = head[node]; at >= 0; at = head[node]) {
        head[node] = next[at];
        const arc = list[at];
        if (arc >= 0) {
          trace(path, set, arc, true, open);
          node = last[arc];
        } else {
          trace(path, set, ~arc, false, open);
          node = first[~arc];
        }
        open = false;
        if (node === origin) break;
      }
    }
    return path;
  }

  // Lines of each level, 0 (the city's edge) to 4 (grids).
  function lines(set) {
    const paths = Array.from({ length: 5 }, () => new Path2D());
    const ends = new Int32Array(5).fill(-1);
    for (let i = 0; i < set.arcs; i++) {
      const level = set.level[i];
      trace(paths[level], set, i, true, ends[level] !== set.first[i]);
      ends[level] = set.last[i];
    }
    return paths;
  }

  // Outline of the rows [from, to).
  function outline(set, from, to) {
    const path = new Path2D();
    let end = -1;
    for (let i = 0; i < set.arcs; i++) {
      const l = set.left[i] >= from && set.left[i] < to;
      const r = set.right[i] >= from && set.right[i] < to;
      if (l === r) continue;
      trace(path, set, i, true, end !== set.first[i]);
      end = set.last[i];
    }
    return path;
  }

  // Segments sorted into rows of equal height, for `rowAt`.
  function index(set) {
    const { box, px, py, start } = set;
    const height = (box.south - box.north) / ROWS || 1;
    const counts = new Int32Array(ROWS + 1);
    const bin = (y) => Math.max(0, Math.min(ROWS - 1, Math.floor((y - box.north) / height)));
    const each = (visit) => {
      for (let i = 0; i < set.arcs; i++) {
        for (let p = start[i] + 1; p < start[i + 1]; p++) {
          if (py[p] === py[p - 1]) continue;
          const a = bin(Math.min(py[p], py[p - 1]));
          const b = bin(Math.max(py[p], py[p - 1]));
          for (let k = a; k <= b; k++) visit(k, p, i);
        }
      }
    };
    each((k) => counts[k + 1]++);
    for (let k = 0; k < ROWS; k++) counts[k + 1] += counts[k];
    const points = new Int32Array(counts[ROWS]);
    const arcOf = new Int32Array(counts[ROWS]);
    const fill = counts.slice(0, ROWS);
    each((k, p, i) => {
      points[fill[k]] = p;
      arcOf[fill[k]++] = i;
    });
    return { counts, points, arcOf, bin };
  }

  // Row of the polygon at a point in world pixels, -1 outside: the first border met going east names its two sides.
  function rowAt(set, worldX, worldY) {
    const { px, py, box } = set;
    const [x, y] = [worldX - set.ox, worldY - set.oy];
    if (x < box.west || x > box.east || y < box.north || y > box.south) return -1;
    const { counts, points, arcOf, bin } = (set.index = set.index || index(set));
    const k = bin(y);
    let nearest = Infinity;
    let row = -1;
    for (let at = counts[k]; at < counts[k + 1]; at++) {
      const p = points[at];
      const [y0, y1] = [py[p - 1], py[p]];
      if (y0 > y === y1 > y) continue;
      const cross = px[p - 1] + ((y - y0) * (px[p] - px[p - 1])) / (y1 - y0);
      if (cross < x || cross >= nearest) continue;
      nearest = cross;
      // Screen rows grow southwards: a border going up has its left polygon to the west.
      row = y1 < y0 ? set.left[arcOf[at]] : set.right[arcOf[at]];
    }
    return row;
  }

  Object.assign(gridmap, { regions, lines, outline, rowAt });
})(window);
