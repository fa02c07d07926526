// Points, distances and polygons on longitude and latitude; small areas, so a plane with shrunken degrees will do.
const METRES_PER_DEGREE = 111_320;

export function metresBetween(a, b) {
  const shrink = Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
  return Math.hypot((a.lon - b.lon) * shrink, a.lat - b.lat) * METRES_PER_DEGREE;
}

// The polygons of a GeoJSON geometry, each a list of rings.
export const polygons = ({ type, coordinates }) => (type === "Polygon" ? [coordinates] : coordinates);

export function inside({ lon, lat }, geometry) {
  return polygons(geometry).some((rings) => rings.reduce((found, ring) => found !== crosses(lon, lat, ring), false));
}

function crosses(x, y, ring) {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [[ax, ay], [bx, by]] = [ring[i], ring[j]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
  }
  return odd;
}

// The grid of a feature collection that holds `place`, the person's own ones first; null when none does.
export function gridAt(map, place) {
  if (!map || !place) return null;
  const found = map.features.filter(({ geometry }) => inside(place, geometry));
  return found.find(({ properties }) => properties.own) || found[0] || null;
}

// The nearest of the person's own grids and how many metres `place` is outside it (0: inside); null without a map.
export function nearestOwn(map, place) {
  if (!map || !place) return null;
  const own = map.features.filter(({ properties }) => properties.own);
  const away = own.map((feature) => ({ feature, metres: inside(place, feature.geometry) ? 0 : toBorder(place, feature.geometry) }));
  return away.sort((a, b) => a.metres - b.metres)[0] || null;
}

function toBorder(place, geometry) {
  const shrink = Math.cos((place.lat * Math.PI) / 180);
  const plane = ([lon, lat]) => [(lon - place.lon) * shrink * METRES_PER_DEGREE, (lat - place.lat) * METRES_PER_DEGREE];
  let least = Infinity;
  for (const ring of polygons(geometry).flat()) {
    const points = ring.map(plane);
    for (let i = 1; i < points.length; i++) least = Math.min(least, toSegment(points[i - 1], points[i]));
  }
  return least;
}

// Metres from the origin to the straight line between two points.
function toSegment([ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.max(0, Math.min(1, -(ax * dx + ay * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(ax + along * dx, ay + along * dy);
}

// [[south, west], [north, east]] of features, as the map library wants it; null for none.
export function extent(features) {
  const points = features.flatMap(({ geometry }) => polygons(geometry).flat(2));
  if (!points.length) return null;
  const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)];
  return [[Math.min(...lats), Math.min(...lons)], [Math.max(...lats), Math.max(...lons)]];
}
