// The page's words, in the language chosen; everything marked with data-word follows it.

let all = {};
let chosen = "fr";

export async function loadWords(language) {
  all = await (await fetch("/static/words.json")).json();
  chosen = language;
}

export const word = (key) => all[chosen][key];
export const language = () => chosen;

export function speak(language) {
  chosen = language;
  document.documentElement.lang = language;
  document.documentElement.dir = word("direction");
  document.title = `${word("title")} · Twiza`;
  for (const part of document.querySelectorAll("[data-word]")) part.textContent = word(part.dataset.word);
  for (const part of document.querySelectorAll("[data-word-label]"))
    part.setAttribute("aria-label", word(part.dataset.wordLabel));
  for (const part of document.querySelectorAll("[data-word-placeholder]"))
    part.placeholder = word(part.dataset.wordPlaceholder);
  for (const key of document.querySelectorAll("[data-key]"))
    key.setAttribute("aria-label", `${word("key")} ${key.dataset.key}`);
}

// A new element; text is set as text, never as markup.
export function make(name, properties = {}, ...children) {
  const part = document.createElement(name);
  Object.assign(part, properties);
  part.append(...children);
  return part;
}

const ARABIC = /[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]/;
const TIFINAGH = /[\u2d30-\u2d7f]/;

// What somebody said, in its own direction and script, line breaks kept.
export function quote(className, text) {
  const part = make("div", { className, textContent: text, dir: "auto" });
  if (ARABIC.test(text)) part.lang = "ar";
  else if (TIFINAGH.test(text)) part.lang = "zgh";
  return part;
}

export const hour = (at) =>
  new Intl.DateTimeFormat("fr-MA", { hour: "2-digit", minute: "2-digit", timeZone: "Africa/Casablanca" }).format(at);
