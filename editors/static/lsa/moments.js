// Times: UTC on the wire, the site's own zone on the page, wherever its reader is.

const { zone, zoneName } = document.documentElement.dataset;
const parts = new Intl.DateTimeFormat("en-CA", {
  timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
  hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3,
});

export const isMoment = (input) => input.type === "datetime-local";

// A time of UTC as the clocks of the zone show it: `2026-03-01T09:00:00.000`.
export function toLocal(utc) {
  const found = Object.fromEntries(parts.formatToParts(new Date(utc)).map((p) => [p.type, p.value]));
  return `${found.year}-${found.month}-${found.day}T${found.hour}:${found.minute}:${found.second}.${found.fractionalSecond}`;
}

// The way back. Asked twice, since the offset may change between the two guesses.
export function toUtc(local) {
  const wanted = Date.parse(`${local}Z`);
  let guess = wanted;
  for (let turn = 0; turn < 2; turn++) guess += wanted - Date.parse(`${toLocal(guess)}Z`);
  return new Date(guess).toISOString();
}

// What the API gives, as an input holds it: to the minute.
export const asInput = (moment) => (moment ? toLocal(moment).slice(0, 16) : "");

// For people, as the pages write it.
export const asWords = (moment) =>
  `${new Date(moment).toLocaleString(document.documentElement.lang, { timeZone: zone, dateStyle: "medium" })} ${asInput(moment).slice(11)} ${zoneName}`;

export function showZone() {
  for (const input of document.querySelectorAll("input[type=datetime-local]")) {
    if (!input.defaultValue) continue;
    // Sent as it was where nobody touches it, seconds and all.
    input.dataset.exact = `${input.defaultValue}Z`;
    input.defaultValue = asInput(input.dataset.exact);
  }
  for (const small of document.querySelectorAll("[data-zone-of]")) small.textContent = zoneName;
}

// Empty boxes of a search are not sent.
export function tidyFilters({ target, formData }) {
  for (const [name, value] of [...formData]) {
    if (!value) formData.delete(name);
    else if (isMoment(target.elements[name])) formData.set(name, toUtc(value));
  }
}
