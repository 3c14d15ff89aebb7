// The page put together.

import { Chat } from "./chat.js";
import { Handset } from "./handset.js";
import { People } from "./people.js";
import { Service } from "./service.js";
import { Wire } from "./wire.js";
import { language, loadWords, make, speak } from "./words.js";

const at = (id) => document.getElementById(id);

await loadWords(document.documentElement.lang);
const service = new Service();
const handset = new Handset(service);
const chat = new Chat(service);
const wire = new Wire(at("wire"));

const people = new People(service, async (number) => {
  at("lcd-number").textContent = number;
  handset.reset();
  await service.refresh();
});

service.onExchange = (kind, text, answer, title) => wire.add(kind, text, answer, title);
service.onInbox = (messages, fresh) => {
  handset.sms.take(messages, fresh);
  chat.take(messages);
};
service.onChannels = () => {
  at("waiting").hidden = Object.keys(service.channels).length > 0;
  at("gateway").replaceChildren(...service.gateways().map(([name, title]) => make("option", { value: name, textContent: title })));
  at("chat-address").textContent = service.address("whatsapp");
  service.last = "";
  if (handset.mode === "home") handset.home();
};

// A call that is open is hung up through the gateway it came from, which is read before this one is
// chosen: whoever dials at once dials through the new one.
at("gateway").onchange = (event) => {
  handset.reset();
  service.gateway = event.target.value;
  handset.home();
};

at("language").onchange = (event) => {
  speak(event.target.value);
  history.replaceState(null, "", `?lang=${language()}`);
  handset.retell();
  people.tell();
  wire.tell();
};

handset.home();
await people.choose(at("number").value);
people.load();
service.watch();
