// Where the phone is, as long as somebody wants to know.
const OPTIONS = { enableHighAccuracy: true, maximumAge: 15_000, timeout: 20_000 };
const listeners = new Set();
let watching = null;
let state = { kind: "looking", place: null };

export const current = () => state;

// Call `listener({kind, place})` now and at every change: looking, found, denied, missing, insecure. Returns how to stop.
export function watch(listener) {
  listeners.add(listener);
  if (watching === null) start();
  listener(state);
  return () => {
    listeners.delete(listener);
    if (!listeners.size && watching !== null) {
      if (watching !== "none") navigator.geolocation.clearWatch(watching);
      watching = null;
    }
  };
}

function start() {
  if (!globalThis.isSecureContext || !navigator.geolocation) {
    watching = "none";
    change({ kind: globalThis.isSecureContext ? "missing" : "insecure", place: null });
    return;
  }
  // A fix of a minute ago is where the person was: look anew.
  if (state.place && Date.now() - state.place.at > 60_000) state = { kind: "looking", place: null };
  watching = navigator.geolocation.watchPosition(found, lost, OPTIONS);
}

function found({ coords, timestamp }) {
  const { longitude: lon, latitude: lat, accuracy } = coords;
  change({ kind: "found", place: { lon, lat, accuracy, at: timestamp } });
}

function lost({ code }) {
  if (state.place && code !== 1) return;
  change({ kind: code === 1 ? "denied" : "missing", place: null });
}

function change(next) {
  state = next;
  listeners.forEach((listener) => listener(state));
}
