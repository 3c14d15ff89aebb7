// The handset: what its screen shows, what its keys do. SMS has its own screens in sms.js.

import { Clock } from "./clock.js";
import { Sms } from "./sms.js";
import { hour, make, quote, word } from "./words.js";

const at = (id) => document.getElementById(id);

export class Handset {
  constructor(service) {
    this.service = service;
    this.view = at("view");
    this.entry = at("entry");
    this.session = "";
    this.caller = "";
    this.code = "";
    this.mode = "home";
    this.clock = new Clock(at("clock"), () => this.over());
    this.sms = new Sms(this, service);
    at("soft-left").onclick = () => this.left?.act();
    at("soft-right").onclick = () => this.right?.act();
    at("call").onclick = () => this.call();
    at("end").onclick = () => this.end();
    at("up").onclick = () => this.move(-1);
    at("down").onclick = () => this.move(1);
    at("keys").onclick = (event) => this.type(event.target.closest("[data-key]")?.dataset.key);
    at("entry-form").onsubmit = (event) => {
      event.preventDefault();
      this.call();
    };
    this.entry.oninput = () => this.mode === "home" && this.home();
    setInterval(() => this.mode === "home" && !this.entry.value && this.home(), 20000);
  }

  // Put parts on the screen, with the entry line or without, and name the soft keys.
  show(mode, parts, { entry = "", left, right } = {}) {
    this.mode = mode;
    this.view.replaceChildren(...parts);
    this.view.scrollTop = 0;
    at("entry-form").hidden = !entry;
    this.entry.placeholder = entry;
    this.entry.inputMode = mode === "compose" ? "text" : "";
    this.left = left;
    this.right = right;
    for (const [side, soft] of [["left", left], ["right", right]]) {
      at(`soft-${side}-text`).textContent = soft ? word(soft.name) : "";
      at(`soft-${side}`).setAttribute("aria-label", soft ? word(soft.name) : "–");
      at(`soft-${side}`).setAttribute("aria-disabled", String(!soft));
    }
  }

  // Put the focus on a part of the screen, unless the citizen is busy elsewhere on the page.
  focus(part) {
    const held = document.activeElement;
    if (held === document.body || at("handset").contains(held)) part?.focus({ preventScroll: true });
  }

  home() {
    const address = this.service.address("ussd");
    const dialling = this.entry.value;
    const unread = this.sms.unread;
    const parts = [make("div", { className: "hour", textContent: hour(new Date()), dir: "ltr" })];
    if (unread) parts.push(make("div", { className: "unread", textContent: `✉ ${unread} ${word("unread")}` }));
    else parts.push(make("div", { className: "small", textContent: word("dial_hint") }));
    this.show("home", [make("div", { className: "idle" }, ...parts)], {
      entry: address || "*…#",
      left: { name: "messages", act: () => this.sms.list() },
      right: dialling ? { name: "clear", act: () => this.reset() } : undefined,
    });
  }

  // Back to the idle screen; a session still open is hung up first.
  async reset() {
    this.entry.value = "";
    const open = this.session;
    this.session = "";
    this.clock.stop();
    this.home();
    if (open) await this.hangUp(open);
  }

  hangUp(session, number = this.caller) {
    return this.service.send("ussd", "", { action: "cancel", session, number });
  }

  call() {
    if (this.mode === "home") this.dial(this.entry.value.trim() || this.service.address("ussd"));
    else if (this.mode === "open") this.answer();
    else if (this.mode === "closed") this.dial(this.code);
    else this.left?.act();
  }

  end() {
    if (this.mode !== "busy") this.reset();
  }

  async dial(code) {
    if (!code) return;
    this.code = code;
    this.clock.start(this.service.seconds());
    await this.hop(code, {});
  }

  async answer() {
    await this.hop(this.entry.value, { session: this.session });
  }

  async hop(text, more) {
    this.entry.value = "";
    const number = (this.caller = this.service.number);
    this.show("busy", [make("div", { className: "busy", textContent: word("wait") })]);
    const answer = await this.service.send("ussd", text, more);
    if (number !== this.service.number) return answer.open && this.hangUp(answer.session, number);
    this.session = answer.open ? answer.session : "";
    if (answer.open) this.open(answer);
    else this.close(answer.status === 200 ? quote("shown", answer.messages[0] ?? "") : this.failure(answer));
  }

  open(answer) {
    this.show("open", [quote("shown", answer.messages[0] ?? "")], {
      entry: word("answer"),
      left: { name: "send", act: () => this.answer() },
      right: { name: "cancel", act: () => this.reset() },
    });
    this.focus(this.entry);
  }

  close(part) {
    this.clock.stop();
    this.show("closed", [part], {
      left: { name: "ok", act: () => this.reset() },
      right: { name: "redial", act: () => this.dial(this.code) },
    });
  }

  failure({ status, raw, refused }) {
    const told = make("div", { className: "small", dir: "auto", textContent: `${refused || status || "—"} ${raw}`.slice(0, 200) });
    return make("div", {}, make("div", { textContent: word("no_answer") }), told);
  }

  // The time of the session is over: the network hangs up.
  async over() {
    const open = this.session;
    this.session = "";
    if (this.mode === "busy") return;
    this.close(make("div", { textContent: word("session_over") }));
    if (open) await this.hangUp(open);
  }

  type(key) {
    if (!key || at("entry-form").hidden) return;
    const { selectionStart: start, selectionEnd: end } = this.entry;
    this.entry.setRangeText(key, start, end, "end");
    this.entry.dispatchEvent(new Event("input"));
  }

  move(step) {
    const rows = [...this.view.querySelectorAll("button")];
    if (rows.length) {
      const next = rows.indexOf(document.activeElement) + step;
      rows[Math.min(rows.length - 1, Math.max(0, next))].focus();
    } else this.view.scrollBy({ top: step * 60 });
  }

  // The same screen again, in the words of the language now chosen.
  retell() {
    const screens = { home: () => this.home(), list: () => this.sms.list(), read: () => this.sms.list(), compose: () => this.sms.compose() };
    if (screens[this.mode]) return screens[this.mode]();
    if (this.mode === "open") this.entry.placeholder = word("answer");
    this.show(this.mode, [...this.view.childNodes], { entry: this.mode === "open" ? word("answer") : "", left: this.left, right: this.right });
  }
}
