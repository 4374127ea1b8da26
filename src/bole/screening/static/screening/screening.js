// The reasons of a person open above the table; an export takes the filters along.
"use strict";
document.addEventListener("click", (event) => {
  const link = event.target.closest("#table a[href*='/why/']");
  if (link && window.htmx && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    window.htmx.ajax("GET", link.href, { target: "#why", swap: "innerHTML" }).then(() => {
      const box = document.getElementById("why");
      box.scrollIntoView({ behavior: "smooth", block: "start" });
      box.focus({ preventScroll: true });
    });
    return;
  }
  const filtered = event.target.closest("a[data-with-filters]");
  if (filtered) filtered.search = window.location.search;
});
