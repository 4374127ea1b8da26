// Shows a field only where it applies: data-when is {"field": [values]}, every line must hold.
document.addEventListener("DOMContentLoaded", () => {
  const parts = [...document.querySelectorAll("[data-when]")];
  if (!parts.length) return;
  const form = parts[0].closest("form");
  const value = (name) => {
    const all = form.querySelectorAll(`[name="f_${name}"]`);
    return [...all].filter((e) => e.type !== "checkbox" || e.checked).map((e) => e.value);
  };
  const show = () => {
    for (const part of parts) {
      const wanted = Object.entries(JSON.parse(part.dataset.when));
      part.hidden = !wanted.every(
        ([name, values]) =>
          !form.querySelector(`[name="f_${name}"]`) || value(name).some((v) => values.includes(v)),
      );
    }
  };
  form.addEventListener("change", show);
  show();
});

// Adds a row to a table field: the last one again, empty, under the next number.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-add-row]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const body = button.previousElementSibling.querySelector("tbody");
      const row = body.lastElementChild.cloneNode(true);
      for (const cell of row.querySelectorAll("input, select")) {
        cell.name = cell.name.replace(/-(\d+)-([^-]+)$/, (_m, n, key) => `-${Number(n) + 1}-${key}`);
        cell.value = "";
      }
      body.append(row);
      row.querySelector("input, select").focus();
    });
  }
});
