// <x-lookup>: turns a select into a combobox that searches on the server (WAI-ARIA APG, list autocomplete).
import { announce } from "./announce.js";
import { place } from "./menu.js";

const WAIT = 150;
let count = 0;

class Lookup extends HTMLElement {
  connectedCallback() {
    this.refine();
  }

  /** Idempotent: a swap may have taken the combobox away. */
  refine() {
    this.select = this.querySelector("select");
    if (!this.select || this.querySelector("[role=combobox]")) return;
    this.build();
    this.adopt();
    this.input.addEventListener("input", () => this.search());
    this.input.addEventListener("click", () => this.search(""));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.leave());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
    this.clear.addEventListener("click", () => {
      this.set("", "");
      this.input.focus();
    });
  }

  build() {
    this.box = element("span", { class: "affix" });
    this.picture = element("span", { class: "lookup__picture", hidden: "" });
    this.input = element("input", {
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      autocomplete: "off",
      class: "affix__input",
      role: "combobox",
      spellcheck: "false",
      type: "text",
    });
    this.clear = element("button", { "aria-label": `Clear ${this.dataset.label}`, class: "button button--icon", title: "Clear", type: "button" });
    this.clear.append(icon("x"));
    this.arrow = element("span", { class: "affix__text" });
    this.arrow.append(icon("chevron-down"));
    this.list = element("div", { "aria-label": this.dataset.label, class: "lookup__list", id: `lookup-${++count}`, popover: "manual", role: "listbox" });
    this.input.setAttribute("aria-controls", this.list.id);
    this.box.append(this.picture, this.input, this.clear, this.arrow);
    if (this.dataset.href) {
      this.way = element("a", { "aria-label": `Open ${this.dataset.label}`, class: "button button--icon", href: this.dataset.href, title: "Open" });
      this.way.append(icon("external-link"));
      this.box.append(this.way);
    }
    this.append(this.box, this.list);
  }

  /** Take over what the select said: its label, its description, its value. */
  adopt() {
    for (const name of ["id", "aria-describedby", "aria-invalid", "autofocus"]) {
      if (!this.select.hasAttribute(name)) continue;
      this.input.setAttribute(name, this.select.getAttribute(name));
      this.select.removeAttribute(name);
    }
    if (this.select.required) this.input.setAttribute("aria-required", "true");
    this.select.required = false;
    this.select.hidden = true;
    const known = this.querySelector("template")?.content.firstElementChild;
    this.show(this.select.selectedOptions[0]?.text ?? "", known);
    if (this.input.hasAttribute("autofocus")) this.input.focus();
  }

  show(label, picture) {
    this.label = label;
    this.input.value = label;
    this.picture.replaceChildren(...(label && picture ? [picture.cloneNode(true)] : []));
    this.picture.hidden = !this.picture.firstChild;
    this.clear.hidden = !label;
    this.arrow.hidden = Boolean(label);
    if (this.way) this.way.hidden = this.select.value !== this.way.dataset.value && this.way.dataset.value !== undefined;
    if (this.way) this.way.dataset.value ??= this.select.value;
  }

  set(value, label, picture) {
    if (value && ![...this.select.options].some((option) => option.value === value)) this.select.add(new Option(label, value));
    this.select.value = value;
    this.show(label, picture);
    this.close();
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  search(text = this.input.value) {
    clearTimeout(this.timer);
    this.request?.abort();
    this.timer = setTimeout(() => this.fill(text.trim()), this.open ? WAIT : 0);
  }

  async fill(text) {
    if (!this.dataset.search) return this.offer(this.local(text));
    this.request = new AbortController();
    try {
      const address = `${this.dataset.search}?${new URLSearchParams({ q: text })}`;
      const response = await fetch(address, { headers: { "HX-Request": "true" }, signal: this.request.signal });
      const found = new DOMParser().parseFromString(response.ok ? await response.text() : "", "text/html").body;
      this.offer(response.ok ? [...found.children] : [element("div", { class: "lookup__note" }, "The search did not answer. Try again.")]);
    } catch (error) {
      if (error.name !== "AbortError") this.offer([element("div", { class: "lookup__note" }, "No connection")]);
    }
  }

  local(text) {
    return [...this.select.options]
      .filter((option) => option.value && option.text.toLowerCase().includes(text.toLowerCase()))
      .map((option) => element("div", { class: "lookup__option", "data-value": option.value, role: "option" }, option.text));
  }

  offer(nodes) {
    if (document.activeElement !== this.input) return;
    this.list.replaceChildren(...nodes);
    this.options.forEach((option, index) => (option.id = `${this.list.id}-${index}`));
    this.list.showPopover();
    place(this.list, this.box, { stretch: true });
    this.input.setAttribute("aria-expanded", "true");
    this.mark(this.options.findIndex((option) => option.dataset.value === this.select.value));
    announce(`${this.options.length || "No"} options`);
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  get open() {
    return this.list.matches(":popover-open");
  }

  mark(index) {
    const options = this.options;
    this.active = options.length ? (index + options.length) % options.length : -1;
    if (index < 0) this.active = -1;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.active)));
    const active = options[this.active];
    if (active) this.input.setAttribute("aria-activedescendant", active.id);
    else this.input.removeAttribute("aria-activedescendant");
    active?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.open) this.search("");
      else if (event.key === "ArrowDown") this.mark(this.active + 1);
      else this.mark(this.active <= 0 ? this.options.length - 1 : this.active - 1);
    } else if (event.key === "Enter" && this.open && this.active >= 0) {
      event.preventDefault();
      this.choose(this.options[this.active]);
    } else if (event.key === "Escape" && this.open) {
      event.preventDefault();
      event.stopPropagation();
      this.show(this.label, this.picture.firstElementChild);
      this.close();
    }
  }

  choose(option) {
    if (!option) return;
    const picture = option.querySelector(".avatar");
    const label = (option.querySelector("span:not(.avatar)") ?? option).textContent.trim();
    this.set(option.dataset.value, label, picture);
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    if (this.open) this.list.hidePopover();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  /** Leaving empties what was emptied, and takes back what was only typed. */
  leave() {
    if (!this.input.value.trim() && this.label) this.set("", "");
    else this.show(this.label, this.picture.firstElementChild);
    this.close();
  }
}

function element(tag, attributes, text = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon icon--small");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", new URL(`../vendor/lucide/icons.svg#${name}`, import.meta.url).href);
  svg.append(use);
  return svg;
}

customElements.define("x-lookup", Lookup);
export { icon };
