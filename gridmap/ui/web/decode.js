// Reads a map file (see gridmap/geo/pack.py) into arrays that the drawing works on.
(function (root) {
  "use strict";
  const gridmap = (root.gridmap = root.gridmap || {});

  // Pixels of the Web Mercator world at this zoom are the unit of all stored coordinates.
  const BASE_ZOOM = 12;
  const WORLD = 256 * Math.pow(2, BASE_ZOOM);
  const DIGITS = [4, 6, 9, 12, 15];

  function worldX(lon) {
    return WORLD * (lon / 360 + 0.5);
  }

  function worldY(lat) {
    const angle = (lat * Math.PI) / 180;
    return WORLD * (0.5 - Math.log(Math.tan(Math.PI / 4 + angle / 2)) / (2 * Math.PI));
  }

  function lonOf(x) {
    return (x / WORLD - 0.5) * 360;
  }

  function latOf(y) {
    return (Math.atan(Math.exp((0.5 - y / WORLD) * 2 * Math.PI)) * 360) / Math.PI - 90;
  }

  // Variable-length whole numbers, seven bits a byte, lowest first. Codes need more than 32 bits, hence no shifts.
  function readVarints(bytes, from, length) {
    let count = 0;
    for (let at = from; at < from + length; at++) if (bytes[at] < 128) count++;
    const numbers = new Float64Array(count);
    let value = 0;
    let factor = 1;
    let next = 0;
    for (let at = from; at < from + length; at++) {
      const byte = bytes[at];
      value += (byte & 127) * factor;
      if (byte < 128) {
        numbers[next++] = value;
        value = 0;
        factor = 1;
      } else {
        factor *= 128;
      }
    }
    return numbers;
  }

  // Sums of zigzag-coded differences.
  function running(numbers) {
    const sums = new Int32Array(numbers.length);
    let sum = 0;
    for (let i = 0; i < numbers.length; i++) {
      const n = numbers[i];
      sum += n % 2 ? -(n + 1) / 2 : n / 2;
      sums[i] = sum;
    }
    return sums;
  }

  function readNames(names) {
    const found = {};
    const add = (steps, texts) => {
      let code = 0;
      for (let i = 0; i < steps.length; i++) {
        code += steps[i];
        for (const lang of Object.keys(texts)) {
          if (texts[lang][i]) (found[code] = found[code] || {})[lang] = texts[lang][i];
        }
      }
    };
    const split = (joined) =>
      Object.fromEntries(Object.entries(joined).map(([lang, text]) => [lang, text.split("\n")]));
    add(names.codes, split(names.units));
    add(names.grid_codes, split(names.grids));
    return found;
  }

  function decode(buffer) {
    const bytes = new Uint8Array(buffer);
    const magic = String.fromCharCode(bytes[0], bytes[1], bytes[2], bytes[3]);
    if (magic !== "GMAP" || bytes[4] !== 1) throw new Error("not a map file of this version");
    const size = new DataView(buffer).getUint32(5, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(9, 9 + size)));
    let at = 9 + size;
    const streams = header.bytes.map((length) => {
      const numbers = readVarints(bytes, at, length);
      at += length;
      return numbers;
    });
    const [codeSteps, heads, dx, dy, leftSteps, rightSteps] = streams;
    const codes = new Float64Array(codeSteps.length);
    codeSteps.reduce((sum, step, i) => (codes[i] = sum + step), 0);
    const left = running(leftSteps);
    const right = running(rightSteps);
    for (let i = 0; i < left.length; i++) {
      left[i] -= 1;
      right[i] -= 1;
    }
    const set = { header, codes, left, right, names: readNames(header.names) };
    placePoints(set, heads, running(dx), running(dy), header.quantum);
    measure(set);
    set.unitOf = DIGITS.map((digits) => unitsOf(codes, digits));
    set.level = arcLevels(set);
    return set;
  }

  // Points in world pixels relative to the set's own origin (single precision is exact enough that near), and the
  // number of the node at each end of an arc.
  function placePoints(set, heads, xs, ys, quantum) {
    const arcs = heads.length;
    const start = new Int32Array(arcs + 1);
    for (let i = 0; i < arcs; i++) start[i + 1] = start[i] + Math.floor(heads[i] / 2) + 1;
    const count = start[arcs];
    const px = new Float32Array(count);
    const py = new Float32Array(count);
    const first = new Int32Array(arcs);
    const last = new Int32Array(arcs);
    const nodes = new Map();
    const nodeOf = (x, y) => {
      const key = x * 4294967296 + y;
      let node = nodes.get(key);
      if (node === undefined) nodes.set(key, (node = nodes.size));
      return node;
    };
    const ox = xs.length ? worldX(xs[0] * quantum) : 0;
    const oy = ys.length ? worldY(ys[0] * quantum) : 0;
    let read = -1;
    for (let i = 0; i < arcs; i++) {
      if (heads[i] % 2) read++;
      first[i] = i && heads[i] % 2 === 0 ? last[i - 1] : nodeOf(xs[read], ys[read]);
      for (let p = start[i]; p < start[i + 1]; p++) {
        if (p > start[i]) read++;
        px[p] = worldX(xs[read] * quantum) - ox;
        py[p] = worldY(ys[read] * quantum) - oy;
      }
      last[i] = nodeOf(xs[read], ys[read]);
    }
    Object.assign(set, { px, py, start, first, last, ox, oy, arcs, nodes: nodes.size });
  }

  // Area and middle of each polygon, and the box of everything, in one pass over the arcs (Green's theorem).
  function measure(set) {
    const n = set.codes.length;
    const area = new Float64Array(n);
    const mx = new Float64Array(n);
    const my = new Float64Array(n);
    let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < set.arcs; i++) {
      let a = 0;
      let x = 0;
      let y = 0;
      for (let p = set.start[i]; p < set.start[i + 1]; p++) {
        west = Math.min(west, set.px[p]);
        east = Math.max(east, set.px[p]);
        north = Math.min(north, set.py[p]);
        south = Math.max(south, set.py[p]);
        if (p === set.start[i]) continue;
        const cross = set.px[p - 1] * set.py[p] - set.px[p] * set.py[p - 1];
        a += cross;
        x += (set.px[p - 1] + set.px[p]) * cross;
        y += (set.py[p - 1] + set.py[p]) * cross;
      }
      for (const [face, sign] of [[set.left[i], 1], [set.right[i], -1]]) {
        if (face < 0) continue;
        area[face] += sign * a;
        mx[face] += sign * x;
        my[face] += sign * y;
      }
    }
    Object.assign(set, { area, mx, my, box: { west, north, east, south } });
  }

  // Number of the unit (in the order of codes) that each row belongs to, at one level.
  function unitsOf(codes, digits) {
    const factor = Math.pow(10, 15 - digits);
    const of = new Int32Array(codes.length);
    const units = [];
    for (let i = 0; i < codes.length; i++) {
      const code = Math.floor(codes[i] / factor);
      if (!units.length || units[units.length - 1] !== code) units.push(code);
      of[i] = units.length - 1;
    }
    return { of, units: Float64Array.from(units), count: units.length };
  }

  // The highest level at which the two sides of an arc differ: 0 the city's edge, 1 county … 4 grid.
  function arcLevels(set) {
    const levels = new Uint8Array(set.arcs);
    for (let i = 0; i < set.arcs; i++) {
      const [l, r] = [set.left[i], set.right[i]];
      if (l < 0 || r < 0) continue;
      let level = 1;
      while (level < 4 && set.unitOf[level].of[l] === set.unitOf[level].of[r]) level++;
      levels[i] = level;
    }
    return levels;
  }

  // Middle of each unit of a level in world pixels: rows weighted by area.
  function middles(set, level) {
    set.middles = set.middles || {};
    if (set.middles[level]) return set.middles[level];
    const { of, count } = set.unitOf[level];
    const x = new Float64Array(count);
    const y = new Float64Array(count);
    const area = new Float64Array(count);
    for (let i = 0; i < of.length; i++) {
      area[of[i]] += set.area[i];
      x[of[i]] += set.mx[i];
      y[of[i]] += set.my[i];
    }
    for (let u = 0; u < count; u++) {
      const whole = 3 * (area[u] || 1);
      x[u] = set.ox + x[u] / whole;
      y[u] = set.oy + y[u] / whole;
      area[u] = Math.abs(area[u]) / 2;
    }
    return (set.middles[level] = { x, y, area });
  }

  Object.assign(gridmap, { decode, middles, readVarints, running, worldX, worldY, lonOf, latOf, BASE_ZOOM, DIGITS });
})(window);
