// Pictures as they come from phones: shown at once, turned, and made small enough.

import { complain } from "./refusals.js";
import { button, element, say } from "./words.js";

const READY = ["image/jpeg", "image/png", "image/gif"];
const SIDES = [3000, 2400, 1800, 1200, 800]; // pixels, of the longer side
const QUALITY = 0.86;
// What the server takes, as its documentation says.
const MAX_PIXELS = 40_000_000;

// The picture upright, as its EXIF says; null where this browser cannot read it.
const read = (file) => createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);

function drawn(picture, side) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = element("canvas", { width: Math.max(1, Math.round(picture.width * scale)), height: Math.max(1, Math.round(picture.height * scale)) });
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

const written = (canvas, type) => new Promise((done) => canvas.toBlob(done, type, QUALITY));

// The same picture within the limit; a PNG stays one while it can, for what is transparent in it.
async function fitted(file, picture, maxSize) {
  for (const type of file.type === "image/png" ? ["image/png", "image/jpeg"] : ["image/jpeg"]) {
    for (const side of SIDES) {
      const blob = await written(drawn(picture, side), type);
      const name = file.name.replace(/\.[^.]*$/, "") + (type === "image/png" ? ".png" : ".jpg");
      if (blob && blob.size <= maxSize) return new File([blob], name, { type });
    }
  }
  return null;
}

const isHeic = ({ name, type }) => /hei[cf]/i.test(type) || /\.hei[cf]$/i.test(name);

// What to send for a chosen file, or why it cannot be.
async function fit(file, maxSize) {
  const picture = await read(file);
  if (!picture) return { reason: say(isHeic(file) ? "heic" : "no-picture") };
  const isFit = READY.includes(file.type) && file.size <= maxSize && picture.width * picture.height <= MAX_PIXELS;
  if (isFit) return { file };
  // Drawn, an animation would stand still.
  if (file.type === "image/gif") return { reason: say("gif-too-large") };
  const smaller = await fitted(file, picture, maxSize);
  picture.close();
  return smaller ? { file: smaller, isScaled: true } : { reason: say("no-picture") };
}

const size = (bytes) => new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(bytes / 2 ** 20);

function put(input, file) {
  const files = new DataTransfer();
  files.items.add(file);
  input.files = files.files;
}

// What is still done to the file that was chosen last, by its field.
const work = new WeakMap();

// Also what is done to a file that is chosen while another is waited for.
async function settled(input) {
  for (let latest; latest !== work.get(input);) {
    latest = work.get(input);
    await latest.catch(() => {}); // what is wrong with it is told beside the field
  }
}

export const prepared = (inputs) => Promise.all(inputs.map(settled));

export function preparePictures(input) {
  const frame = element("div", { className: "frame" }), note = element("p", { className: "hint" });
  const preview = element("div", { className: "chosen", hidden: true }, frame, note, button(say("drop-picture"), drop));
  preview.setAttribute("aria-live", "polite");
  input.after(preview);
  let turn = 0;
  input.addEventListener("change", () => work.set(input, prepare()));

  async function prepare() {
    const mine = ++turn, [file] = input.files;
    input.dataset.unfit = "";
    complain(input.form, input.name, []);
    // In its full height at once: what stands below must not move when somebody is about to press it.
    show(!!file);
    if (!file) return;
    // Until it is known to be fit, nothing is sent.
    input.dataset.unfit = say("preparing");
    const { file: ready, isScaled, reason } = await fit(file, Number(input.dataset.maxSize));
    if (mine !== turn) return;
    input.dataset.unfit = reason ?? "";
    show(!reason);
    if (reason) return complain(input.form, input.name, [reason]);
    if (ready !== file) put(input, ready);
    frame.append(imageOf(ready));
    note.textContent = isScaled ? say("scaled", size(file.size), size(ready.size)) : "";
  }

  function show(isThere) {
    frame.replaceChildren();
    note.textContent = "";
    preview.hidden = !isThere;
  }

  function drop() {
    turn++;
    input.value = "";
    input.dataset.unfit = "";
    show(false);
    input.focus();
  }
}

function imageOf(file) {
  const address = URL.createObjectURL(file);
  const image = element("img", { src: address, alt: say("chosen-picture") });
  image.addEventListener("load", () => URL.revokeObjectURL(address));
  return image;
}
