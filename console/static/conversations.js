// The list: fresh when something is said, and by the keyboard: j and k move, Enter opens, / searches.
const lines = document.getElementById("lines");
const isTyping = (target) => target.closest("input, select, textarea") !== null;

// Whoever reads the list with the keyboard is not thrown back to its top.
const refresh = () => {
  if (lines && !lines.contains(document.activeElement)) htmx.trigger(lines, "said");
};

const poll = (address) => {
  let known = "";
  setInterval(async () => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) return;
    const { mark } = await answer.json();
    if (known && mark !== known) refresh();
    known = mark;
  }, 15000);
};

if (lines && lines.dataset.live) {
  const events = new EventSource(lines.dataset.live);
  let known = "";
  events.onmessage = (event) => {
    if (known && event.data !== known) refresh();
    known = event.data;
  };
  // It opens again by itself, unless there was no place for it.
  events.onerror = () => {
    if (events.readyState === EventSource.CLOSED) poll(lines.dataset.mark);
  };
  window.addEventListener("pagehide", () => events.close());
}

const keys = document.getElementById("keys");
keys.checked = localStorage.getItem("keys") !== "off";
keys.addEventListener("change", () => localStorage.setItem("keys", keys.checked ? "on" : "off"));

document.addEventListener("keydown", (event) => {
  if (!keys.checked || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("words").focus();
    return;
  }
  const step = { j: 1, k: -1 }[event.key];
  if (!step) return;
  const all = [...document.querySelectorAll(".line")];
  const place = all.indexOf(document.activeElement);
  all[Math.min(Math.max(place + step, 0), all.length - 1)]?.focus();
});
