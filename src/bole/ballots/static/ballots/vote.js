// The voter's side: the code never travels in an address, the ballot's number is drawn here,
// over-picking is refused kindly, and a ballot that finds no connection is sent again.
"use strict";
const say = (text) => { document.getElementById("say").textContent = text; };

function hex(bytes) {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

// A scanned slip: the part after # stays in the phone and is taken out of the history at once.
function scanned() {
  const code = decodeURIComponent(location.hash.slice(1));
  if (!code) return;
  history.replaceState(null, "", location.pathname + location.search);
  const form = document.createElement("form");
  form.method = "post";
  form.action = location.pathname;
  const kiosk = document.querySelector("main[data-kiosk]") ? "1" : "";
  for (const [name, value] of [["step", "ballot"], ["code", code], ["lang", document.documentElement.lang], ["kiosk", kiosk]]) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}

function start() {
  const fresh = document.querySelector("input[data-fresh]");
  if (fresh) fresh.value = hex(crypto.getRandomValues(new Uint8Array(16)));
  document.querySelectorAll("[data-language]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => { button.form.elements.lang.value = button.dataset.language; });
  });
  document.querySelectorAll("fieldset[data-max]").forEach(limit);
  document.querySelectorAll("[data-clear]").forEach(clear);
  const cast = document.getElementById("cast-form");
  if (cast) cast.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.value !== "cast") return;
    event.preventDefault();
    const data = new URLSearchParams(new FormData(cast));
    data.set("step", "cast");
    cast.querySelectorAll("button").forEach((b) => { b.disabled = true; });
    send(cast, data);
  });
  const alert = document.querySelector("[role=alert]");
  if (alert) document.getElementById("main").focus();
}

function limit(fieldset) {
  const most = Number(fieldset.dataset.max);
  const count = fieldset.querySelector(".count");
  const fields = [...fieldset.querySelectorAll("input")];
  const chosen = () => fields.filter((f) => (f.type === "checkbox" ? f.checked : f.value.trim())).length;
  const show = () => { count.textContent = count.dataset.chosen + chosen() + " / " + most; };
  fields.forEach((field) => field.addEventListener("input", () => {
    if (chosen() > most) {
      if (field.type === "checkbox") field.checked = false; else field.value = "";
      say(count.dataset.tooMany);
    } else say("");
    show();
  }));
  show();
}

// A choice that was touched by mistake can be taken back: radio buttons alone do not allow it.
function clear(button) {
  const fieldset = button.closest("fieldset");
  const radios = [...fieldset.querySelectorAll("input[type=radio]")];
  const show = () => { button.hidden = !radios.some((r) => r.checked); };
  radios.forEach((r) => r.addEventListener("change", show));
  button.addEventListener("click", () => {
    radios.forEach((r) => { r.checked = false; });
    show();
    radios[0].focus();
  });
  show();
}

async function send(form, data) {
  // The same ballot with the same number: however often it arrives, it counts once.
  for (let wait = 1000; ; wait = Math.min(wait * 1.5, 8000)) {
    say(form.dataset.busy);
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: data, credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer",
      });
      if (answer.status < 500) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        document.title = page.title;
        document.body.replaceWith(page.body);
        start();
        const main = document.getElementById("main");
        main.focus();
        if (main.hasAttribute("data-kiosk") && document.getElementById("tracker")) {
          setTimeout(() => { location.href = form.action + "?kiosk=1&lang=" + data.get("lang"); }, 30000);
        }
        return;
      }
    } catch { /* no connection: wait and send again */ }
    say(form.dataset.offline);
    await new Promise((done) => setTimeout(done, wait));
  }
}

document.addEventListener("DOMContentLoaded", () => { start(); scanned(); });
window.addEventListener("hashchange", scanned);
