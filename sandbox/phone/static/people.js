// Who is calling: a number typed freely, or one of the demo people.

import { make, word } from "./words.js";

const at = (id) => document.getElementById(id);

function copyable(name, value) {
  const button = make("button", { type: "button", className: "copy", textContent: value, dir: "ltr" });
  button.setAttribute("aria-label", `${word("copy")} ${name} ${value}`);
  button.onclick = async () => {
    await navigator.clipboard?.writeText(value).catch(() => {});
    button.textContent = word("copied");
    button.classList.add("done");
    setTimeout(() => {
      button.textContent = value;
      button.classList.remove("done");
    }, 900);
  };
  return make("div", {}, make("dt", { textContent: name }), make("dd", {}, button));
}

// Day first, as people type it.
const asTyped = (date) => (date ?? "").split("-").reverse().join("/");

export class People {
  constructor(service, onChoice) {
    this.service = service;
    this.onChoice = onChoice;
    this.citizens = [];
    at("caller").onsubmit = (event) => {
      event.preventDefault();
      this.choose(at("number").value);
    };
    if (matchMedia("(max-width: 859px)").matches) at("people-fold").open = false;
  }

  async choose(number) {
    const taken = await this.service.choose(number);
    at("number-fault").hidden = taken;
    at("number").setAttribute("aria-invalid", String(!taken));
    if (!taken) return;
    at("number").value = number;
    await this.onChoice(number);
    this.tell();
  }

  async load() {
    this.citizens = await this.service.citizens().catch(() => []);
    this.tell();
    if (!this.citizens.length) setTimeout(() => this.load(), 3000);
  }

  tell() {
    at("no-people").hidden = this.citizens.length > 0;
    at("people").replaceChildren(...this.citizens.map((citizen) => this.card(citizen)));
  }

  card(citizen) {
    const chosen = citizen.phone === this.service.number;
    const pick = make("button", { type: "button", className: "pick", ariaPressed: String(chosen), disabled: !citizen.phone },
      make("span", { className: "phone" }, make("bdi", { dir: citizen.phone ? "ltr" : "auto", textContent: citizen.phone ?? word("no_phone") })),
      make("span", { className: "summary" }, make("bdi", { dir: "auto", textContent: citizen.summary ?? "" })));
    pick.onclick = () => this.choose(citizen.phone);
    const facts = make("dl", {}, copyable(word("idcs"), citizen.idcs), copyable(word("born"), asTyped(citizen.birth_date)));
    return make("li", { className: chosen ? "card chosen" : "card" }, pick, facts);
  }
}
