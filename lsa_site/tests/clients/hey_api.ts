/** @hey-api/openapi-ts with its client for fetch. */

import { picture, run, URL_OF_SERVICE } from "./flow";
import * as api from "./hey_api/sdk.gen";
import { client } from "./hey_api/client.gen";

client.setConfig({ baseUrl: URL_OF_SERVICE });

run("hey_api", {
  async register(body) {
    return (await api.register({ body })).data!.data.username;
  },
  async login(username, password) {
    return (await api.login({ body: { username, password } })).data!;
  },
  async refused(username) {
    return (await api.login({ body: { username, password: "salah" } })).error!.meta.code;
  },
  async createWithPicture(auth, title, content) {
    return (await api.createBlog({ auth, body: { title, content, image: picture() } })).data!.data;
  },
  async list() {
    const { data } = await api.listBlogs({ query: { limit: 50, ordering: "-created_at" } });
    return { items: data!.data, total: data!.meta.total };
  },
  async rename(auth, id, title, etag) {
    const headers = { "If-Match": etag };
    return (await api.updateBlog({ auth, path: { id }, headers, body: { title } })).response!.status;
  },
  async refresh(refresh_token) {
    return (await api.refresh({ body: { refresh_token } })).data!;
  },
  async remove(auth, id) {
    return (await api.deleteBlog({ auth, path: { id } })).response!.status;
  },
});
