// A chart is one stop of the Tab key, not sixty: the arrows, Home and End go along its bars.
"use strict";

for (const chart of document.querySelectorAll("svg.chart")) {
  const bars = [...chart.querySelectorAll("a")];
  const settle = (stop) => bars.forEach((bar) => bar.setAttribute("tabindex", bar === stop ? "0" : "-1"));
  settle(bars.at(-1));
  chart.addEventListener("focusin", (event) => settle(event.target.closest("a")));
  chart.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = bars.indexOf(event.target.closest("a"));
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: bars.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    bars[to]?.focus();
  });
}
