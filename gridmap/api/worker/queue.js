// What waits to be sent: kept first, sent when there is a line, each thing once, in the order it was made.
// Runs in the page and in the service worker; a lock keeps the two from sending the same thing at the same time.
import * as api from "./api.js";
import * as clock from "./clock.js";
import { fresh } from "./ids.js";
import { kept, queue } from "./store.js";

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 5 * 60_000;
const PATHS = {
  report: () => "reports",
  visit: () => "visits",
  round: ({ about }) => `rounds/${about.task}/${about.grid}`,
  move: (item) => `matters/${item.about.matter}/moves`,
};
const news = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("gridmap-queue");
const listeners = new Set();
let chain = Promise.resolve();

// Call `listener({id, outcome})` whenever the queue changes, here or in another window; returns how to stop.
export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(event) {
  listeners.forEach((listener) => listener(event));
  news?.postMessage(event);
}

if (news) news.onmessage = ({ data }) => listeners.forEach((listener) => listener(data));

// Keep `body` for sending. `photos` are {data: ArrayBuffer, type}; `about` is what lists show; `draft` is given up for it.
export async function add(kind, body, { user, about = {}, photos = [], draft = "" }) {
  const item = {
    id: fresh(), user, kind, body, about, made_at: Date.now(), at: clock.now(), state: "waiting", tries: 0, next_at: 0,
    fault: null, sealed: false, photos: photos.map(({ data, type }) => ({ id: fresh(), data, type, number: 0 })),
  };
  await queue.take(item, draft);
  tell({ id: item.id, outcome: "kept" });
  return item;
}

// Try everything at once again, whatever wait was set: the line is back, or a person asked.
export async function hurry() {
  for (const item of await queue.all()) {
    if (item.state === "waiting" && item.next_at) await queue.update({ ...item, next_at: 0 });
  }
}

// Send a stopped item again: under its own id, or, after a conflict, as a thing of its own.
export async function again(id, { anew = false } = {}) {
  const item = await queue.get(id);
  if (!item) return;
  const base = { ...item, state: "waiting", tries: 0, next_at: 0, fault: null };
  if (anew) await queue.done(id, null);
  await queue.put(anew ? { ...base, id: fresh(), sealed: false } : base);
  tell({ id, outcome: "kept" });
}

export async function discard(id) {
  await queue.remove(id);
  tell({ id, outcome: "discarded" });
}

// Send what is due, one after the other; the phone's time (ms) of the next try, 0 when nothing waits for one.
export function flush() {
  const locks = globalThis.navigator?.locks;
  const turn = () => (locks ? locks.request("gridmap-queue", send) : send());
  chain = chain.then(turn, turn);
  return chain;
}

async function send() {
  const session = await kept.get("session");
  if (!session) return 0;
  let next = 0;
  for (const { id, user, state } of await queue.all()) {
    if (user !== session.user || state !== "waiting") continue;
    const item = await queue.get(id);
    if (!item || item.state !== "waiting") continue;
    if (item.next_at <= Date.now()) {
      const trouble = await attempt(item, session.key);
      if (trouble === "key") return 0;
      // Without a line nothing else gets through either; what the server stumbles over holds up nothing else.
      if (trouble === "line") return item.next_at;
    }
    if (item.state === "waiting" && item.next_at) next = next ? Math.min(next, item.next_at) : item.next_at;
  }
  return next;
}

// One try at one item; what stood in the way: "key", "line", "server", or nothing when the item is settled.
async function attempt(item, key) {
  try {
    await seal(item);
    await photosFirst(item, key);
    const numbers = item.photos.map(({ number }) => number);
    const body = numbers.length ? { ...item.body, photos: numbers } : item.body;
    const answer = await api.post(PATHS[item.kind](item), body, key);
    const paper = receipt(item, answer);
    await queue.done(item.id, paper);
    item.state = "sent";
    tell({ id: item.id, outcome: "sent", kind: item.kind, about: item.about, receipt: paper?.receipt });
    return "";
  } catch (error) {
    return settle(item, error);
  }
}

// What is sent is fixed before the first try, time included: every later try sends the very same.
async function seal(item) {
  if (item.sealed) return;
  const now = await clock.ask();
  if (item.kind === "report") Object.assign(item.body, { client_id: item.id, reported_at: Math.min(item.at, now) });
  if (item.kind === "visit" || item.kind === "round") Object.assign(item.body, { client_id: item.id, at: Math.min(item.at, now) });
  item.sealed = true;
  await queue.update(item);
}

async function photosFirst(item, key) {
  for (const picture of item.photos) {
    if (picture.number) continue;
    const { id } = await api.photo(picture.id, picture, key);
    picture.number = id;
    await queue.update(item);
  }
}

async function settle(item, error) {
  if (error instanceof api.Refusal && error.status === 401) {
    tell({ id: item.id, outcome: "key" });
    return "key";
  }
  if (error instanceof api.Refusal && !error.passing) {
    item.state = "stopped";
    item.fault = { status: error.status, ...error.body };
    await queue.update(item);
    tell({ id: item.id, outcome: "stopped" });
    return "";
  }
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(item.tries, 10));
  item.tries += 1;
  item.next_at = Date.now() + Math.max((error.after || 0) * 1000, wait * (0.75 + Math.random() / 2));
  await queue.update(item);
  tell({ id: item.id, outcome: "waiting" });
  return error instanceof api.Refusal ? "server" : "line";
}

function receipt(item, answer) {
  if (item.kind !== "report") return null;
  return { id: item.id, user: item.user, sent_at: Date.now(), at: item.body.reported_at, about: item.about, ...pick(answer) };
}

const pick = ({ matter, number, receipt: code, status, due_at }) => ({ matter, number, receipt: code, status, due_at });
