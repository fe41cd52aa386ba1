// Forms that change something are sent in the background, so that a refusal stands beside
// its fields and nothing typed or chosen is lost. Without this script, creating still works.

import { resolve } from "./conflict.js";
import { contents, inputsOf } from "./fields.js";
import { prepared } from "./pictures.js";
import { clear, complain, refuse, tell } from "./refusals.js";
import { isDone, request } from "./requests.js";
import { renewed } from "./session.js";
import { forget } from "./unsent.js";
import { button, element, notifyLater, say } from "./words.js";

const keys = new WeakMap();

// Sent again after the connection broke, the same thing is not made twice.
const keyOf = (form) => keys.get(form) ?? keys.set(form, crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`).get(form);

export async function submit(event) {
  const form = event.target;
  event.preventDefault();
  if (form.ariaBusy) return;
  form.ariaBusy = "true";
  try {
    await prepared(inputsOf(form));
    if (isReadable(form)) await settle(form, await send(form));
  } finally {
    form.ariaBusy = null;
  }
}

function isReadable(form) {
  const unreadable = inputsOf(form).filter((input) => input.validity.badInput || input.dataset.unfit);
  clear(form);
  for (const input of unreadable) complain(form, input.name, [input.dataset.unfit || input.validationMessage]);
  unreadable[0]?.focus();
  return unreadable.length === 0;
}

async function send(form, { again = true } = {}) {
  const { method, body, type } = contents(form);
  const progress = body instanceof FormData && form.querySelector("[type=file]") ? showProgress(form) : {};
  const etag = method !== "POST" && form.dataset.etag;
  const key = method === "POST" && form.dataset.once !== undefined && keyOf(form);
  const answer = await request(form.action, { method, body, type, etag, key, ...progress.options });
  progress.hide?.();
  const isEnded = answer.status === 401 || answer.meta.code === "form_expired";
  if (isEnded && again && document.body.dataset.reader && (await renewed())) return send(form, { again: false });
  return answer;
}

function showProgress(form) {
  const stop = new AbortController(), bar = element("progress", { max: 1, value: 0 });
  bar.setAttribute("aria-label", say("uploading"));
  const line = element("p", { className: "sending" }, say("uploading"), " ", bar, " ", button(say("cancel"), () => stop.abort()));
  form.querySelector(".actions").before(line);
  const options = { signal: stop.signal, onProgress: (share) => { bar.value = share; } };
  return { options, hide: () => line.remove() };
}

async function settle(form, answer) {
  if (isDone(answer)) return succeed(form, answer);
  if (answer.status > 0) keys.delete(form);
  if (answer.status === 412 && form.dataset.method === "PATCH") return resolve(form, answer);
  if (answer.status <= 0) return tell(form, [answer.message]);
  return refuse(form, answer);
}

function succeed(form, { message, location: made, data }) {
  forget(form);
  const said = form.dataset.says ?? message;
  const goal = made ?? form.dataset.then;
  if (data?.secret) return reveal(form, message, data.secret, goal);
  const shown = form.dataset.shows && form.querySelector("[data-shown]");
  if (shown) return show(shown, data[form.dataset.shows], said);
  notifyLater(said, data?.status === "failed" ? "bad" : "good");
  if (goal) location.assign(goal);
  else location.reload();
}

// An answer to copy, such as a link.
function show(place, value, message) {
  const field = element("input", { readOnly: true, value, ariaLabel: message });
  const copier = button(say("copy"), () => copy(field, copier));
  place.replaceChildren(field, copier, element("small", { className: "hint", textContent: message }));
  field.select();
}

export async function copy(field, copier) {
  field.select();
  // Only pages of a secure origin have a clipboard.
  if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
  else document.execCommand("copy");
  copier.textContent = say("copied");
}

// What is shown only now: nothing leads away from it by itself, and no page keeps it.
function reveal(form, message, secret, goal) {
  const place = document.getElementById("once"), link = place.querySelector("[data-goal]");
  place.querySelector("[data-message]").textContent = message;
  document.getElementById("secret").value = secret;
  link.hidden = !goal;
  if (goal) link.href = goal;
  form.reset();
  form.closest("details")?.removeAttribute("open");
  place.hidden = false;
  place.scrollIntoView({ block: "nearest" });
  document.getElementById("secret").select();
}
