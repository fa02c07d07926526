// Which of the moves allowed the phone can make, and in which order it offers them.
import { NEEDS } from "./terms.js";

// Asked of a person on a desk: a phone has no list of people to choose from.
const DESK = new Set(["person", "parent"]);

// Open to many at most times: having one of these does not make it one's move.
const ANY_TIME = new Set(["note", "whistle", "transfer", "assign", "supervise", "link", "unlink", "void", "park"]);

// Whether somebody who may make `allowed` is the one a matter waits for.
export const waitsForMe = (allowed) => allowed.some((move) => !ANY_TIME.has(move));

// Moves a photo of the place belongs to.
export const WITH_PHOTO = new Set(["answer", "close", "rework", "note"]);

// What comes first on a task; the rest follows in the order of the table.
const FIRST = ["answer", "handle", "close", "heed", "accept", "dispatch", "rework", "evaluate", "rate_whistle"];

// Of the moves allowed: those the phone can make, the likeliest first, and those left to the desk.
export function sorted(allowed) {
  const fits = (move) => NEEDS[move] && !NEEDS[move].some((name) => DESK.has(name));
  const here = allowed.filter(fits);
  const rank = (move) => (FIRST.includes(move) ? FIRST.indexOf(move) : FIRST.length);
  return { here: here.sort((a, b) => rank(a) - rank(b)), desk: allowed.filter((move) => !fits(move)) };
}

export const needs = (move) => NEEDS[move];
