// What was last read from the server, kept for when there is no line; one person's never shown to another.
import * as api from "./api.js";
import * as clock from "./clock.js";
import { kept } from "./store.js";

export const PARTS = {
  me: "me",
  map: "me/map",
  tasks: "me/tasks",
  rounds: "me/rounds",
  reports: "me/reports",
  zh: "categories?lang=zh",
  en: "categories?lang=en",
};

const place = (part, user) => `${part}:${user}`;

// {value, at} as last read, `at` in the server's time; null when never.
export async function read(part, { user }) {
  return (await kept.get(place(part, user))) || null;
}

// Ask for `parts` and keep them. Raises the first error; what came before it is kept.
export async function refresh(parts, { user, key }) {
  const at = await clock.ask();
  for (const part of parts) {
    const value = await api.get(PARTS[part], key);
    await kept.put(place(part, user), { value, at });
  }
}
