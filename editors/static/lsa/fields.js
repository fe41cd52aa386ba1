// What the fields of a form hold, and what of it is to be sent.

import { asInput, isMoment, toUtc } from "./moments.js";

export const inputsOf = (form) =>
  [...form.elements].filter((input) => input.name && input.name !== "csrfmiddlewaretoken");

// The inputs that hold what people wrote: of radio buttons the chosen one, no files, no secrets.
export const writtenIn = (form) =>
  inputsOf(form).filter((input) => !["file", "hidden", "password"].includes(input.type) && !(isTick(input) ? input !== group(input)[0] : isUnchosen(input)));

const isTick = (input) => input.type === "checkbox";
const isUnchosen = (input) => ["radio", "checkbox"].includes(input.type) && !input.checked;

// Boxes to tick are one field; what is ticked is written as words are.
const group = (input) => [...input.form.elements].filter((one) => one.name === input.name);
const ticked = (input, property) => group(input).filter((one) => one[property]).map((one) => one.value);
export const writtenNow = (input) => (isTick(input) ? ticked(input, "checked").join(", ") : input.value);

export function hasChanged(input) {
  if (input.type === "hidden") return true;
  if (input.type === "file") return input.files.length > 0;
  if (input.type === "radio") return input.checked && !input.defaultChecked;
  if (isTick(input)) return group(input).some((one) => one.checked !== one.defaultChecked);
  if (input.options) return [...input.options].some((o) => o.selected && !o.defaultSelected);
  return input.value !== input.defaultValue;
}

export const isDirty = (form) =>
  inputsOf(form).some((input) => input.type !== "hidden" && hasChanged(input))
  || form.querySelector("[data-removes]:checked") !== null;

export function writtenBefore(input) {
  if (isTick(input)) return ticked(input, "defaultChecked").join(", ");
  if (input.type === "radio") return [...input.form.elements[input.name]].find((one) => one.defaultChecked)?.value ?? "";
  return input.options ? [...input.options].find((o) => o.defaultSelected)?.value ?? "" : input.defaultValue;
}

export function write(form, name, value) {
  const field = form.elements[name];
  if (!field) return;
  if (areTicks(field)) for (const one of field) one.checked = wordsOf(value).includes(one.value);
  else field.value = value;
  (field instanceof RadioNodeList ? field[0] : field).dispatchEvent(new Event("input", { bubbles: true }));
}

const areTicks = (field) => field instanceof RadioNodeList && isTick(field[0]);

// What the field held when this form was shown, as far as later comparisons go.
export function writeBefore(form, name, value) {
  const field = form.elements[name];
  if (areTicks(field)) for (const one of field) one.defaultChecked = wordsOf(value).includes(one.value);
  else if (field instanceof RadioNodeList) for (const one of field) one.defaultChecked = one.value === value;
  else if (field?.options) for (const one of field.options) one.defaultSelected = one.value === value;
  else if (field) field.defaultValue = value;
}

// A value of the API as its input holds it.
export function asWritten(input, value) {
  if (value === null || value === undefined) return "";
  if (isTick(input)) return group(input).map((one) => one.value).filter((each) => value.includes(each)).join(", ");
  if (Array.isArray(value)) return value.join(", ");
  return isMoment(input) ? asInput(value) : String(value).replaceAll("\r\n", "\n");
}

function valueOf(input) {
  if (input.type === "file") return input.files[0] ?? "";
  if (isTick(input)) return ticked(input, "checked");
  if (!isMoment(input) || !input.value) return input.value;
  return input.dataset.exact && !hasChanged(input) ? input.dataset.exact : toUtc(input.value);
}

// Words are comma-separated in their box and in a form, and a list in JSON.
const wordsOf = (text) => text.split(",").map((word) => word.trim()).filter(Boolean);

function asFormData(entries) {
  const data = new FormData();
  for (const [name, value] of entries) for (const each of [value].flat()) if (each !== "") data.append(name, each);
  return data;
}

const asJson = (form, entries) =>
  JSON.stringify(Object.fromEntries(entries.map(([name, value]) => {
    if (form.elements[name]?.dataset?.kind === "words") return [name, wordsOf(value)];
    return [name, value === "" ? null : value];
  })));

// A time belongs to what is scheduled, and to what has been published. Whoever publishes now
// takes back a time to come.
function publication(form, entries) {
  const status = form.elements.status?.value, at = form.elements.published_at;
  if (!(at instanceof HTMLInputElement) || at.type === "hidden" || status === "scheduled") return entries;
  const rest = entries.filter(([name]) => name !== "published_at");
  const isToCome = at.defaultValue && toUtc(at.defaultValue) > new Date().toISOString();
  if (status === "published" && isToCome) return [...rest, ["published_at", ""]];
  return status === "published" && at.defaultValue ? entries : rest;
}

// What to send: everything to create, what changed to edit. Only JSON can say that a field
// was emptied, and only a form can carry a file; where both happened, PUT takes the rest back.
export function contents(form) {
  const method = form.dataset.method;
  const entriesOf = (inputs) => publication(form, [...new Map(inputs.map((input) => [input.name, valueOf(input)]))]);
  const all = entriesOf(inputsOf(form).filter((input) => !isUnchosen(input)));
  if (method === "DELETE" || all.length === 0) return { method };
  if (method === "POST") return { method, body: asFormData(all) };
  const changed = entriesOf(inputsOf(form).filter(hasChanged));
  for (const box of form.querySelectorAll("[data-removes]:checked")) {
    if (!changed.some(([name]) => name === box.dataset.removes)) changed.push([box.dataset.removes, ""]);
  }
  const hasFile = changed.some(([, value]) => value instanceof File);
  if (!hasFile) return { method, body: asJson(form, changed), type: "application/json" };
  const hasEmptied = changed.some(([, value]) => value === "");
  return hasEmptied ? { method: "PUT", body: asFormData(all) } : { method, body: asFormData(changed) };
}
