// A chart is one stop of the Tab key, not sixty: the arrows, Home and End go along its bars.
"use strict";

// Listening to an <svg> itself would make Chromium stop at it, too.
function walkable(figure) {
  figure.dataset.walkable = "";
  const bars = [...figure.querySelectorAll(".chart a")];
  const settle = (stop) => bars.forEach((bar) => bar.setAttribute("tabindex", bar === stop ? "0" : "-1"));
  settle(bars.at(-1));
  figure.addEventListener("focusin", (event) => {
    if (bars.includes(event.target)) settle(event.target);
  });
  figure.addEventListener("keydown", (event) => {
    const at = bars.indexOf(event.target);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: bars.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    bars[to]?.focus();
  });
}

const walkCharts = () => document.querySelectorAll(".timeline:not([data-walkable])").forEach(walkable);
walkCharts();
// Other results were put in place (results.js).
document.addEventListener("results", walkCharts);
