// What went over the wire: the last answers of the door, exactly as they came.

import { make, word } from "./words.js";

const KEPT = 6;
const NAMES = { ussd: "USSD", sms: "SMS", whatsapp: "WhatsApp" };

export class Wire {
  constructor(list) {
    this.list = list;
    this.exchanges = [];
  }

  add(kind, text, answer, title) {
    this.exchanges = [{ kind, text, answer, title }, ...this.exchanges].slice(0, KEPT);
    this.tell();
  }

  tell() {
    this.list.replaceChildren(...this.exchanges.map(({ kind, text, answer, title }) => {
      const status = String(answer.refused || answer.status || "—");
      const shown = answer.messages.join("\n");
      const head = make("p", {},
        make("b", { textContent: NAMES[kind] }),
        ...(title ? [make("bdi", { dir: "ltr", textContent: title })] : []),
        make("bdi", { className: "status", dir: "ltr", textContent: status }),
        make("bdi", { className: "given", dir: "auto", textContent: text.slice(0, 60) }),
        make("bdi", { dir: "ltr", textContent: `${answer.milliseconds ?? 0} ms` }),
        make("span", { textContent: `${[...shown].length} ${word("characters")}` }));
      const body = make("pre", { dir: "auto", textContent: answer.raw || "—" });
      return make("li", { className: status === "200" ? "exchange" : "exchange failed" }, head, body);
    }));
  }
}
