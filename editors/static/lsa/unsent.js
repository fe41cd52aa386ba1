// What was written and not saved is kept in this browser, for who wrote it, and offered again.

import { hasChanged, isDirty, write, writeBefore, writtenBefore, writtenIn } from "./fields.js";
import { asWords } from "./moments.js";
import { button, element, say } from "./words.js";

const { reader } = document.body.dataset;
const PAUSE = 300; // milliseconds
const forgotten = new WeakSet();

const nameOf = (form) => `unsent:${reader}:${new URL(form.action).pathname}`;

function keep(form) {
  if (forgotten.has(form)) return;
  const changed = writtenIn(form).filter(hasChanged);
  if (!changed.length) return localStorage.removeItem(nameOf(form));
  const values = Object.fromEntries(changed.map((input) => [input.name, input.value]));
  const before = Object.fromEntries(changed.map((input) => [input.name, writtenBefore(input)]));
  try {
    localStorage.setItem(nameOf(form), JSON.stringify({ at: Date.now(), etag: form.dataset.etag, values, before }));
  } catch {
    // No room: the warning before leaving remains.
  }
}

export function forget(form) {
  forgotten.add(form);
  localStorage.removeItem(nameOf(form));
}

function kept(form) {
  try {
    return JSON.parse(localStorage.getItem(nameOf(form)));
  } catch {
    return null;
  }
}

function offer(form, { at, etag, values, before }) {
  const notice = element("div", { className: "notice unsent", role: "status" }, element("p", { textContent: say("unsent", asWords(at)) }));
  const use = () => {
    form.closest("details").open = true;
    // What it was written over: if that has changed since, saving asks what is to be.
    if (etag) form.dataset.etag = etag;
    for (const [name, value] of Object.entries(before)) writeBefore(form, name, value);
    for (const [name, value] of Object.entries(values)) write(form, name, value);
    notice.remove();
    form.querySelector("textarea, input:not([type=hidden])").focus();
  };
  const drop = () => {
    localStorage.removeItem(nameOf(form));
    notice.remove();
  };
  notice.append(element("div", { className: "actions" }, button(say("unsent-use"), use, "main"), button(say("unsent-drop"), drop)));
  form.closest("details").before(notice);
}

export function keepUnsent(form) {
  const found = kept(form);
  if (found) offer(form, found);
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, PAUSE, form);
  });
  window.addEventListener("pagehide", () => isDirty(form) && keep(form));
  window.addEventListener("beforeunload", (event) => {
    if (isDirty(form) && !forgotten.has(form)) event.preventDefault();
  });
}
