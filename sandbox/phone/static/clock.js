// The session clock: a gateway keeps a USSD session open so long and no longer, whatever the citizen
// is doing.

export class Clock {
  constructor(face, onOver) {
    this.face = face;
    this.onOver = onOver;
    this.timer = 0;
  }

  start(seconds) {
    this.stop();
    this.ends = performance.now() + seconds * 1000;
    this.timer = setInterval(() => this.show(), 250);
    this.show();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    this.face.textContent = "";
    this.face.classList.remove("low");
  }

  show() {
    const left = Math.max(0, Math.ceil((this.ends - performance.now()) / 1000));
    const face = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (face !== this.face.textContent) this.face.textContent = face;
    this.face.classList.toggle("low", left <= 30);
    if (left === 0) {
      this.stop();
      this.onOver();
    }
  }
}
