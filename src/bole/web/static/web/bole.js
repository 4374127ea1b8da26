// Behaviour that every page shares: select-all boxes, confirmations, charts from JSON.
"use strict";
document.addEventListener("change", (event) => {
  const name = event.target.dataset?.selectAll;
  if (name) document.querySelectorAll(`input[name="${name}"]`).forEach((box) => { box.checked = event.target.checked; });
});
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
// <div class="chart" data-chart="ID-of-json-script" aria-label="…"> needs echarts on the page.
function drawCharts(root) {
  if (!window.echarts) return;
  root.querySelectorAll("[data-chart]").forEach((box) => {
    if (box.dataset.drawn) return;
    box.dataset.drawn = "1";
    const chart = window.echarts.init(box);
    chart.setOption(JSON.parse(document.getElementById(box.dataset.chart).textContent));
    chart.on("click", (event) => { if (event.data?.url) window.location = event.data.url; });
    window.addEventListener("resize", () => chart.resize());
  });
}
document.addEventListener("DOMContentLoaded", () => drawCharts(document));
document.addEventListener("htmx:afterSwap", (event) => drawCharts(event.target));
