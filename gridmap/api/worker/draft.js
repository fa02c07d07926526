// The report being written: kept at every change, so that a call, an empty battery or a reload costs nothing.
import { drafts } from "./store.js";

const EMPTY = { category: "", text: "", place: null, photos: [] };
let writing = Promise.resolve();
let dropped = false;

export const place = (user) => `report:${user}`;

export async function open(user) {
  dropped = false;
  return { ...EMPTY, photos: [], ...((await drafts.get(place(user))) || {}) };
}

// Writes follow one another; the last one wins.
export function save(user, draft) {
  const copy = { ...draft, photos: [...draft.photos] };
  const write = () => (dropped ? null : drafts.put(place(user), copy));
  writing = writing.then(write, write);
  return writing;
}

export const settled = () => writing.catch(() => {});

// What is still to be written belongs to a draft that has been sent.
export const forget = () => (dropped = true);

export async function clear(user) {
  dropped = true;
  await settled();
  await drafts.remove(place(user));
}

export const empty = (draft) => !draft || !(draft.category || draft.text || draft.photos.length);

// Bring `item`, a report the server refused, back as the draft; false when another draft is in the way.
export async function restore(user, item) {
  if (!empty(await drafts.get(place(user)))) return false;
  const { category, text, lon, lat, coord_system: system } = item.body;
  const from = system === "wgs84" ? "phone" : "tap";
  const photos = item.photos.map(({ data, type }) => ({ data, type }));
  await drafts.put(place(user), { category, text, place: { lon, lat, accuracy: 0, from: from === "phone" ? "tap" : from }, photos });
  return true;
}
