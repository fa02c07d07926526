// One receipt: what was reported, and how it stands now.
import * as api from "../api.js";
import { el, fill, theirs } from "../dom.js";
import { receipts } from "../store.js";
import { fault, moment, say } from "../words.js";
import { merged } from "./receipts.js";
import { category, chip, fact, limit } from "./parts.js";

export const title = () => say("receipt");

export async function show(root, app, { id }) {
  const code = decodeURIComponent(id || "");
  const kept = merged(app.data("reports") || [], await receipts.all()).find(({ receipt }) => receipt === code) || { receipt: code };
  draw(root, app, kept);
  try {
    draw(root, app, { ...kept, ...(await api.get(`receipts/${encodeURIComponent(code)}`)) });
  } catch (error) {
    const text = error instanceof api.Refusal ? fault({ ...error.body, status: error.status }) : say("no_line");
    root.append(el("p", { class: "note" }, text));
  }
  return null;
}

function draw(root, app, found) {
  const { receipt, number, text, due_at: due, reported_at: at, accepted_at: accepted, closed_at: closed, status } = found;
  fill(
    root,
    el(
      "section",
      { class: "card" },
      el("p", { class: "card-top" }, el("span", { class: "strong" }, category(app, found.category || found.category_code)),
        status !== undefined && chip(status)),
      text && el("p", { class: "words" }, theirs(text)),
      el(
        "dl",
        {},
        fact(say("receipt"), theirs(receipt, { class: "code big" })),
        number ? fact(say("number"), theirs(number, { class: "code" })) : null,
        at ? fact(say("reported_at"), moment(at)) : null,
        accepted ? fact(say("accepted_at"), moment(accepted)) : null,
        found.office_name ? fact(say("with_office"), theirs(found.office_name)) : null,
        due && !closed ? fact(say("due"), limit(due)) : null,
        closed ? fact(say("closed_at"), moment(closed)) : null
      )
    )
  );
}
