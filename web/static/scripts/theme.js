// <x-theme>: goes round system, light and dark; a cookie keeps the choice, so the server sends the page in it.
const NAMES = { "": "System", light: "Light", dark: "Dark" };
const NEXT = { "": "light", light: "dark", dark: "" };
const YEAR = 31536000;

class Theme extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.say();
    this.querySelector("[data-theme-switch]")?.addEventListener("click", () => this.turn());
  }

  get theme() {
    return document.documentElement.dataset.theme ?? "";
  }

  turn() {
    const theme = NEXT[this.theme] ?? "";
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    document.cookie = `theme=${theme}; path=/; max-age=${theme ? YEAR : 0}; samesite=lax`;
    for (const each of document.querySelectorAll("x-theme")) each.say();
  }

  say() {
    const name = this.querySelector("[data-theme-name]");
    if (name) name.textContent = NAMES[this.theme];
  }
}

customElements.define("x-theme", Theme);
