// The list by the keyboard: j and k move, Enter opens, / searches.
const isTyping = (target) => target.closest("input, select, textarea") !== null;

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
