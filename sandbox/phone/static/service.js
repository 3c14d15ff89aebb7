// The phone's JSON interface as the page sees it: channels, people, sending, and one inbox polled.

const EVERY = 1200;

async function call(path, asked) {
  const given = asked && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(asked),
  };
  const answer = await fetch(path, given);
  const told = await answer.json();
  return answer.ok ? told : { status: 0, raw: told.error, messages: [], open: false, session: "", refused: answer.status };
}

export class Service {
  constructor() {
    this.number = "";
    this.channels = {};
    this.gateway = "";
    this.onExchange = () => {};
    this.onInbox = () => {};
    this.onChannels = () => {};
    this.last = "";
    this.fresh = true;
  }

  // The name and the channel of a kind, or nothing while the door has not told its channels. Of the
  // USSD channels it is the one of the chosen gateway.
  channel(kind) {
    const ours = Object.entries(this.channels).filter(([, channel]) => channel.kind === kind);
    return (kind === "ussd" && ours.find(([name]) => name === this.gateway)) || ours[0];
  }

  // The USSD channels by name, with the title of their gateway.
  gateways() {
    const ours = Object.entries(this.channels).filter(([, channel]) => channel.kind === "ussd");
    return ours.map(([name, channel]) => [name, channel.title ?? channel.dialect ?? name]);
  }

  seconds() {
    return this.channel("ussd")?.[1].seconds ?? 180;
  }

  address(kind) {
    return this.channel(kind)?.[1].address ?? "";
  }

  async citizens() {
    return (await call("/api/citizens")).citizens ?? [];
  }

  // Perform one act on the channel of a kind; a server that is away is an answer of status 0.
  async send(kind, text, more = {}) {
    const asked = { channel: this.channel(kind)?.[0] ?? kind, number: this.number, text, ...more };
    let answer;
    try {
      answer = await call("/api/send", asked);
    } catch {
      answer = { status: 0, raw: "", messages: [], open: false, session: "" };
    }
    if (more.action !== "cancel") this.onExchange(kind, text, answer, this.channel(kind)?.[1].title);
    await this.refresh();
    return answer;
  }

  // Take a number; false where the server does not know it for one.
  async choose(number) {
    const told = await fetch(`/api/inbox?number=${encodeURIComponent(number)}`);
    if (!told.ok) return false;
    this.number = number;
    this.fresh = true;
    return true;
  }

  async refresh() {
    try {
      const number = this.number;
      const { messages } = await call(`/api/inbox?number=${encodeURIComponent(number)}`);
      if (number !== this.number || !messages) return;
      const last = `${number} ${messages.length} ${messages.at(-1)?.id} ${messages.at(-1)?.at}`;
      if (last === this.last && !this.fresh) return;
      this.onInbox(messages, this.fresh);
      this.last = last;
      this.fresh = false;
    } catch {
      // The phone is being restarted; the next poll tells.
    }
  }

  async watch() {
    try {
      if (!Object.keys(this.channels).length) {
        this.channels = (await call("/api/channels")).channels ?? {};
        this.onChannels();
      }
    } catch {
      // As above.
    }
    if (!document.hidden && this.number) await this.refresh();
    setTimeout(() => this.watch(), EVERY);
  }
}
