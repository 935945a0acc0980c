// 从…到…: days are chosen by dragging over the chart. Without this script the form has two fields.
"use strict";

const START_PX = 6; // a shorter way is a click on a bar

let drag = null;

// Where a pointer is, from 0 at the left of the chart to 1.
function place(chart, event) {
  const box = chart.getBoundingClientRect();
  return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
}

// The first day of the period at the left end and the last day of the one at the right end.
function chosenDays(chart, from, to) {
  const days = chart.closest(".timeline").dataset.days.split(" ");
  const periods = days.length - 1;
  const at = (part) => Math.min(periods - 1, Math.floor(part * periods));
  const [first, last] = [at(Math.min(from, to)), at(Math.max(from, to))];
  if (last === periods - 1) return [days[first], days[periods]];
  const next = new Date(`${days[last + 1]}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() - 1);
  return [days[first], next.toISOString().slice(0, 10)];
}

function show() {
  drag.band ??= drag.chart.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "rect"));
  const [left, right] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
  const values = { class: "band", x: `${left * 100}%`, width: `${(right - left) * 100}%`, y: 20, height: drag.chart.getAttribute("height") - 42 };
  for (const [name, value] of Object.entries(values)) drag.band.setAttribute(name, value);
  const [first, last] = chosenDays(drag.chart, drag.from, drag.to);
  drag.form.elements.from.value = first;
  drag.form.elements.to.value = last;
}

document.addEventListener("pointerdown", (event) => {
  const chart = event.target.closest?.(".timeline .chart");
  const form = document.querySelector("form.range");
  if (!chart || !form || event.button !== 0) return;
  const from = place(chart, event);
  drag = { chart, form, from, to: from, x: event.clientX, id: event.pointerId, moved: false };
});

document.addEventListener("pointermove", (event) => {
  if (!drag || event.pointerId !== drag.id) return;
  if (!drag.moved && Math.abs(event.clientX - drag.x) < START_PX) return;
  if (!drag.moved) drag.chart.setPointerCapture(drag.id);
  drag.moved = true;
  drag.to = place(drag.chart, event);
  show();
});

document.addEventListener("pointerup", (event) => {
  if (!drag || event.pointerId !== drag.id) return;
  const { moved, form, chart } = drag;
  drag = null;
  if (!moved) return;
  // The pointer was over a bar, which is a link: this was no click on it.
  chart.addEventListener("click", (click) => click.preventDefault(), { once: true, capture: true });
  form.requestSubmit();
});

document.addEventListener("pointercancel", () => {
  drag?.band?.remove();
  drag = null;
});

// A link under the pointer would be dragged away as a link.
document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.(".timeline .chart")) event.preventDefault();
});
