// Single keys, outside inputs only; `?` lists them and switches them off (WCAG 2.1.4).
const OFF = "qryvanta.shortcuts.off";
const LIST = [
  ["?", "This list"],
  ["Ctrl K", "Go to"],
  ["/", "Search"],
  ["G H", "Home"],
  ["N", "New record"],
  ["F", "Add a filter"],
  ["J K ↑ ↓", "Move through rows"],
  ["X", "Select a row, Shift for a range"],
  ["Enter", "Open what the cell shows"],
  ["O", "Open the record"],
  ["Z", "Undo"],
  ["Ctrl S", "Save"],
  ["Esc", "Close, or clear the selection"],
];
let waiting = 0;

const isOff = () => localStorage.getItem(OFF) === "1";
const grid = () => document.querySelector("x-grid#grid") ?? document.querySelector("x-grid");

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog[open]")) return;
  if (event.key !== "?" && isOff()) return;
  if (act(event.key.toLowerCase(), event.shiftKey)) event.preventDefault();
});

function act(key, shift) {
  const led = Date.now() - waiting < 1500;
  waiting = key === "g" ? Date.now() : 0;
  if (key === "?") return list();
  if (led && key === "h") return location.assign("/") ?? true;
  if (key === "j" || key === "k") return grid()?.step?.(key === "j" ? 1 : -1) ?? Boolean(grid());
  if (key === "x") return grid()?.toggle(undefined, shift) ?? Boolean(grid());
  if (key === "o") return grid()?.open(grid().current()) ?? Boolean(grid());
  return press(key);
}

/** The element that says it has this key: `aria-keyshortcuts="N"`. */
function press(key) {
  const all = [...document.querySelectorAll(`[aria-keyshortcuts="${CSS.escape(key.toUpperCase())}"]`)];
  const target = all.reverse().find((element) => element.checkVisibility());
  if (!target) return false;
  if (target.matches("input")) target.select();
  else target.click();
  target.focus?.();
  return true;
}

function list() {
  const dialog = document.getElementById("shortcuts");
  if (!dialog) return false;
  const table = dialog.querySelector(".shortcuts");
  table.replaceChildren(
    ...LIST.flatMap(([keys, what]) => {
      const term = document.createElement("dt");
      for (const key of keys.split(" ")) {
        const hint = document.createElement("kbd");
        hint.className = "kbd";
        hint.textContent = key;
        term.append(hint, " ");
      }
      const meaning = document.createElement("dd");
      meaning.textContent = what;
      return [term, meaning];
    }),
  );
  const box = dialog.querySelector("[data-shortcuts-on]");
  box.checked = !isOff();
  box.onchange = () => localStorage.setItem(OFF, box.checked ? "0" : "1");
  dialog.showModal();
  return true;
}
