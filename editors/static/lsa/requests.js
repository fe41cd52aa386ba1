// Requests to the API, with the progress of what is sent.

import { say } from "./words.js";

const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

export function setToken(value) {
  for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = value;
}

// Resolves to { status, message, data, meta, location, etag }; `status` 0 is a server that cannot be
// reached, and -1 what was cancelled.
export function request(url, { method = "GET", body, type, etag, key, onProgress, signal } = {}) {
  return new Promise((resolve) => {
    const sent = new XMLHttpRequest();
    sent.open(method, url);
    sent.setRequestHeader("Accept", "application/json");
    if (method !== "GET") sent.setRequestHeader("X-CSRFToken", token());
    if (type) sent.setRequestHeader("Content-Type", type);
    // Whoever else changed it in the meantime is not overwritten.
    if (etag) sent.setRequestHeader("If-Match", etag);
    if (key) sent.setRequestHeader("Idempotency-Key", key);
    if (onProgress) sent.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total);
    sent.onload = () => resolve(answerOf(sent));
    sent.onerror = sent.ontimeout = () => resolve(failure(0, say("offline")));
    sent.onabort = () => resolve(failure(-1, say("cancelled")));
    signal?.addEventListener("abort", () => sent.abort());
    sent.send(body);
  });
}

const failure = (status, message) => ({ status, message, data: null, meta: { code: "", errors: {} } });

function answerOf(sent) {
  let answer;
  try {
    answer = JSON.parse(sent.responseText);
  } catch {
    // A proxy's own page, for example.
    return failure(sent.status, say("unreadable", sent.status));
  }
  const status = sent.status, headers = { location: sent.getResponseHeader("Location"), etag: sent.getResponseHeader("ETag") };
  return { ...failure(status, ""), ...answer, meta: { code: "", errors: {}, ...answer.meta }, ...headers, status };
}

export const isDone = ({ status }) => status >= 200 && status < 300;
