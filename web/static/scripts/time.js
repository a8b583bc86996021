// <x-time>: says a moment of the last week relative to now; the date stays as tooltip.
const UNITS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];
const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto", style: "short" });

class Time extends HTMLElement {
  connectedCallback() {
    this.time = this.querySelector("time");
    if (!this.time) return;
    this.date ??= this.time.textContent;
    this.tell();
    this.timer = setInterval(() => this.tell(), 60000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  tell() {
    const seconds = (new Date(this.time.dateTime) - Date.now()) / 1000;
    if (!(Math.abs(seconds) < 7 * 86400)) return;
    const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["minute", Infinity];
    this.time.textContent = size === Infinity ? "just now" : words.format(Math.trunc(seconds / size), unit);
    this.time.title = `${this.date} UTC`;
  }
}

customElements.define("x-time", Time);
