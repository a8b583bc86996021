// <x-toasts>: short messages that leave by themselves, unless somebody is reading or reaching for them.
import { announce } from "./announce.js";

const SECONDS = 10;

class Toasts extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      if (event.target.closest("[data-dismiss]")) this.dismiss(event.target.closest("[data-toast]"));
    });
    for (const each of this.querySelectorAll("[data-toast]")) this.start(each);
  }

  start(message) {
    announce(message.querySelector(".toast__text").textContent);
    let timer;
    const wait = () => (timer = setTimeout(() => this.dismiss(message), SECONDS * 1000));
    const hold = () => clearTimeout(timer);
    message.addEventListener("pointerenter", hold);
    message.addEventListener("focusin", hold);
    message.addEventListener("pointerleave", wait);
    message.addEventListener("focusout", wait);
    wait();
  }

  dismiss(message) {
    message.classList.add("toast--leaving");
    setTimeout(() => message.remove(), 160);
  }

  show(text, { tone = "danger", href, label } = {}) {
    const message = document.createElement("div");
    message.className = `toast toast--${tone}`;
    message.dataset.toast = "";
    const words = document.createElement("span");
    words.className = "toast__text";
    words.textContent = text;
    message.append(words);
    if (href) message.append(action("a", label, { href, target: "_blank" }));
    message.append(action("button", "Dismiss", { type: "button", "data-dismiss": "" }));
    this.append(message);
    this.start(message);
  }
}

function action(tag, label, attributes) {
  const element = document.createElement(tag);
  element.className = "button toast__action";
  element.textContent = label;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** Show a message in the corner of the page. */
export function toast(text, options) {
  document.querySelector("x-toasts")?.show(text, options);
}

customElements.define("x-toasts", Toasts);
