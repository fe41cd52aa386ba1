// A session that ended is renewed on the page, for the same person: what was to be saved is.

import { setToken } from "./requests.js";

const dialog = document.getElementById("renewal");
const { login, reader } = document.body.dataset;

// Another page of the site, for who is logged in there and its token against forged forms.
async function look() {
  const answer = await fetch(login, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { reader: page.body.dataset.reader, token: page.querySelector("[name=csrfmiddlewaretoken]")?.value };
}

// Whether the person of this page is logged in again.
export async function renewed() {
  const now = await look();
  setToken(now.token);
  return now.reader === reader || ask(now.token);
}

function ask(token) {
  const form = dialog.querySelector("form"), refusal = dialog.querySelector("[data-refusal]");
  let current = token;
  refusal.hidden = true;
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = () => resolve(false);
    form.onsubmit = async (event) => {
      event.preventDefault();
      if (form.ariaBusy) return;
      form.ariaBusy = "true";
      const tried = await logIn(form, current).catch(() => ({}));
      form.ariaBusy = null;
      current = tried.token ?? current;
      form.elements.password.value = "";
      if (tried.reader === reader) {
        setToken(current);
        dialog.onclose = null;
        dialog.close();
        resolve(true);
      } else {
        refusal.hidden = false;
        form.elements.password.focus();
      }
    };
  });
}

async function logIn(form, token) {
  const body = new URLSearchParams({
    username: form.elements.username.value, password: form.elements.password.value, csrfmiddlewaretoken: token, next: login,
  });
  await fetch(login, { method: "POST", body, headers: { Accept: "text/html" } });
  return look();
}
