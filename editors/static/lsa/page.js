// Where each part of a page gets what it does. All of it is on top of a page that works alone.

import { showZone, tidyFilters } from "./moments.js";
import { preparePictures } from "./pictures.js";
import { prepareSelection } from "./selection.js";
import { putRight } from "./refusals.js";
import { copy, submit } from "./submission.js";
import { keepUnsent } from "./unsent.js";
import { notifyNow } from "./words.js";
import { prepareWriting } from "./writing.js";

const each = (selector, prepare) => document.querySelectorAll(selector).forEach(prepare);

// The time of a publication is asked for where it is one to come, or may be set right.
function preparePublication(fieldset) {
  const { form } = fieldset, at = form.querySelector("[data-box=published_at]");
  if (!at) return;
  const wasPublished = form.elements.status.value === "published" && at.querySelector("input").defaultValue;
  const update = () => {
    const { value } = form.elements.status;
    at.hidden = !(value === "scheduled" || (value === "published" && wasPublished));
  };
  form.addEventListener("input", update);
  update();
}

// Where a link led to a form, it is there to be written in.
function openForm(id) {
  const place = document.getElementById(id);
  if (!place?.matches("details.editor")) return;
  place.open = true;
  place.querySelector("form :is(input:not([type=hidden]), select, textarea)").focus();
}

showZone();
each("form[data-method]", (form) => form.addEventListener("submit", submit));
each("form[data-method]", (form) => form.addEventListener("input", putRight));
each("form[data-filters]", (form) => form.addEventListener("formdata", tidyFilters));
each("fieldset[data-box=status]", preparePublication);
each("input[type=file]", preparePictures);
each("textarea[data-preview]", prepareWriting);
each("[data-selection]", prepareSelection);
each("form[data-keeps]", keepUnsent);
each("[data-opens]", (opener) => opener.addEventListener("click", () => document.getElementById(opener.dataset.opens).showModal()));
each("[data-closes]", (closer) => closer.addEventListener("click", () => closer.closest("dialog").close()));
each("[data-copies]", (copier) => copier.addEventListener("click", () => copy(document.getElementById(copier.dataset.copies), copier)));
// Later the browser itself goes to what the address names, and takes the focus away.
window.addEventListener("load", () => openForm(location.hash.slice(1)));
notifyNow();
// After a step back the page may be older than what it shows.
window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
