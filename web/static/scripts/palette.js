// <x-palette>: go to what the page leads to, by typing a part of its name.
class Palette extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector("[role=combobox]");
    this.list = this.querySelector("[role=listbox]");
    this.input.addEventListener("input", () => this.fill());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => this.go(event.target.closest("[role=option]")));
    addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.open();
    });
    for (const finder of document.querySelectorAll("[data-palette]")) {
      finder.hidden = false;
      finder.addEventListener("click", () => this.open());
    }
  }

  open() {
    this.links = new Map();
    for (const link of document.querySelectorAll(".sidebar a[href], .sidebar [role=menuitem][href], .topbar a[href]")) {
      this.links.set(link.href, link);
    }
    this.input.value = "";
    document.getElementById("drawer")?.close();
    this.dialog.showModal();
    this.fill();
    this.input.focus();
  }

  fill() {
    const words = this.input.value.trim().toLowerCase();
    const found = [...this.links.values()].filter((link) => this.name(link).toLowerCase().includes(words));
    this.list.replaceChildren(
      ...found.map((link, index) => {
        const option = document.createElement("div");
        option.className = "lookup__option";
        option.id = `palette-${index}`;
        option.role = "option";
        option.dataset.href = link.href;
        const icon = link.querySelector(".icon")?.cloneNode(true);
        option.append(...(icon ? [icon] : []), this.name(link));
        return option;
      }),
    );
    this.mark(0);
  }

  name(link) {
    const label = link.querySelector(".nav__label, .button__label") ?? link;
    return link.getAttribute("aria-label") ?? label.textContent.trim();
  }

  mark(index) {
    const options = [...this.list.children];
    this.active = options.length ? (index + options.length) % options.length : 0;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.active)));
    options[this.active]?.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", options[this.active]?.id ?? "");
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.mark(this.active + step);
    else if (event.key === "Enter") this.go(this.list.children[this.active]);
    else return;
    event.preventDefault();
  }

  go(option) {
    if (option) location.assign(option.dataset.href);
  }
}

customElements.define("x-palette", Palette);
