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
// What was typed into a form that was refused comes back into that form (see web/middleware.py).
function refill() {
  const box = document.getElementById("kept-input");
  if (!box) return;
  const kept = JSON.parse(box.textContent);
  const same = (input) => input.name === "csrfmiddlewaretoken" || (kept.data[input.name] || []).includes(input.value);
  const form = [...document.forms].find((f) => f.method === "post" && new URL(f.action, window.location).pathname === kept.form
    && [...f.querySelectorAll("input[type=hidden]")].every(same)
    && [...f.elements].some((e) => e.name in kept.data && !["hidden", "submit"].includes(e.type)));
  if (!form) return;
  let first = null;
  for (const field of form.elements) {
    const values = kept.data[field.name];
    if (!values || ["hidden", "password", "file", "submit", "button"].includes(field.type)) continue;
    if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
    else if (field.multiple) [...field.options].forEach((o) => { o.selected = values.includes(o.value); });
    else if (values.length) field.value = values.shift();
    first = first || field;
  }
  for (let at = form.parentElement; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  first?.focus();
}
document.addEventListener("DOMContentLoaded", refill);
