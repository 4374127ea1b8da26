// Folder uploads: the browser sends bare names; the paths go along in fields of their own.
"use strict";
document.getElementById("import-form")?.addEventListener("submit", (event) => {
  const form = event.target;
  form.querySelectorAll("input[name=paths]").forEach((field) => field.remove());
  form.querySelectorAll("input[type=file]").forEach((input) => {
    if (!input.files.length) { input.disabled = true; return; }
    for (const file of input.files) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = "paths";
      field.value = file.webkitRelativePath || file.name;
      form.append(field);
    }
  });
});
