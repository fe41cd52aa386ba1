// What word processors put on the clipboard, as Markdown.

const BLOCKS = /^(P|DIV|H[1-6]|UL|OL|LI|BLOCKQUOTE|TABLE|TR|HR|PRE|SECTION|ARTICLE)$/;
const SKIPPED = /^(STYLE|SCRIPT|HEAD|META|TITLE|IMG|O:P)$/;

// Whether the clipboard holds more than plain text.
export const isFormatted = (html) =>
  /<(h[1-6]|ul|ol|li|table|blockquote|b|strong|i|em|a)[\s>]|font-(weight|style)\s*:\s*(bold|[6-9]00|italic)/i.test(html);

// The page's security policy refuses inline styles, also in a document that is only read.
const withoutStyles = (html) => html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/(<[^>]*?\s)style=/gi, "$1data-style=");

export function toMarkdown(html) {
  const { body } = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  return blocks(body).join("\n\n").replace(/\n{3,}/g, "\n\n").trim();
}

// Marks that Markdown would read are written as themselves.
const escaped = (text) => text.replace(/[\\`*_[\]<]/g, "\\$&");
const line = (text) => text.replace(/[ \t]*\n[ \t]*/g, "\n").replace(/^(#{1,6} |[-+>] |\d+\. )/, "\\$1").trim();

function blocks(parent) {
  const found = [];
  let run = "";
  const close = () => {
    if (line(run)) found.push(line(run));
    run = "";
  };
  for (const node of parent.childNodes) {
    if (SKIPPED.test(node.nodeName)) continue;
    const holdsBlocks = node.nodeType === 1 && (BLOCKS.test(node.nodeName) || [...node.children].some((child) => BLOCKS.test(child.nodeName)));
    if (!holdsBlocks) run += inline(node);
    else {
      close();
      found.push(...block(node));
    }
  }
  close();
  return found.filter(Boolean);
}

function block(node) {
  const heading = /^H([1-6])$/.exec(node.nodeName) ?? /^heading ?([1-6])/i.exec(node.className ?? "");
  if (heading) return [`${"#".repeat(heading[1])} ${line(inlines(node)).replaceAll("\n", " ").replaceAll("**", "")}`];
  switch (node.nodeName) {
    case "UL": case "OL": return [list(node, node.nodeName === "OL")];
    case "BLOCKQUOTE": return [prefixed(blocks(node).join("\n\n"), "> ", "> ")];
    case "TABLE": return [table(node)];
    case "HR": return ["---"];
    case "PRE": return [`\`\`\`\n${node.textContent.trimEnd()}\n\`\`\``];
    default: return /MsoList/.test(node.className) ? [wordList(node)] : blocks(node);
  }
}

const prefixed = (text, first, rest) =>
  text.split("\n").map((each, number) => ((number ? rest : first) + each).trimEnd()).join("\n");

function list(node, isOrdered) {
  return [...node.children].filter((item) => /^(LI|UL|OL)$/.test(item.nodeName)).map((item, number) => {
    // Some nest a list beside its item, not within.
    if (item.nodeName !== "LI") return prefixed(list(item, item.nodeName === "OL"), "  ", "  ");
    const mark = isOrdered ? `${number + 1}. ` : "- ";
    return prefixed(blocks(item).join("\n"), mark, " ".repeat(mark.length));
  }).join("\n");
}

// Word writes lists as paragraphs that begin with their mark.
function wordList(node) {
  const text = inlines(node).replace(/\s+/g, " ").trim();
  const numbered = /^(\d+)[.)]\s*/.exec(text);
  return numbered ? `${numbered[1]}. ${text.slice(numbered[0].length)}` : `- ${text.replace(/^\\?[·•o§*-]\s*/, "")}`;
}

function table(node) {
  const rows = [...node.rows].map((row) => [...row.cells].map((cell) => inlines(cell).replace(/\s+/g, " ").replaceAll("|", "\\|").trim()));
  if (!rows.length) return "";
  const width = Math.max(...rows.map((row) => row.length));
  const written = rows.map((row) => `| ${Array.from({ length: width }, (_, at) => row[at] ?? "").join(" | ")} |`);
  return [written[0], `|${" --- |".repeat(width)}`, ...written.slice(1)].join("\n");
}

const inlines = (node) => [...node.childNodes].map(inline).join("");

function inline(node) {
  if (node.nodeType === 3) return escaped(node.data.replace(/[\s\u00a0]+/g, " "));
  if (node.nodeType !== 1 || SKIPPED.test(node.nodeName) || /mso-list:\s*Ignore/i.test(node.dataset.style)) return "";
  if (node.nodeName === "BR") return "\n";
  return marked(node, inlines(node));
}

const styleOf = (node, name) => new RegExp(`(?:^|[;\\s])${name}\\s*:\\s*([^;]+)`, "i").exec(node.dataset.style ?? "")?.[1].trim() ?? "";

function marked(node, text) {
  const weight = styleOf(node, "font-weight"), slant = styleOf(node, "font-style");
  const isBold = /^(B|STRONG)$/.test(node.nodeName) ? !/^(normal|400)$/.test(weight) : /^(bold|[6-9]00)$/.test(weight);
  const isItalic = /^(I|EM)$/.test(node.nodeName) ? slant !== "normal" : slant === "italic";
  const isStruck = /^(S|DEL|STRIKE)$/.test(node.nodeName) || styleOf(node, "text-decoration").includes("line-through");
  let shown = text;
  if (isStruck) shown = around(shown, "~~");
  if (isItalic) shown = around(shown, "*");
  if (isBold) shown = around(shown, "**");
  const href = node.nodeName === "A" && node.getAttribute("href");
  return /^(https?|mailto):/i.test(href || "") && text.trim() ? `[${shown.trim()}](<${href.replace(/[<>\s]/g, encodeURIComponent)}>)` : shown;
}

// Marks stand at the letters, or they are none.
const around = (text, mark) => (text.trim() ? text.replace(/^(\s*)([\s\S]*?)(\s*)$/, `$1${mark}$2${mark}$3`) : text);
