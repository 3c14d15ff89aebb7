// The WhatsApp-like chat: bubbles from the inbox, choices to tap, a line to write on, what to attach.

import { Attaching, attached, choices } from "./parcels.js";
import { hour, make, quote, word } from "./words.js";

const at = (id) => document.getElementById(id);
export class Chat {
  constructor(service) {
    this.service = service;
    this.lost = new Set();
    this.busy = 0;
    this.text = at("chat-text");
    at("composer").onsubmit = (event) => {
      event.preventDefault();
      this.say();
    };
    new Attaching(at("attach"), at("attachments"), (kind) => this.post("", { attach: kind }));
    this.text.onkeydown = (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.say();
      }
    };
    this.text.oninput = () => this.grow();
  }

  grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight + 2}px`;
  }

  say() {
    const text = this.text.value;
    if (!text.trim()) return;
    this.text.value = "";
    this.grow();
    this.post(text);
  }

  async post(text, more = {}) {
    const id = (more.attach ? "MM" : "SM") + crypto.randomUUID().replaceAll("-", "");
    this.wait(1);
    setTimeout(() => this.service.refresh(), 60);
    const answer = await this.service.send("whatsapp", text, { ...more, message_id: id });
    this.wait(-1);
    if (answer.status !== 200) {
      this.lost.add(id);
      this.take(this.held ?? []);
    }
  }

  wait(step) {
    this.busy += step;
    at("typing").hidden = !this.busy;
    this.follow();
  }

  take(messages) {
    const name = this.service.channel("whatsapp")?.[0];
    this.held = messages;
    const mine = messages.filter((message) => message.channel === name);
    at("chat-empty").hidden = mine.length > 0;
    const bubbles = at("bubbles");
    const kept = new Map([...bubbles.children].map((bubble) => [bubble.dataset.key, bubble]));
    // Bubbles already there stay, so that a screen reader is told the new ones only.
    const shown = mine.map((message) => {
      const key = `${message.id} ${message.at} ${this.lost.has(message.id)}`;
      return kept.get(key) ?? this.bubble(message, key);
    });
    for (const [key, bubble] of kept) if (!shown.includes(bubble)) bubble.remove(key);
    shown.forEach((bubble, index) => {
      if (bubbles.children[index] !== bubble) bubbles.insertBefore(bubble, bubbles.children[index] ?? null);
    });
    this.follow();
  }

  bubble(message, key) {
    const parts = message.attached ? [attached(message.attached)] : [];
    if (message.text) parts.push(quote("said", message.text));
    parts.push(make("time", { dateTime: message.at, textContent: hour(new Date(message.at)) }));
    if (this.lost.has(message.id)) parts.push(make("span", { className: "lost", textContent: `✕ ${word("not_delivered")}` }));
    if (message.choices) parts.push(choices(message.choices, (tap, title) => this.post(title, { tap })));
    const bubble = make("li", { className: `bubble ${message.direction}` }, ...parts);
    bubble.dataset.key = key;
    return bubble;
  }

  follow() {
    const log = at("chat-log");
    log.scrollTop = log.scrollHeight;
  }
}
