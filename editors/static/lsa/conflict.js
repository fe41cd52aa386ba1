// Somebody else saved in the meantime: theirs and mine, field by field, and one chooses.

import { asWritten, hasChanged, write, writeBefore, writtenBefore, writtenIn, writtenNow } from "./fields.js";
import { refuse } from "./refusals.js";
import { isDone, request } from "./requests.js";
import { button, element, say } from "./words.js";

export async function resolve(form, refusal) {
  const theirs = await request(form.action);
  if (!isDone(theirs)) return refuse(form, refusal);
  const differing = [];
  for (const input of writtenIn(form)) {
    const their = asWritten(input, theirs.data[input.name]);
    const isTheirs = their !== writtenBefore(input), isMine = hasChanged(input);
    if (isTheirs && isMine && their !== writtenNow(input)) differing.push({ input, their, mine: writtenNow(input) });
    // What only they changed is theirs; what only I changed stays mine.
    writeBefore(form, input.name, their);
    if (isTheirs && !isMine) write(form, input.name, their);
  }
  form.dataset.etag = theirs.etag;
  show(form, differing);
}

function show(form, differing) {
  form.querySelector("[data-conflict]")?.remove();
  const heading = element("h3", { textContent: say("conflict"), tabIndex: -1 });
  const how = element("p", { textContent: say(differing.length ? "conflict-choose" : "conflict-none") });
  const place = element("section", { className: "conflict" }, heading, how);
  place.dataset.conflict = "";
  for (const each of differing) place.append(choice(form, each));
  form.querySelector(".actions").before(place);
  heading.focus();
}

function choice(form, { input, their, mine }) {
  const label = form.querySelector(`[data-box="${CSS.escape(input.name)}"] :is(label, legend)`).firstChild.textContent.trim();
  const options = [["theirs", their], ["mine", mine]].map(([whose, text]) => {
    const taken = element("p", { className: "taken", textContent: say("taken"), hidden: whose !== "mine" });
    const take = button(say(`take-${whose}`), () => {
      write(form, input.name, text);
      for (const each of options) each.querySelector(".taken").hidden = each.dataset.whose !== whose;
    });
    take.setAttribute("aria-label", `${label}: ${take.textContent}`);
    const box = element("div", {}, element("p", { textContent: say(whose) }), element("pre", { textContent: text || "–" }), take, taken);
    box.dataset.whose = whose;
    return box;
  });
  return element("div", { className: "choice" }, element("h4", { textContent: label }), ...options);
}
