// The phone preview wears the voters' own style sheet, apart from that of the office.
"use strict";
function dress(host) {
  const template = host.querySelector("template");
  if (!template || host.shadowRoot) return;
  const root = host.attachShadow({ mode: "open" });
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = host.dataset.phone;
  root.append(style, template.content.cloneNode(true));
}
const dressAll = () => document.querySelectorAll("[data-phone]").forEach(dress);
document.addEventListener("DOMContentLoaded", dressAll);
document.addEventListener("htmx:afterSwap", dressAll);
document.addEventListener("htmx:oobAfterSwap", dressAll);
dressAll();
