// What a chat shows beside words: choices to tap, and what was attached; and the menu that attaches.

import { make, quote, word } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const DRAWINGS = {
  image: "M3 5h18v14H3zM3 16l5-5 4 4 3-3 6 5M15.5 9.5h.01",
  pdf: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  voice: "M12 4a3 3 0 013 3v4a3 3 0 01-6 0V7a3 3 0 013-3zM6 11a6 6 0 0012 0M12 17v3",
  location: "M12 21c4-5 6-8 6-11a6 6 0 00-12 0c0 3 2 6 6 11zM12 12a2 2 0 100-4 2 2 0 000 4z",
  contact: "M12 12a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM5 20c.6-4 3.4-6 7-6s6.400 2 7 6",
  sticker: "M4 12a8 8 0 1116 0c-4 0-8 4-8 8a8 8 0 01-8-8zM9 10h.01M15 10h.01",
};
export const KINDS = Object.keys(DRAWINGS);

function drawing(kind) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", DRAWINGS[kind] ?? DRAWINGS.pdf);
  svg.append(path);
  return svg;
}

// A picture of what was attached, named by its kind.
export function attached(kind) {
  const name = word(kind) ?? kind;
  const frame = make("div", { className: `parcel ${kind}`, role: "img", ariaLabel: name }, drawing(kind));
  if (kind !== "image") frame.append(make("span", { textContent: name, ariaHidden: "true" }));
  return frame;
}

// The choices under a message: buttons, or a list behind one; `tapped` is told of the one chosen.
export function choices({ kind, items, opener }, tapped) {
  const buttons = items.map(({ id, title }) => {
    const button = make("button", { type: "button" }, quote("label", title));
    button.onclick = () => tapped({ kind, id }, title);
    return button;
  });
  if (kind === "quick") {
    return make("div", { className: "choices", role: "group", ariaLabel: word("choices") }, ...buttons);
  }
  const list = make("details", { className: "choices list" }, make("summary", {}, quote("label", opener)), ...buttons);
  list.addEventListener("click", (event) => {
    if (event.target.closest("button")) list.open = false;
  });
  return list;
}

// The menu behind the paper clip; `send` is told what to attach.
export class Attaching {
  constructor(opener, menu, send) {
    this.opener = opener;
    this.menu = menu;
    this.opener.onclick = () => this.show(this.menu.hidden);
    this.menu.onkeydown = (event) => {
      if (event.key === "Escape") this.show(false);
    };
    this.menu.replaceChildren(...KINDS.map((kind) => {
      const name = make("span", { textContent: word(kind) });
      name.dataset.word = kind;
      const button = make("button", { type: "button" }, drawing(kind), name);
      button.onclick = () => {
        this.show(false);
        send(kind);
      };
      return button;
    }));
  }

  show(is) {
    this.menu.hidden = !is;
    this.opener.setAttribute("aria-expanded", String(is));
    (is ? this.menu.querySelector("button") : this.opener).focus();
  }
}
