// The category tree on the phone: leaves with their path, search, and which ones come first.
import { kept } from "./store.js";

const KEPT = 12;
export const QUICK = 8;

// The leaves of a tree [{code, name, children: […]}]: {code, name, path, rare}, in the tree's order.
export function leaves(tree, path = []) {
  return (tree || []).flatMap((node) =>
    node.children?.length
      ? leaves(node.children, [...path, node.name])
      : [{ code: node.code, name: node.name, path, rare: Boolean(node.rare) }]
  );
}

// Leaves whose code, name or path, in any of `trees`, has every word of `text`.
export function search(text, shown, ...others) {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const more = new Map();
  for (const list of others) for (const { code, name } of list) more.set(code, `${more.get(code) || ""} ${name}`);
  const matches = ({ code, name, path }) => {
    const all = `${code} ${name} ${path.join(" ")} ${more.get(code) || ""}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
  return shown.filter(matches);
}

// At most `QUICK` leaves for the first screen: used on this phone last, used in earlier reports, then one of each group.
export function quick(all, recent, earlier) {
  const known = new Map(all.map((leaf) => [leaf.code, leaf]));
  const seen = new Set();
  const picked = [];
  const take = (code) => {
    if (picked.length >= QUICK || seen.has(code) || !known.has(code)) return;
    seen.add(code);
    picked.push(known.get(code));
  };
  recent.forEach(take);
  earlier.forEach(take);
  const groups = new Set();
  for (const { code, path, rare } of all) {
    const group = path.join("/");
    if (rare || groups.has(group)) continue;
    groups.add(group);
    take(code);
  }
  return picked;
}

const place = (user) => `recent:${user}`;
export const recent = async (user) => (await kept.get(place(user))) || [];

export async function used(user, code) {
  const before = await recent(user);
  await kept.put(place(user), [code, ...before.filter((other) => other !== code)].slice(0, KEPT));
}
