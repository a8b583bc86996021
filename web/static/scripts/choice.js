// <x-choice>: shows the chosen value of a select as the tag that it is everywhere else.
class Choice extends HTMLElement {
  connectedCallback() {
    this.refine();
    this.addEventListener("change", () => this.refine());
  }

  refine() {
    const option = this.querySelector("select")?.selectedOptions[0];
    this.querySelector(".choice__tag")?.remove();
    this.classList.toggle("choice--tagged", Boolean(option?.dataset.tone));
    if (!option?.dataset.tone) return;
    const tag = document.createElement("span");
    tag.className = `choice__tag tag tone-${option.dataset.tone}`;
    tag.setAttribute("aria-hidden", "true");
    const dot = document.createElement("span");
    dot.className = "tag__dot";
    tag.append(dot, option.text);
    this.append(tag);
  }
}

customElements.define("x-choice", Choice);
