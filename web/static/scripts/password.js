// <x-password>: a button that shows what was typed.
import { icon } from "./lookup.js";

class Password extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    if (!input || this.querySelector("button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--icon";
    button.setAttribute("aria-label", "Show password");
    button.setAttribute("aria-pressed", "false");
    button.append(icon("eye"));
    button.addEventListener("click", () => {
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
      button.replaceChildren(icon(shown ? "eye-off" : "eye"));
    });
    this.append(button);
  }
}

customElements.define("x-password", Password);
