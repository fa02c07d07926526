// An optional base map below the grids. Chinese providers' tiles are shifted: the layer is moved the other way.
(function (root) {
  "use strict";
  const gridmap = (root.gridmap = root.gridmap || {});
  const A = 6378245;
  const E2 = 0.00669342162296594323;

  function gcj02(lon, lat) {
    const [x, y] = [lon - 105, lat - 35];
    const sin = (value) => Math.sin(value * Math.PI);
    const common = (20 * sin(6 * x) + 20 * sin(2 * x)) * (2 / 3);
    let dLat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + common;
    dLat += (20 * sin(y) + 40 * sin(y / 3)) * (2 / 3) + (160 * sin(y / 12) + 320 * sin(y / 30)) * (2 / 3);
    let dLon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + common;
    dLon += (20 * sin(x) + 40 * sin(x / 3)) * (2 / 3) + (150 * sin(x / 12) + 300 * sin(x / 30)) * (2 / 3);
    const angle = (lat * Math.PI) / 180;
    const magic = 1 - E2 * Math.sin(angle) * Math.sin(angle);
    return [
      lon + (dLon * 180) / ((A / Math.sqrt(magic)) * Math.cos(angle) * Math.PI),
      lat + (dLat * 180) / (((A * (1 - E2)) / (magic * Math.sqrt(magic))) * Math.PI),
    ];
  }

  function bd09(lon, lat) {
    const [x, y] = gcj02(lon, lat);
    const z = Math.hypot(x, y) + 0.00002 * Math.sin((y * Math.PI * 3000) / 180);
    const theta = Math.atan2(y, x) + 0.000003 * Math.cos((x * Math.PI * 3000) / 180);
    return [z * Math.cos(theta) + 0.0065, z * Math.sin(theta) + 0.006];
  }

  function addTiles(map, { url, crs, ...options }) {
    const shift = { gcj02, bd09 }[crs];
    const moved = (centre) => {
      if (!shift) return centre;
      const [lon, lat] = shift(centre.lng, centre.lat);
      return root.L.latLng(lat, lon);
    };
    const Shifted = root.L.TileLayer.extend({
      _setZoomTransform(level, centre, zoom) {
        root.L.TileLayer.prototype._setZoomTransform.call(this, level, moved(centre), zoom);
      },
      _getTiledPixelBounds(centre) {
        return root.L.TileLayer.prototype._getTiledPixelBounds.call(this, moved(centre));
      },
    });
    return new Shifted(url, { className: "gridmap-tiles", maxZoom: 18, ...options }).addTo(map);
  }

  Object.assign(gridmap, { addTiles, gcj02, bd09 });
})(window);
