// Areas for Markdown: a toolbar, keys, a preview by the server, the number of words.

import { isFormatted, toMarkdown } from "./paste.js";
import { isDone, request } from "./requests.js";
import { button, element, say } from "./words.js";

// Typed as by hand, so that it can be undone.
function replace(area, text) {
  area.focus();
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

const selected = (area) => area.value.slice(area.selectionStart, area.selectionEnd);

function around(mark) {
  return (area) => {
    const start = area.selectionStart, text = selected(area);
    const isMarked = text.length > 2 * mark.length && text.startsWith(mark) && text.endsWith(mark);
    const bare = isMarked ? text.slice(mark.length, -mark.length) : text;
    const [before, after] = isMarked ? ["", ""] : [mark, mark];
    replace(area, before + bare + after);
    area.setSelectionRange(start + before.length, start + before.length + bare.length);
  };
}

// At the beginning of each line that is selected; there already, it is taken away.
function before(mark, pattern) {
  return (area) => {
    const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const end = (area.value.indexOf("\n", area.selectionEnd) + 1 || area.value.length + 1) - 1;
    const lines = area.value.slice(start, end).split("\n");
    const isMarked = lines.every((each) => pattern.test(each));
    area.setSelectionRange(start, end);
    const bare = lines.map((each) => each.replace(pattern, ""));
    replace(area, (isMarked ? bare : bare.map((each) => mark + each)).join("\n"));
  };
}

function link(area) {
  const text = selected(area), isAddress = /^https?:\/\/\S+$/.test(text);
  const start = area.selectionStart;
  replace(area, isAddress ? `[](${text})` : `[${text}](https://)`);
  if (isAddress) area.setSelectionRange(start + 1, start + 1);
  else area.setSelectionRange(start + text.length + 3, start + text.length + 11);
}

const TOOLS = [
  { name: "heading", sign: "H", act: before("## ", /^#{1,6} /) },
  { name: "bold", sign: "B", act: around("**"), key: "b" },
  { name: "italic", sign: "I", act: around("*"), key: "i" },
  { name: "link", sign: "↗", act: link, key: "k" },
  { name: "list", sign: "•", act: before("- ", /^[-*+] /) },
  { name: "quotation", sign: "❝", act: before("> ", /^> ?/) },
];

function toolbar(area) {
  const bar = element("div", { className: "toolbar", role: "toolbar", ariaLabel: say("toolbar") });
  for (const { name, sign, act, key } of TOOLS) {
    const tool = button(sign, () => act(area), `tool ${name}`);
    tool.title = say(name) + (key ? ` (Ctrl+${key.toUpperCase()})` : "");
    tool.setAttribute("aria-label", say(name));
    bar.append(tool);
  }
  return bar;
}

function onKey(area, event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const tool = TOOLS.find(({ key }) => key === event.key.toLowerCase());
  if (!tool) return;
  event.preventDefault();
  tool.act(area);
}

function onPaste(area, event, hint) {
  const html = event.clipboardData.getData("text/html");
  hint.textContent = "";
  if (!isFormatted(html)) return;
  event.preventDefault();
  const { text, pictures } = toMarkdown(html);
  replace(area, text);
  if (pictures) hint.textContent = say("pictures-left", pictures);
}

function preview(area, bar) {
  const shown = element("div", { className: "preview prose", hidden: true });
  shown.setAttribute("aria-live", "polite");
  let waiting, turn = 0;
  const draw = async () => {
    const mine = ++turn, body = JSON.stringify({ text: area.value });
    const answer = await request(area.dataset.preview, { method: "POST", body, type: "application/json" });
    if (mine !== turn) return;
    // Cleaned by the server, as what readers get is.
    if (isDone(answer)) shown.innerHTML = answer.data.html || `<p>${say("empty-text")}</p>`;
    else shown.textContent = answer.message;
  };
  const toggle = button(say("preview"), () => {
    shown.hidden = !shown.hidden;
    toggle.setAttribute("aria-expanded", String(!shown.hidden));
    if (!shown.hidden) draw();
  });
  toggle.setAttribute("aria-expanded", "false");
  area.addEventListener("input", () => {
    clearTimeout(waiting);
    if (!shown.hidden) waiting = setTimeout(draw, 1200);
  });
  bar.append(toggle);
  return shown;
}

export const countWords = (text) => text.match(/[\p{L}\p{N}]+(?:[-'’][\p{L}\p{N}]+)*/gu)?.length ?? 0;

export function grow(area) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight + 4, 0.75 * innerHeight)}px`;
}

export function prepareWriting(area) {
  const bar = toolbar(area), count = element("small", { className: "words hint" });
  const hint = element("small", { className: "hint pasted", role: "status" });
  area.before(bar);
  area.after(hint, count, preview(area, bar));
  const update = () => {
    count.textContent = say("word-count", countWords(area.value));
    if (area.offsetParent) grow(area);
  };
  area.addEventListener("input", update);
  area.addEventListener("keydown", (event) => onKey(area, event));
  area.addEventListener("paste", (event) => onPaste(area, event, hint));
  area.closest("details")?.addEventListener("toggle", update);
  update();
}
