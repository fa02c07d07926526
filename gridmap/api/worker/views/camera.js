// Photos of a report or of a step: one big button, thumbnails to look at and to take away again.
import { button, el, fill, icon } from "../dom.js";
import { MANY, prepare } from "../photo.js";
import { say } from "../words.js";

// The part of a page for `photos` (a list of {data, type}, changed in place); `onchange` after every change.
export function camera(photos, onchange) {
  const shots = el("div", { class: "shots" });
  const trouble = el("p", { class: "fault", role: "alert" });
  const name = el("span", {});
  // "image/jpeg" makes phones that take HEIC hand over a JPEG.
  const input = el("input", { type: "file", accept: "image/jpeg,image/png,image/webp", capture: "environment", class: "hidden-input", onchange: taken });
  const label = el("label", { class: "shoot" }, icon("camera"), name, input);

  async function taken() {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    if (photos.length >= MANY) {
      fill(trouble, say("photo_many", { n: MANY }));
      return;
    }
    try {
      photos.push(await prepare(file));
      fill(trouble);
    } catch {
      fill(trouble, say("photo_unreadable"));
      return;
    }
    draw();
    onchange();
  }

  function draw() {
    fill(name, say(photos.length ? "photo_more" : "photo"));
    fill(shots, photos.map(shot));
  }

  function shot({ data, type }, at) {
    const address = URL.createObjectURL(new Blob([data], { type }));
    const picture = el("img", { src: address, alt: say("photo_n", { n: at + 1 }), onload: () => URL.revokeObjectURL(address) });
    const away = () => {
      photos.splice(at, 1);
      draw();
      onchange();
    };
    return el("div", { class: "shot" }, picture, button("✕", away, { "aria-label": say("photo_remove", { n: at + 1 }), class: "away" }));
  }

  draw();
  return el("section", { class: "block photos", "aria-label": say("photo") }, shots, label, trouble);
}
