// What every page needs: the elements, and what they share. Nothing here is required to read or save.
import "./choice.js";
import "./dirty.js";
import "./grid.js";
import "./lookup.js";
import "./menu.js";
import "./password.js";
import "./palette.js";
import "./shortcuts.js";
import "./tabs.js";
import "./theme.js";
import "./time.js";
import { toast } from "./toasts.js";

const MESSAGES = {
  400: "The page sent something that could not be understood. Reload it and try again.",
  403: "You don’t have the right to do this.",
  404: "This record does not exist or you can’t see it.",
};

document.addEventListener("htmx:response:error", ({ detail }) => {
  const { status, headers } = detail.ctx.response;
  const seconds = headers.get("Retry-After");
  if (status === 401) {
    toast("Your session has ended. Nothing on this page is lost.", { href: "/login", label: "Sign in again" });
  } else if (status === 429 || status === 503) {
    toast(`The service is busy. Try again in ${seconds ?? "a few"} seconds.`);
  } else if (status >= 500) {
    const trace = headers.get("X-Request-Id");
    toast(`Something went wrong on our side. Nothing was changed.${trace ? ` (${trace})` : ""}`);
  } else if (MESSAGES[status]) {
    toast(MESSAGES[status]);
  }
});

document.addEventListener("htmx:error", ({ detail }) => {
  // A fault in our own code is for the console; only a lost connection is news to the person.
  if (detail.error instanceof TypeError) toast("No connection. Your edits are kept; try again in a moment.");
});

// The link that asked for a swap is gone after it: its successor with the same name takes the focus.
let asked;
const nameOf = (element) => element.getAttribute("aria-label") ?? element.textContent.trim();
document.addEventListener("htmx:before:request", ({ detail }) => (asked = nameOf(detail.ctx.sourceElement)));
document.addEventListener("htmx:after:swap", () => {
  if (document.activeElement !== document.body || !asked) return;
  const all = [...document.querySelectorAll("#main a, #main button")];
  const successor = all.find((each) => nameOf(each) === asked && each.checkVisibility());
  (successor ?? document.getElementById("main"))?.focus();
});

// A swap may bring markup that the elements had already refined.
document.addEventListener("htmx:after:swap", () => {
  for (const element of document.querySelectorAll("x-lookup, x-choice")) element.refine?.();
});

// Buttons with `command` and `commandfor`, where the browser does not know them yet.
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[commandfor]");
    const target = button && document.getElementById(button.getAttribute("commandfor"));
    if (!target) return;
    if (button.getAttribute("command") === "show-modal") target.showModal();
    else if (button.getAttribute("command") === "close") target.close();
  });
}

// A click beside a dialog closes it.
document.addEventListener("click", (event) => {
  if (event.target instanceof HTMLDialogElement && event.detail > 0) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

if (/Mac|iPhone|iPad/.test(navigator.platform)) {
  for (const hint of document.querySelectorAll("kbd[data-keys]")) {
    hint.textContent = hint.dataset.keys.replace("mod+", "⌘");
  }
}

document.querySelector("[data-focus]")?.focus();
