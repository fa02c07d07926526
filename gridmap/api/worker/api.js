// The one place that speaks to the server: JSON in and out, the device key, limits of patience.
const BASE = new URL("../../api/v1/", import.meta.url);
const PATIENCE_MS = 20_000;
const PHOTO_PATIENCE_MS = 120_000;

// The language names come in; set by the page, left to the server elsewhere.
let tongue = "";
export const speak = (lang) => (tongue = lang);

// Tells "up" when an answer came and "down" when none did.
export const line = new EventTarget();

// The server answered that it will not; `body` is its reason: code, message, message_zh, field, …
export class Refusal extends Error {
  constructor(status, body, after) {
    super(body.message || `HTTP ${status}`);
    Object.assign(this, { status, body, after });
  }

  // Whether the same request may succeed later.
  get passing() {
    return this.status >= 500 || this.status === 429 || this.status === 408;
  }
}

// No answer came: no line, no server, or no patience left.
export class Unreachable extends Error {}

export async function call(method, path, { key = "", json, data, type, patience = PATIENCE_MS, picture = false } = {}) {
  const headers = { Accept: "application/json" };
  if (tongue) headers["Accept-Language"] = tongue;
  if (key) headers.Authorization = `Bearer ${key}`;
  if (json !== undefined) headers["Content-Type"] = "application/json";
  if (data !== undefined) headers["Content-Type"] = type;
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), patience);
  try {
    const body = json === undefined ? data : JSON.stringify(json);
    const options = { method, headers, body, signal: control.signal, cache: "no-store", credentials: "omit" };
    const answer = await fetch(new URL(path, BASE), options);
    if (picture && answer.ok) return await answer.blob();
    const text = await answer.text();
    const found = parsed(text);
    // A gateway's sign-in page is no answer of ours, whatever its status says.
    if (found === undefined) throw new Unreachable("The answer was not the server's.");
    line.dispatchEvent(new Event("up"));
    if (!answer.ok) throw new Refusal(answer.status, found || {}, Number(answer.headers.get("Retry-After")) || 0);
    return found;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    line.dispatchEvent(new Event("down"));
    throw error instanceof Unreachable ? error : new Unreachable(error.message);
  } finally {
    clearTimeout(timer);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const get = (path, key) => call("GET", path, { key });
export const post = (path, json, key) => call("POST", path, { key, json });
export const picture = (number, key) => call("GET", `photos/${number}`, { key, picture: true });
export const photo = (id, { data, type }, key) =>
  call("POST", `photos?client_id=${encodeURIComponent(id)}`, { key, data, type, patience: PHOTO_PATIENCE_MS });
