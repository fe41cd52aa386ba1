"use strict";

// Forms that change something are sent in the background, so that a refusal stands beside
// its fields and nothing typed or chosen is lost. Without this script, creating still works.

// --- Times: UTC on the wire, the reader's own zone on the page --------------------------

const language = document.documentElement.lang;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const isMoment = (input) => input.type === "datetime-local";
const toUtc = (local) => new Date(local).toISOString();

function toLocal(utc) {
  const moment = new Date(`${utc}Z`);
  return new Date(moment - moment.getTimezoneOffset() * 60000).toISOString().slice(0, -1);
}

function showLocalTimes() {
  const format = { dateStyle: "medium", timeStyle: "short" };
  for (const time of document.querySelectorAll("time")) {
    time.title = time.textContent;
    time.textContent = new Date(time.dateTime).toLocaleString(language, format);
  }
  for (const input of document.querySelectorAll("input[type=datetime-local]")) {
    if (input.defaultValue) input.defaultValue = toLocal(input.defaultValue);
  }
  for (const small of document.querySelectorAll("[data-zone]")) small.textContent = zone;
}

// --- Filters: empty boxes are not sent ------------------------------------------------

function tidyFilters({ target, formData }) {
  for (const [name, value] of [...formData]) {
    if (!value) formData.delete(name);
    else if (isMoment(target.elements[name])) formData.set(name, toUtc(value));
  }
}

// --- Reading a form ------------------------------------------------------------------

const inputsOf = (form) =>
  [...form.elements].filter((input) => input.name && input.name !== "csrfmiddlewaretoken");

function hasChanged(input) {
  if (input.type === "file") return input.files.length > 0;
  if (input.options) return [...input.options].some((o) => o.selected !== o.defaultSelected);
  return input.value !== input.defaultValue;
}

function valueOf(input) {
  if (input.type === "file") return input.files[0] ?? "";
  return isMoment(input) && input.value ? toUtc(input.value) : input.value;
}

// Words are comma-separated in their box and in a form, and a list in JSON.
const wordsOf = (text) => text.split(",").map((word) => word.trim()).filter(Boolean);

const asFormData = (entries) => {
  const data = new FormData();
  for (const [name, value] of entries) if (value !== "") data.append(name, value);
  return data;
};

const asJson = (form, entries) =>
  JSON.stringify(Object.fromEntries(entries.map(([name, value]) => {
    if (form.elements[name]?.dataset.kind === "words") return [name, wordsOf(value)];
    return [name, value === "" ? null : value];
  })));

// What to send: everything to create, what changed to edit. Only JSON can say that a field
// was emptied, and only a form can carry a file; where both happened, PUT takes the rest back.
function contents(form) {
  const method = form.dataset.method;
  const all = inputsOf(form).map((input) => [input.name, valueOf(input)]);
  if (method === "DELETE") return { method };
  if (method === "POST") return { method, body: asFormData(all) };
  const changed = inputsOf(form).filter(hasChanged).map((input) => [input.name, valueOf(input)]);
  for (const box of form.querySelectorAll("[data-removes]:checked")) {
    if (!changed.some(([name]) => name === box.dataset.removes)) changed.push([box.dataset.removes, ""]);
  }
  const hasFile = changed.some(([, value]) => value instanceof File);
  if (!hasFile) return { method, body: asJson(form, changed), type: "application/json" };
  const hasEmptied = changed.some(([, value]) => value === "");
  return hasEmptied ? { method: "PUT", body: asFormData(all) } : { method, body: asFormData(changed) };
}

// --- Sending it -----------------------------------------------------------------------

function headersOf(form, type) {
  const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  if (type) headers["Content-Type"] = type;
  // Whoever else changed it in the meantime is not overwritten.
  if (form.dataset.method !== "POST" && form.dataset.etag) headers["If-Match"] = form.dataset.etag;
  return headers;
}

// The server does not read what is too large, so its refusal might never arrive.
const isTooLarge = (input) => input.type === "file" && input.files[0]?.size > input.dataset.maxSize;
const reason = (input) =>
  input.validationMessage || input.closest("[data-box]").querySelector("[data-hint]").textContent;

