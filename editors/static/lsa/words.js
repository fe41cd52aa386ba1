// What scripts say: the page brings it along, in its language.

const catalogue = document.getElementById("words").content;

// The words of this name, `{}` replaced.
export function say(name, ...given) {
  const text = catalogue.querySelector(`[data-word="${name}"]`).textContent;
  return given.reduce((said, value) => said.replace("{}", value), text);
}

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export function button(text, act, className = "quiet") {
  const made = element("button", { type: "button", className, textContent: text });
  made.addEventListener("click", act);
  return made;
}

// For who cannot see that something happened, too.
export function notify(message, went = "good") {
  const notice = document.getElementById("notice");
  notice.className = `notice ${went}`;
  notice.textContent = message;
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
}

// Said on the page that comes next.
export function notifyLater(message, went = "good") {
  sessionStorage.setItem("notice", message);
  sessionStorage.setItem("went", went);
}

export function notifyNow() {
  const message = sessionStorage.getItem("notice");
  sessionStorage.removeItem("notice");
  if (message) notify(message, sessionStorage.getItem("went") ?? "good");
}
