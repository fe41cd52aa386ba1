// Several items at once: each is sent by itself, and what was refused is said of each.

import { isDone, request } from "./requests.js";
import { renewed } from "./session.js";
import { element, notifyLater, say } from "./words.js";

const REQUESTS = {
  publish: { method: "PATCH", body: '{"status": "published"}' },
  // Whoever publishes now takes back a time to come.
  hasten: { method: "PATCH", body: '{"status": "published", "published_at": null}' },
  unpublish: { method: "PATCH", body: '{"status": "draft"}' },
  trash: { method: "DELETE" },
  restore: { method: "POST", path: "/restore" },
};

async function change(box, { method, body, path = "" }, { again = true } = {}) {
  const etag = method === "POST" ? undefined : box.dataset.etag;
  const answer = await request(box.dataset.path + path, { method, body, type: body && "application/json", etag });
  const isEnded = answer.status === 401 || answer.meta.code === "form_expired";
  return isEnded && again && (await renewed()) ? change(box, { method, body, path }, { again: false }) : answer;
}

export function prepareSelection(bar) {
  const boxes = [...document.querySelectorAll("[data-selects]")], refusal = bar.querySelector("[data-refusal]");
  const chosen = () => boxes.filter((box) => box.checked);
  const all = bar.querySelector("[data-selects-all]");
  const update = () => {
    const { length } = chosen();
    bar.querySelector("[data-count]").textContent = length ? say("chosen", length) : say("choose");
    all.checked = length === boxes.length;
    all.indeterminate = length > 0 && length < boxes.length;
    for (const act of bar.querySelectorAll("[data-acts]")) act.disabled = !length;
  };
  const act = async ({ currentTarget }) => {
    if (bar.ariaBusy) return;
    bar.ariaBusy = "true";
    const refused = [], name = currentTarget.dataset.acts;
    let done = 0;
    for (const box of chosen()) {
      bar.querySelector("[data-count]").textContent = box.dataset.title;
      const answer = await change(box, REQUESTS[name === "publish" && box.dataset.isToCome ? "hasten" : name]);
      if (isDone(answer)) done++;
      else refused.push(`${box.dataset.title}: ${answer.message}`);
      box.checked = !isDone(answer);
    }
    bar.ariaBusy = null;
    update();
    if (done && !refused.length) {
      notifyLater(say("done", done));
      return location.reload();
    }
    refusal.replaceChildren(...[say("done", done), ...refused].map((text) => element("p", { textContent: text })));
    refusal.hidden = false;
  };
  bar.hidden = boxes.length === 0;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    update();
  });
  for (const box of boxes) box.addEventListener("change", update);
  for (const each of bar.querySelectorAll("[data-acts]")) each.addEventListener("click", act);
  update();
}
