/** openapi-typescript with openapi-fetch. */

import createClient from "openapi-fetch";

import { picture, run, URL_OF_SERVICE } from "./flow";
import type { paths } from "./openapi_fetch/schema";

const api = createClient<paths>({ baseUrl: URL_OF_SERVICE });
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/** A body as a form; this generator leaves that to its user. */
function form(body: Record<string, unknown> = {}): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(body)) data.append(name, value as string | Blob);
  return data;
}

run("openapi_fetch", {
  async register(body) {
    return (await api.POST("/api/v1/auth/register", { body })).data!.data.username;
  },
  async login(username, password) {
    return (await api.POST("/api/v1/auth/login", { body: { username, password } })).data!;
  },
  async refused(username) {
    const { error } = await api.POST("/api/v1/auth/login", {
      body: { username, password: "salah" },
    });
    return error!.meta.code;
  },
  async createWithPicture(token, title, content) {
    const { data } = await api.POST("/api/v1/blogs", {
      headers: bearer(token),
      body: { title, content, image: picture() as unknown as string },
      bodySerializer: form,
    });
    return data!.data;
  },
  async list() {
    const { data } = await api.GET("/api/v1/blogs", {
      params: { query: { limit: 50, ordering: "-created_at" } },
    });
    return { items: data!.data, total: data!.meta.total };
  },
  async rename(token, id, title, etag) {
    const { response } = await api.PATCH("/api/v1/blogs/{id}", {
      params: { path: { id }, header: { "If-Match": etag } },
      headers: bearer(token),
      body: { title },
      bodySerializer: form,
    });
    return response.status;
  },
  async refresh(refresh_token) {
    return (await api.POST("/api/v1/auth/refresh", { body: { refresh_token } })).data!;
  },
  async remove(token, id) {
    const { response } = await api.DELETE("/api/v1/blogs/{id}", {
      params: { path: { id } },
      headers: bearer(token),
    });
    return response.status;
  },
});
