// Refusals beside their fields.

import { element, say } from "./words.js";

export function refuse(form, { message, meta }) {
  const rest = [];
  for (const [name, messages] of Object.entries(meta.errors ?? {})) {
    if (!complain(form, name, messages)) rest.push(...messages.map((text) => (name === "non_field_errors" ? text : `${name}: ${text}`)));
  }
  // What the fields say by themselves is not said again, but where to look.
  const isMarked = meta.code === "validation_error" && form.querySelector(".wrong") !== null;
  tell(form, [...new Set([isMarked ? say("look") : message, ...rest])]);
  const wrong = form.querySelector(".wrong :is(input, select, textarea)");
  wrong?.closest("details:not([open])")?.setAttribute("open", "");
  (wrong ?? form.querySelector("[data-refusal]")).focus();
}

export function complain(form, name, messages) {
  const box = form.querySelector(`[data-box="${CSS.escape(name)}"]`);
  if (!box) return false;
  box.classList.toggle("wrong", messages.length > 0);
  box.querySelector("[data-errors]").replaceChildren(...messages.map((text) => element("li", { textContent: text })));
  return true;
}

export function tell(form, messages) {
  const place = form.querySelector("[data-refusal]");
  place.replaceChildren(...messages.map((text) => element("p", { textContent: text })));
  place.hidden = false;
}

// Once a field is written in, what was complained of is no longer true of it.
export function putRight({ target }) {
  const box = target.closest(".wrong");
  if (box) complain(target.form, box.dataset.box, []);
}

export function clear(form) {
  for (const place of form.querySelectorAll("[data-refusal]")) place.hidden = true;
  for (const box of form.querySelectorAll(".wrong")) complain(form, box.dataset.box, []);
}
