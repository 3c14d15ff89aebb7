// What is told at once: a part of the page with data-live is fetched anew when its mark changes.
for (const part of document.querySelectorAll("[data-live]")) {
  // Whoever is at work in it with the keyboard is not thrown back to its top.
  const refresh = () => {
    if (!part.contains(document.activeElement)) htmx.trigger(part, "said");
  };
  let known = "";
  const heard = (mark) => {
    if (known && mark !== known) refresh();
    known = mark;
  };

  const poll = () =>
    setInterval(async () => {
      const answer = await fetch(part.dataset.mark, { headers: { Accept: "application/json" } }).catch(() => null);
      if (answer && answer.ok && !answer.redirected) heard((await answer.json()).mark);
    }, 15000);

  const events = new EventSource(part.dataset.live);
  events.onmessage = (event) => heard(event.data);
  // It opens again by itself, unless there was no place for it.
  events.onerror = () => {
    if (events.readyState === EventSource.CLOSED) poll();
  };
  window.addEventListener("pagehide", () => events.close());
}
