// <x-grid>: one Tab stop for the whole table, arrows between its cells, selection of rows.
import { announce } from "./announce.js";

const STEP = 10;

class Grid extends HTMLElement {
  connectedCallback() {
    this.table = this.querySelector("[role=grid]");
    if (!this.table) return;
    for (const inner of this.table.querySelectorAll("a, button, input")) inner.tabIndex = -1;
    for (const cell of this.table.querySelectorAll("[role=gridcell], [role=columnheader]")) cell.tabIndex = -1;
    this.stop = this.body[0]?.cells[0] ?? this.rows[0]?.cells[0];
    if (this.stop) this.stop.tabIndex = 0;
    this.table.addEventListener("keydown", (event) => this.key(event));
    this.table.addEventListener("focusin", (event) => this.hold(event.target.closest("td, th")));
    this.table.addEventListener("click", (event) => this.click(event));
    this.table.addEventListener("dblclick", (event) => this.open(event.target.closest("tr")));
    this.table.addEventListener("change", (event) => this.changed(event.target));
    this.showSelection();
  }

  get rows() {
    return [...this.table.rows].filter((row) => row.querySelector("[tabindex]"));
  }

  get body() {
    return this.rows.filter((row) => row.querySelector("input[type=checkbox]:not([data-select-all]), a") && row.closest("tbody"));
  }

  get boxes() {
    return [...this.table.querySelectorAll("tbody input[type=checkbox]")];
  }

  /** Keep the one Tab stop where the focus was last. */
  hold(cell) {
    if (!cell || cell === this.stop) return;
    if (this.stop) this.stop.tabIndex = -1;
    this.stop = cell;
    cell.tabIndex = 0;
  }

  go(row, column) {
    const rows = this.rows;
    const target = rows[Math.max(0, Math.min(row, rows.length - 1))];
    const cell = target?.cells[Math.max(0, Math.min(column, target.cells.length - 1))];
    if (!cell) return;
    this.hold(cell);
    cell.focus();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Move by whole rows, also when the focus is elsewhere on the page. */
  step(by) {
    const cell = document.activeElement.closest?.("td, th");
    if (!cell || !this.table.contains(cell)) return this.go(this.rows.indexOf(this.body[0]), 0);
    return this.go(this.rows.indexOf(cell.parentElement) + by, cell.cellIndex);
  }

  key(event) {
    const cell = event.target.closest("td, th");
    if (!cell || event.altKey) return;
    const row = this.rows.indexOf(cell.parentElement);
    const column = cell.cellIndex;
    const far = event.ctrlKey || event.metaKey;
    const to = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      Home: [far ? 0 : row, 0],
      End: [far ? Infinity : row, Infinity],
      PageDown: [row + STEP, column],
      PageUp: [row - STEP, column],
    }[event.key];
    if (to) this.go(...to);
    else if (event.key === "Enter") this.enter(cell);
    else if (event.key === " ") this.toggle(cell.parentElement, event.shiftKey);
    else if (event.key === "Escape") this.clear();
    else if (event.key === "a" && far) this.selectAll(true);
    else return;
    event.preventDefault();
  }

  enter(cell) {
    const inner = cell.querySelector("a, button, input");
    if (inner) inner.click();
    else this.open(cell.parentElement);
  }

  open(row) {
    row?.closest("tbody") && row.querySelector(".grid__title")?.click();
  }

  click(event) {
    const cell = event.target.closest("td, th");
    if (event.target.matches("tbody input[type=checkbox]") && event.shiftKey) this.range(event.target);
    if (cell && !event.target.closest("a, button, input")) cell.focus();
  }

  current() {
    return this.table.contains(document.activeElement) ? document.activeElement.closest("tr") : null;
  }

  toggle(row = this.current(), wide = false) {
    const box = row?.querySelector("tbody input[type=checkbox]");
    if (!box) return;
    box.checked = !box.checked;
    if (wide) this.range(box);
    this.changed(box);
  }

  range(box) {
    const boxes = this.boxes;
    const [from, to] = [boxes.indexOf(this.last ?? box), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
  }

  selectAll(on) {
    for (const box of this.boxes) box.checked = on;
    this.showSelection();
  }

  clear() {
    this.selectAll(false);
  }

  changed(box) {
    if (box.matches("[data-select-all]")) return this.selectAll(box.checked);
    this.last = box;
    return this.showSelection();
  }

  showSelection() {
    const boxes = this.boxes;
    if (!boxes.length) return;
    const chosen = boxes.filter((box) => box.checked).length;
    for (const box of boxes) box.closest("tr").setAttribute("aria-selected", String(box.checked));
    const all = this.table.querySelector("[data-select-all]");
    if (all) {
      all.checked = chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
    const bar = this.parentElement.querySelector("[data-bulk]");
    bar?.classList.toggle("bulk--shown", chosen > 0);
    for (const button of bar?.querySelectorAll("[data-clear]") ?? []) {
      button.hidden = false;
      button.onclick = () => this.clear();
    }
    const count = bar?.querySelector("[data-selected]");
    if (count) count.textContent = chosen ? `${chosen} selected` : "";
    if (!count && chosen) announce(`${chosen} selected`);
  }
}

customElements.define("x-grid", Grid);
