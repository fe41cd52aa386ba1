// The text of a paragraph as Markdown: runs of letters that share their marks.

// What word processors keep beside the text: what was deleted, comments, what is hidden.
const LEFT_OUT = /^(style|script|head|meta|link|base|title|xml|o:p|template|noscript|iframe|object|embed|svg|math|audio|video|canvas|button|input|select|textarea|col|colgroup)$/i;
const HIDDEN = /mso-list:\s*Ignore|mso-element:\s*comment|mso-hide:\s*all|display:\s*none/i;
const ASIDE = /\b(msoDel|MsoComment\w*|msocom\w*|MsoToc(\d|Heading))\b/;
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹", LOWERED = "₀₁₂₃₄₅₆₇₈₉";
// What is not seen, and what the API refuses.
const UNSEEN = /[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff\ue000-\uf8ff]/g;

export const isLeftOut = (node) =>
  node.nodeType !== 1 ? node.nodeType !== 3
    : LEFT_OUT.test(node.nodeName) || HIDDEN.test(styleOf(node)) || ASIDE.test(node.getAttribute("class"));

// As it was written: browsers would drop what they do not know.
export const styleOf = (node) => (node.nodeType === 1 && node.getAttribute("data-style")) || "";
const valueOf = (node, name) =>
  new RegExp(`(?:^|[;\\s])${name}\\s*:\\s*([^;]+)`, "i").exec(styleOf(node))?.[1].trim() ?? "";

const PLAIN = { bold: false, italic: false, struck: false, href: "", digits: "" };

// The text within a node, its marks at its letters. What is `plain` is bold by itself, as headings are.
export function textOf(node, { plain = false } = {}) {
  const runs = joined(runsOf(node, PLAIN));
  const marked = runs.map((run) => ({ text: run.text, marks: marksOf(run, plain) }));
  return emitted(marked.map((run, at) => (run.text.trim() ? run : { ...run, marks: shared(marked[at - 1], marked[at + 1]) })));
}

const shared = (one, other) => (one && other ? one.marks.filter((mark) => other.marks.includes(mark)) : []);

function marksOf({ bold, italic, struck, href }, plain) {
  const marks = { [href]: href, "**": bold && !plain, "*": italic, "~~": struck };
  return Object.keys(marks).filter((mark) => marks[mark]);
}

function runsOf(node, state) {
  if (node.nodeType === 3) return [{ ...state, text: escaped(shown(node.data, state.digits)) }];
  if (isLeftOut(node)) return [];
  if (node.nodeName === "BR") return [{ ...state, text: "\n" }];
  if (node.nodeName === "IMG") return [{ ...PLAIN, text: pictureOf(node) }];
  const inner = stateOf(node, state);
  const runs = [...node.childNodes].flatMap((child) => runsOf(child, inner));
  if (isNote(node)) return around("\\[", runs, "\\]", inner);
  return /^(P|DIV|LI|TR|TD|TH|H[1-6])$/.test(node.nodeName) ? around(" ", runs, " ", state) : runs;
}

const around = (first, runs, last, state) => [{ ...state, text: first }, ...runs, { ...state, text: last }];

// LibreOffice's mark of a note is a bare number; Word brings its brackets.
const isNote = (node) => node.nodeName === "A" && /^sd(foot|end)note/.test(node.className);

function stateOf(node, state) {
  const { nodeName } = node, weight = valueOf(node, "font-weight"), slant = valueOf(node, "font-style"), stands = valueOf(node, "vertical-align");
  const bold = weight ? /^(bold|bolder|[6-9]00)$/i.test(weight) : state.bold || /^(B|STRONG)$/.test(nodeName);
  const italic = slant ? /^(italic|oblique)$/i.test(slant) : state.italic || /^(I|EM|CITE)$/.test(nodeName);
  const struck = state.struck || /^(S|DEL|STRIKE)$/.test(nodeName) || valueOf(node, "text-decoration").includes("line-through");
  const raised = nodeName === "SUP" || stands === "super", lowered = nodeName === "SUB" || stands === "sub";
  // Those of a note are left as they are.
  const digits = isNote(node) || state.digits === null ? null : raised ? RAISED : lowered ? LOWERED : state.digits;
  return { bold, italic, struck, href: hrefOf(node) || state.href, digits };
}

function hrefOf(node) {
  const href = node.nodeName === "A" ? node.getAttribute("href") ?? "" : "";
  return /^(https?:|mailto:)/i.test(href) ? href.replace(/[<>\s]/g, encodeURIComponent) : "";
}

// Pictures of this service stay; the others are files of another machine.
function pictureOf(node) {
  const source = node.getAttribute("src") ?? "";
  const { origin, pathname } = URL.canParse(source, location) ? new URL(source, location) : {};
  const isOurs = origin === location.origin && pathname.startsWith("/media/");
  return isOurs ? `![${escaped(node.alt)}](${pathname})` : "";
}

export const isForeignPicture = (node) => !pictureOf(node) && node.getAttribute("aria-roledescription") !== "checkbox";

function shown(data, digits) {
  const text = data.replace(UNSEEN, "").replace(/[\s\u00a0]+/g, " ");
  return digits && /^\d+$/.test(text) ? [...text].map((digit) => digits[digit]).join("") : text;
}

// Marks that Markdown would read are written as themselves; those within a word it does not read.
const escaped = (text) =>
  text.replace(/[\\`*[\]<]|~(?=~)|&(?=#?\w+;)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\$&");

function joined(runs) {
  const found = [];
  for (const { text, ...state } of runs.filter((run) => run.text)) {
    const last = found.at(-1);
    if (last && Object.keys(state).every((name) => last[name] === state[name])) last.text += text;
    else found.push({ ...state, text });
  }
  return found;
}

const isLink = (mark) => mark.includes(":");
const opening = (mark) => (isLink(mark) ? "[" : mark);
const closing = (mark) => (isLink(mark) ? `](<${mark}>)` : mark);

// Marks stand at the letters, or they are none.
function emitted(runs) {
  let out = "", open = [];
  for (const { text, marks } of [...runs, { text: "", marks: [] }]) {
    const changed = open.findIndex((mark) => !marks.includes(mark));
    if (changed >= 0) {
      const [before, space] = apart(out, text);
      out = before + open.slice(changed).reverse().map(closing).join("") + space;
      open = open.slice(0, changed);
    }
    const fresh = marks.filter((mark) => !open.includes(mark)), letters = text.trimStart();
    out += text.slice(0, text.length - letters.length) + fresh.map(opening).join("") + letters;
    open.push(...fresh);
  }
  return out;
}

// What of the end stands outside the marks that close there: space, and before a letter punctuation.
function apart(out, next) {
  const end = /^[\p{L}\p{N}]/u.test(next) ? /[\s.,:;!?)"”’…]*$/ : /\s*$/;
  const { index } = end.exec(out);
  return [out.slice(0, index), out.slice(index)];
}
