// What word processors put on the clipboard, as Markdown.

import { isForeignPicture, isLeftOut, styleOf, textOf } from "./runs.js";

const BLOCKS = "p,div,h1,h2,h3,h4,h5,h6,ul,ol,li,blockquote,table,tr,hr,pre,section,article";

// Whether the clipboard holds more than a line of plain text.
export const isFormatted = (html) =>
  /<(p|h[1-6]|ul|ol|li|table|blockquote|b|strong|i|em|a)[\s>]|font-(weight|style)\s*:\s*(bold|[6-9]00|italic)/i.test(html);

// The page's security policy complains of styles and handlers within the text, also where it only lies.
const quiet = (html) =>
  html.replace(/<style[\s\S]*?<\/style>|<base[^>]*>/gi, "")
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/\s(style|on\w+)=/gi, " data-$1="));

// Gives { text, pictures }: how many pictures could not come along. What lies in a template does
// nothing and fetches nothing, whatever it is.
export function toMarkdown(html) {
  const place = document.createElement("template");
  place.innerHTML = quiet(html);
  const pictures = [...place.content.querySelectorAll("img")].filter(isForeignPicture).length;
  return { text: blocks(place.content).join("\n\n").replace(/\n{3,}/g, "\n\n").trim(), pictures };
}

// A line that Markdown would read as the beginning of something else is written as itself.
const tidy = (text) =>
  text.replace(/[ \t]*\n[ \t]*/g, "\n").replace(/ {2,}/g, " ").trim()
    .replace(/^(#{1,6}(?= |$)|[-+](?= |$)|>|=+$|-{2,}$|~~~)/gm, "\\$1")
    .replace(/^(\d+)([.)])(?= |$)/gm, "$1\\$2");
const oneLine = (node, options) => textOf(node, options).replace(/\s+/g, " ").trim();

function blocks(parent) {
  const found = [], widths = [], numbers = [];
  let run = null, wasItem = false;
  const add = (...texts) => found.push(...texts.filter(Boolean));
  for (const node of parent.childNodes) {
    if (isLeftOut(node) || !(run || node.nodeType === 1 || node.data.trim())) continue;
    const item = wordItem(node, widths, numbers);
    const isBlock = node.nodeType === 1 && (node.matches(BLOCKS) || node.querySelector(BLOCKS) !== null);
    if (item && wasItem) found.push(`${found.pop()}\n${item}`);
    else if (item) add(item);
    else if (isBlock) add(...block(node));
    else {
      if (!run) found.push("");
      run ??= parent.ownerDocument.createElement("span");
      run.append(node.cloneNode(true));
      found[found.length - 1] = tidy(textOf(run));
    }
    if (item || isBlock) run = null;
    wasItem = Boolean(item);
  }
  return found.filter(Boolean);
}

function block(node) {
  const level = levelOf(node);
  if (level) return [heading(node, level)];
  if (/Mso\w*Quote/.test(node.className)) return [quoted(tidy(textOf(node)))];
  switch (node.nodeName) {
    case "UL": case "OL": return [list(node)];
    case "BLOCKQUOTE": return [quoted(blocks(node).join("\n\n"))];
    case "TABLE": return table(node);
    case "HR": return ["---"];
    case "PRE": return [`\`\`\`\n${node.textContent.trimEnd()}\n\`\`\``];
    default: return blocks(node);
  }
}

function levelOf(node) {
  const found = /^H([1-6])$/.exec(node.nodeName) ?? /^heading ?([1-6])/i.exec(node.className);
  if (found) return Number(found[1]);
  if (node.getAttribute("role") === "heading") return Math.min(Number(node.ariaLevel) || 2, 6);
  return /^MsoTitle/.test(node.className) ? 1 : 0;
}

function heading(node, level) {
  const text = oneLine(node, { plain: true });
  return text && `${"#".repeat(level)} ${text}`;
}

const prefixed = (text, first, rest) =>
  text.split("\n").map((each, number) => ((number ? rest : first) + each).trimEnd()).join("\n");
const quoted = (text) => text && prefixed(text, "> ", "> ");

function list(node) {
  const isOrdered = node.nodeName === "OL", lines = [];
  let number = Number(node.getAttribute("start") ?? 1), width = 2;
  for (const item of node.children) {
    // Some nest a list beside its item, not within.
    if (/^(UL|OL)$/.test(item.nodeName)) lines.push(prefixed(list(item), " ".repeat(width), " ".repeat(width)));
    if (item.nodeName !== "LI") continue;
    const mark = isOrdered ? `${number++}. ` : "- ";
    width = mark.length;
    lines.push(prefixed(blocks(item).join("\n"), mark, " ".repeat(width)));
  }
  return lines.filter((each) => each.trim()).join("\n");
}

// Word writes lists as paragraphs, each with its level, and its mark in a part to be passed over.
function wordItem(node, widths, numbers) {
  const level = /mso-list:\s*\w+ level(\d)/i.exec(styleOf(node))?.[1];
  if (!level || levelOf(node)) return "";
  const text = tidy(textOf(node)).replaceAll("\n", " ");
  const written = [...node.querySelectorAll("[data-style]")].find((each) => /mso-list:\s*Ignore/i.test(styleOf(each)));
  const ordered = /^\(?(\d+|[a-z]{1,5})[.)]/i.exec(written?.textContent.trim() ?? "");
  numbers.length = Math.min(numbers.length, level);
  numbers[level - 1] = Number(ordered?.[1]) || (numbers[level - 1] ?? 0) + 1;
  const mark = ordered ? `${numbers[level - 1]}. ` : "- ";
  const indent = widths.slice(0, level - 1).reduce((sum, width) => sum + width, 0);
  widths[level - 1] = mark.length;
  return text && " ".repeat(indent) + mark + text;
}

function table(node) {
  const cells = [...node.rows].map((row) => [...row.cells]).filter((row) => row.some((cell) => cell.textContent.trim()));
  // A table of one cell is a frame.
  if (cells.length === 1 && cells[0].length === 1) return blocks(cells[0][0]);
  const rows = cells.map((row) => row.map((cell) => oneLine(cell).replaceAll("|", "\\|")));
  if (!rows.length) return [];
  const width = Math.max(...rows.map((row) => row.length));
  const written = rows.map((row) => `| ${Array.from({ length: width }, (_, at) => row[at] ?? "").join(" | ")} |`);
  return [[written[0], `|${" --- |".repeat(width)}`, ...written.slice(1)].join("\n")];
}
