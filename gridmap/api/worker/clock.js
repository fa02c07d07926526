// The server's time, from the phone's and the distance between the two when they last spoke.
import * as api from "./api.js";
import { kept } from "./store.js";

let offset = 0;

export const phone = () => Math.floor(Date.now() / 1000);
export const now = () => phone() + offset;
export const distance = () => offset;

export async function recall() {
  offset = (await kept.get("clock")) || 0;
}

// Ask the server; its time when it answered, which is never ahead of it.
export async function ask() {
  const { now: theirs } = await api.get("now");
  offset = Math.floor(theirs) - phone();
  await kept.put("clock", offset);
  return Math.floor(theirs);
}
