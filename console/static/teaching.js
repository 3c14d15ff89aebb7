// One message after the other by the keyboard: a key chooses, Enter confirms; / types, s skips.
const form = document.getElementById("review");
const keys = document.getElementById("keys");
const marks = document.getElementById("marks");
const isTyping = (target) => target.closest("input:not([type=radio]):not([type=checkbox]), select, textarea") !== null;

if (form) {
  keys.checked = localStorage.getItem("keys") !== "off";
  keys.addEventListener("change", () => localStorage.setItem("keys", keys.checked ? "on" : "off"));

  const other = document.getElementById("other");
  other.addEventListener("input", () => { document.getElementById("is-other").checked = true; });

  // Words that are ticked and what they mean become a mark; the words are free again.
  const mark = document.getElementById("mark");
  mark.addEventListener("click", () => {
    const means = document.getElementById("means");
    const ticked = [...form.querySelectorAll("input[name=word]:checked")];
    if (!means.value || !ticked.length) return;
    const places = ticked.map((one) => Number(one.value));
    const first = Math.min(...places);
    const last = Math.max(...places);
    if (last - first + 1 !== places.length) return;
    const words = ticked.map((one) => one.nextElementSibling.textContent).join(" ");
    const said = words.replaceAll(" ", "").replace(/^[.,;:!?()،؟]+|[.,;:!?()،؟]+$/g, "").toUpperCase();
    const meant = means.value === "reference" ? `reference=${said}` : means.value;
    const line = document.createElement("li");
    const hidden = Object.assign(document.createElement("input"), { type: "hidden", name: "mark", value: `${first}-${last + 1}-${meant}` });
    const chip = Object.assign(document.createElement("span"), { className: "chip" });
    const shown = Object.assign(document.createElement("bdi"), { textContent: words });
    chip.append(shown, ` = ${means.selectedOptions[0].textContent}`);
    const away = Object.assign(document.createElement("button"), { type: "button", className: "plain unmark", textContent: "×" });
    away.setAttribute("aria-label", mark.dataset.unmark.replace("{words}", words));
    line.append(hidden, chip, " ", away);
    marks.append(line);
    ticked.forEach((one) => { one.checked = false; });
    means.value = "";
  });
  marks.addEventListener("click", (event) => {
    if (event.target.closest(".unmark")) event.target.closest("li").remove();
  });

  document.addEventListener("keydown", (event) => {
    if (!keys.checked || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const chosen = form.querySelector(`input[data-key="${CSS.escape(event.key)}"]`);
    if (chosen) {
      event.preventDefault();
      chosen.checked = true;
      chosen.focus();
    } else if (event.key === "Enter" && form.querySelector("input[name=verdict]:checked") && !event.target.closest("a, button, summary")) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "/") {
      event.preventDefault();
      other.focus();
    } else if (event.key === "s") {
      document.getElementById("skip").click();
    }
  });
}
