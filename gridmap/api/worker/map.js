// The map: own grids, their neighbours, tasks, the phone's position, and one pin; outlines only, no tiles from anywhere.
import { el } from "./dom.js";
import { extent } from "./geo.js";

const L = window.L;
const OWN = { color: "#0b5a8f", weight: 2.5, fillColor: "#d5e6f2", fillOpacity: 0.75 };
const OTHER = { color: "#8a949e", weight: 1, fillColor: "#f3f5f7", fillOpacity: 0.9 };
const AROUND = { color: "#0072b2", weight: 1, fillColor: "#56b4e9", fillOpacity: 0.15 };
const LABEL_PX = 56;

export class AreaMap {
  // `still`: a small picture of a place, that neither moves nor zooms under a scrolling thumb.
  constructor(node, { still = false, ontap = null } = {}) {
    this.node = node;
    this.map = L.map(node, {
      attributionControl: false, zoomControl: false, renderer: L.canvas({ padding: 0.4, tolerance: 6 }), maxZoom: 19, minZoom: 8,
      zoomSnap: 0.25, dragging: !still, touchZoom: !still, scrollWheelZoom: !still, doubleClickZoom: false, keyboard: !still,
    });
    this.map.setView([35.3, 113.9], 12);
    L.control.scale({ imperial: false, maxWidth: 90, position: "bottomleft" }).addTo(this.map);
    this.grids = L.featureGroup().addTo(this.map);
    this.names = L.layerGroup().addTo(this.map);
    this.marks = L.layerGroup().addTo(this.map);
    this.me = L.layerGroup().addTo(this.map);
    if (ontap) this.map.on("click", ({ latlng }) => ontap({ lon: latlng.lng, lat: latlng.lat }));
    this.map.on("zoomend", () => this.label());
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(node);
  }

  resize() {
    this.map.invalidateSize({ animate: false, pan: false });
    if (this.wish) this.fit(this.wish);
  }

  draw(collection) {
    this.collection = collection;
    this.grids.clearLayers();
    // The person's own last, so that their outlines lie on top.
    const features = [...collection.features].sort((a, b) => Number(a.properties.own) - Number(b.properties.own));
    for (const feature of features) {
      const style = { ...(feature.properties.own ? OWN : OTHER), interactive: false };
      L.geoJSON(feature, { style, interactive: false }).addTo(this.grids);
    }
    // What is drawn later lies on top: the ring of the position comes after the grids again.
    this.here(this.at);
    this.label();
  }

  // Names of the grids wide enough to carry one.
  label() {
    this.names.clearLayers();
    for (const feature of this.collection?.features || []) {
      const bounds = L.latLngBounds(extent([feature]));
      const [west, east] = [bounds.getNorthWest(), bounds.getSouthEast()].map((corner) => this.map.latLngToLayerPoint(corner));
      const { name, own } = feature.properties;
      if (east.x - west.x < LABEL_PX) continue;
      const text = el("span", { class: own ? "grid-name own" : "grid-name" }, name);
      const label = L.divIcon({ className: "grid-label", html: text, iconSize: [0, 0] });
      L.marker(bounds.getCenter(), { icon: label, interactive: false, keyboard: false }).addTo(this.names);
    }
  }

  // Marks: [{lon, lat, sign, kind, title, onclick}]; `kind` is a class of the style sheet.
  mark(places) {
    this.marks.clearLayers();
    for (const { lon, lat, sign, kind, title, onclick } of places) {
      const face = el("span", { class: `mark ${kind}` }, el("span", { class: "mark-sign" }, sign));
      const options = { icon: L.divIcon({ className: "mark-box", html: face, iconSize: [44, 44], iconAnchor: [22, 22] }) };
      const marker = L.marker([lat, lon], { ...options, title, alt: title, interactive: Boolean(onclick), keyboard: Boolean(onclick) });
      if (onclick) marker.on("click", onclick);
      marker.addTo(this.marks);
    }
  }

  pin(place) {
    this.pinned?.remove();
    this.pinned = null;
    if (!place) return;
    const face = el("span", { class: "pin", "aria-hidden": "true" });
    const shape = L.divIcon({ className: "pin-box", html: face, iconSize: [32, 40], iconAnchor: [16, 38] });
    this.pinned = L.marker([place.lat, place.lon], { icon: shape, interactive: false, keyboard: false }).addTo(this.map);
  }

  here(place) {
    this.me.clearLayers();
    this.at = place;
    if (!place) return;
    const at = [place.lat, place.lon];
    if (place.accuracy > 15) L.circle(at, { radius: place.accuracy, ...AROUND, interactive: false }).addTo(this.me);
    // Above the tasks: a person looks for themselves first.
    const dot = L.divIcon({ className: "here-box", html: el("span", { class: "here" }), iconSize: [22, 22] });
    L.marker(at, { icon: dot, interactive: false, keyboard: false, zIndexOffset: 1000 }).addTo(this.me);
  }

  look(place, zoom = 17) {
    this.wish = null;
    this.map.setView([place.lat, place.lon], zoom, { animate: false });
  }

  // Show `features`, with a rim of what lies around them.
  fit(features) {
    const box = extent(features);
    if (!box) return;
    this.wish = features;
    const { x, y } = this.map.getSize();
    this.map.fitBounds(box, { animate: false, padding: [x * 0.14, y * 0.14] });
  }

  // The reader has taken the map in hand: keep their view.
  release() {
    this.wish = null;
  }

  view() {
    const { lng, lat } = this.map.getCenter();
    return { lon: lng, lat, zoom: this.map.getZoom() };
  }

  remove() {
    this.watch.disconnect();
    this.map.remove();
  }
}
