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

// [[south, west], [north, east]] of features, as the map library wants it; null for none.
export function extent(features) {
  const points = features.flatMap(({ geometry }) => polygons(geometry).flat(2));
  if (!points.length) return null;
  const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)];
  return [[Math.min(...lats), Math.min(...lons)], [Math.max(...lats), Math.max(...lons)]];
}