async function send(event) {
  const form = event.target;
  event.preventDefault();
  clear(form);
  const unreadable = inputsOf(form).filter((input) => input.validity.badInput || isTooLarge(input));
  for (const input of unreadable) complain(form, input.name, [reason(input)]);
  if (unreadable.length) return unreadable[0].focus();
  form.setAttribute("aria-busy", "true");
  try {
    const { method, body, type } = contents(form);
    const response = await fetch(form.action, { method, body, headers: headersOf(form, type) });
    const answer = await response.json();
    if (response.ok) succeed(form, response, answer);
    else refuse(form, answer);
  } catch {
    tell(form, [form.dataset.offline]);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

function succeed(form, response, answer) {
  const goal = response.headers.get("Location") ?? form.dataset.then;
  if (answer.data?.secret) return reveal(form, answer, goal);
  if (!goal && form.dataset.method === "POST") return show(answer);
  sessionStorage.setItem("notice", answer.message);
  sessionStorage.setItem("went", answer.data?.status === "failed" ? "bad" : "good");
  location.assign(goal ?? location.pathname);
}

// What is shown only now: nothing leads away from it by itself, and no page keeps it.
function reveal(form, { message, data }, goal) {
  const place = document.getElementById("once");
  place.querySelector("[data-message]").textContent = message;
  document.getElementById("secret").value = data.secret;
  const link = place.querySelector("[data-goal]");
  link.hidden = !goal;
  if (goal) link.href = goal;
  form.reset();
  form.closest("details")?.removeAttribute("open");
  place.hidden = false;
  place.scrollIntoView({ block: "nearest" });
  document.getElementById("secret").select();
}

async function copy(button) {
  const input = document.getElementById(button.dataset.copies);
  input.select();
  // Only pages of a secure origin have a clipboard.
  if (navigator.clipboard) await navigator.clipboard.writeText(input.value);
  else document.execCommand("copy");
  button.textContent = button.dataset.done;
}

// For answers that lead nowhere, such as tokens.
function show(answer) {
  const json = document.getElementById("json");
  json.textContent = JSON.stringify(answer, null, 2);
  json.parentElement.open = true;
  if (answer.message) notify(answer.message);
}

function notify(message, went = "good") {
  const notice = document.getElementById("notice");
  notice.className = `notice ${went}`;
  notice.textContent = message;
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
}

// --- Refusals beside their fields -----------------------------------------------------

function refuse(form, { message, meta }) {
  const rest = [message];
  for (const [name, messages] of Object.entries(meta.errors)) {
    if (!complain(form, name, messages)) rest.push(...messages.map((text) => (name === "non_field_errors" ? text : `${name}: ${text}`)));
  }
  tell(form, [...new Set(rest)]);
  for (const way of form.querySelectorAll("[data-if]")) way.hidden = way.dataset.if !== meta.code;
  (form.querySelector(".wrong :is(input, select, textarea)") ?? form.querySelector("[data-refusal]")).focus();
}

function complain(form, name, messages) {
  const box = form.querySelector(`[data-box="${CSS.escape(name)}"]`);
  if (!box) return false;
  box.classList.add("wrong");
  box.querySelector("[data-errors]").replaceChildren(...messages.map((text) => element("li", text)));
  return true;
}

function tell(form, messages) {
  const place = form.querySelector("[data-refusal]");
  place.replaceChildren(...messages.map((text) => element("p", text)));
  place.hidden = false;
}

function clear(form) {
  for (const place of form.querySelectorAll("[data-refusal], [data-if]")) place.hidden = true;
  for (const box of form.querySelectorAll(".wrong")) box.classList.remove("wrong");
  for (const list of form.querySelectorAll("[data-errors]")) list.replaceChildren();
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

// --- Start ----------------------------------------------------------------------------

showLocalTimes();
for (const form of document.querySelectorAll("form[data-method]")) form.addEventListener("submit", send);
for (const form of document.querySelectorAll("form[data-filters]")) form.addEventListener("formdata", tidyFilters);
for (const button of document.querySelectorAll("[data-opens]")) {
  button.addEventListener("click", () => document.getElementById(button.dataset.opens).showModal());
}
for (const button of document.querySelectorAll("[data-closes]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}
for (const button of document.querySelectorAll("[data-copies]")) {
  button.addEventListener("click", () => copy(button));
}
const notice = sessionStorage.getItem("notice");
if (notice) {
  sessionStorage.removeItem("notice");
  notify(notice, sessionStorage.getItem("went") ?? "good");
}
