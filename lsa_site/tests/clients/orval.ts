/** orval with its client for fetch. */

import { picture, run } from "./flow";
import * as api from "./orval/api";

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/** Of the answers that are documented, the one that was wanted. */
function wanted<Answer extends { status: number }, Status extends Answer["status"]>(
  answer: Answer,
  status: Status,
): Extract<Answer, { status: Status }> {
  if (answer.status !== status) throw new Error(JSON.stringify(answer));
  return answer as Extract<Answer, { status: Status }>;
}

run("orval", {
  async register(account) {
    return wanted(await api.register(account), 201).data.data.username;
  },
  async login(username, password) {
    return wanted(await api.login({ username, password }), 200).data;
  },
  async refused(username) {
    return wanted(await api.login({ username, password: "salah" }), 401).data.meta.code;
  },
  async createWithPicture(token, title, content) {
    const options = { headers: bearer(token) };
    const answer = await api.createBlog({ title, content, image: picture() }, options);
    return wanted(answer, 201).data.data;
  },
  async list() {
    const answer = await api.listBlogs({ limit: 50, ordering: "-created_at" });
    const { data, meta } = wanted(answer, 200).data;
    return { items: data, total: meta.total };
  },
  async rename(token, id, title, etag) {
    const headers = { ...bearer(token), "If-Match": etag };
    return (await api.updateBlog(id, { title }, { headers })).status;
  },
  async refresh(refresh_token) {
    return wanted(await api.refresh({ refresh_token }), 200).data;
  },
  async remove(token, id) {
    return (await api.deleteBlog(id, {}, { headers: bearer(token) })).status;
  },
});
