// The SMS screens of the handset: the list, one message, writing one.

import { hour, make, quote, word } from "./words.js";

export class Sms {
  constructor(handset, service) {
    this.handset = handset;
    this.service = service;
    this.messages = [];
    this.seen = new Set();
    this.unread = 0;
  }

  // Take in what the inbox holds; messages already there when a number is chosen are not new.
  take(messages, fresh) {
    const chats = this.service.channel("whatsapp")?.[0];
    this.messages = messages.filter((message) => message.channel !== chats).reverse();
    for (const message of this.messages) {
      if (!fresh && message.direction === "received" && !this.seen.has(message.id)) this.unread += 1;
      this.seen.add(message.id);
    }
    if (fresh) this.unread = 0;
    if (this.handset.mode === "list") this.list();
    if (this.handset.mode === "home") this.handset.home();
  }

  list() {
    this.unread = 0;
    const rows = this.messages.map((message) => {
      const sent = message.direction === "sent";
      const who = make("span", { className: "who" },
        make("bdi", { textContent: `${sent ? "→" : "✉"} ${sent ? message.to : message.from}` }),
        make("span", { textContent: hour(new Date(message.at)) }));
      const row = make("button", { type: "button" }, who, quote("line", message.text.split("\n")[0]));
      row.onclick = () => this.read(message);
      return row;
    });
    const shown = rows.length ? make("div", { className: "sms-list" }, ...rows) : make("p", { textContent: word("no_messages") });
    this.handset.show("list", [this.head(word("messages")), shown], {
      left: { name: "new", act: () => this.compose() },
      right: { name: "back", act: () => this.handset.reset() },
    });
    this.handset.focus(rows[0]);
  }

  read(message) {
    const sent = message.direction === "sent";
    const head = this.head(`${word(sent ? "to" : "from")} `, sent ? message.to : message.from);
    this.handset.show("read", [head, quote("shown", message.text)], {
      left: { name: "reply", act: () => this.compose() },
      right: { name: "back", act: () => this.list() },
    });
    this.handset.focus(this.handset.view);
  }

  compose() {
    this.handset.show("compose", [this.head(`${word("to")} `, this.service.address("sms"))], {
      entry: word("message"),
      left: { name: "send", act: () => this.send() },
      right: { name: "back", act: () => this.list() },
    });
    this.handset.focus(this.handset.entry);
  }

  async send() {
    const text = this.handset.entry.value;
    if (!text) return;
    this.handset.entry.value = "";
    this.handset.show("busy", [make("div", { className: "busy", textContent: word("wait") })]);
    const answer = await this.service.send("sms", text);
    if (answer.status === 200) this.list();
    else this.handset.close(this.handset.failure(answer));
  }

  head(text, address = "") {
    return make("p", { className: "sms-head" }, text, make("bdi", { dir: "ltr", textContent: address }));
  }
}
