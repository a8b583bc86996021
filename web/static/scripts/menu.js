// <x-menu>: places the popover at its button and moves through the items with the arrow keys.
const GAP = 4;

class Menu extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("[popover]");
    this.button = document.querySelector(`[popovertarget="${this.list?.id}"]`);
    if (!this.list || !this.button) return;
    this.list.addEventListener("toggle", (event) => this.toggled(event.newState === "open"));
    this.list.addEventListener("keydown", (event) => this.move(event));
    this.button.setAttribute("aria-expanded", "false");
    this.button.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      this.list.showPopover();
    });
  }

  toggled(open) {
    this.button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    place(this.list, this.button);
    const first = this.isMenu ? this.items[0] : this.list.querySelector("input:not([type=hidden]), select, button, a");
    first?.focus();
  }

  get isMenu() {
    return this.list.getAttribute("role") === "menu";
  }

  get items() {
    return [...this.list.querySelectorAll("[role=menuitem]")];
  }

  move(event) {
    if (!this.isMenu) return;
    const items = this.items;
    const here = items.indexOf(document.activeElement);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      items[(to + items.length) % items.length]?.focus();
    } else if (event.key === "Tab") {
      this.list.hidePopover();
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && event.key !== " ") {
      event.stopPropagation();
      const after = [...items.slice(here + 1), ...items];
      after.find((item) => item.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
    }
  }
}

// Positions stand in a sheet of our own: htmx copies style attributes, which the policy refuses.
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);

/** Put the open popover `box` below `anchor`, or above it where there is no room; `stretch` makes it as wide. */
export function place(box, anchor, { stretch = false } = {}) {
  const from = anchor.getBoundingClientRect();
  const rule = (top, left) => {
    const width = stretch ? `inline-size: ${from.width}px;` : "";
    sheet.replaceSync(`#${CSS.escape(box.id)} { inset: ${top}px auto auto ${left}px; margin: 0; position: fixed; ${width} }`);
  };
  rule(0, 0);
  const { width, height } = box.getBoundingClientRect();
  const below = from.bottom + GAP + height <= innerHeight || from.top < height + GAP;
  const lowest = Math.max(GAP, innerHeight - height - GAP);
  const start = from.left + width <= innerWidth - GAP ? from.left : from.right - width;
  rule(below ? Math.min(from.bottom + GAP, lowest) : from.top - GAP - height, Math.max(GAP, start));
}

customElements.define("x-menu", Menu);
