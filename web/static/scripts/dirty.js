// <x-dirty>: knows whether the form in it was changed, and asks before the changes are lost.
class Dirty extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    if (!this.form) return;
    // The other elements refine the form first.
    setTimeout(() => (this.before = this.state()));
    this.form.addEventListener("input", () => this.look());
    this.form.addEventListener("change", () => this.look());
    this.form.addEventListener("submit", () => (this.leaving = true));
    this.warn = (event) => this.changed && !this.leaving && event.preventDefault();
    addEventListener("beforeunload", this.warn);
  }

  disconnectedCallback() {
    removeEventListener("beforeunload", this.warn);
  }

  state() {
    return new URLSearchParams([...new FormData(this.form)].map(([name, value]) => [name, value instanceof File ? value.name : value])).toString();
  }

  look() {
    this.changed = this.state() !== this.before;
    this.leaving = false;
    document.title = (this.changed ? "● " : "") + document.title.replace(/^● /, "");
  }
}

addEventListener("keydown", (event) => {
  const saves = (event.key === "s" || event.key === "Enter") && (event.ctrlKey || event.metaKey) && !event.altKey;
  const form = saves && (event.target.closest?.("x-dirty form") ?? document.querySelector("x-dirty form, form:has([data-save])"));
  const button = saves && document.querySelector("[data-save]");
  if (!form && !button) return;
  event.preventDefault();
  if (button) button.click();
  else form.requestSubmit();
});

customElements.define("x-dirty", Dirty);
