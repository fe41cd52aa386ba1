/** What every generated client does; each brings the calls of its own making. */

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";

export const URL_OF_SERVICE = process.env.SERVICE_URL!;
export const picture = () =>
  new File([readFileSync(process.env.PICTURE!)], "foto.png", { type: "image/png" });

export interface Item {
  id: string;
  title: string;
  image: string | null;
  etag: string;
}

export interface Tokens {
  access_token: string;
  refresh_token: string;
}

export interface Client {
  register(account: { email: string; username: string; password: string }): Promise<string>;
  login(username: string, password: string): Promise<Tokens>;
  createWithPicture(token: string, title: string, content: string): Promise<Item>;
  list(): Promise<{ items: Item[]; total: number | null }>;
  rename(token: string, id: string, title: string, etag: string): Promise<number>;
  refresh(refreshToken: string): Promise<Tokens>;
  remove(token: string, id: string): Promise<number>;
  /** The code of the error that a wrong password meets. */
  refused(username: string): Promise<string>;
}

export async function run(name: string, client: Client): Promise<void> {
  const account = {
    email: `${name}@lsa.example`,
    username: name,
    password: "jalan-kenari-17",
  };
  assert.equal(await client.register(account), name);
  assert.equal(await client.refused(name), "invalid_credentials");

  const { access_token: token, refresh_token } = await client.login(name, account.password);
  const title = `Kabar ${name}`;
  const item = await client.createWithPicture(token, title, "Hari ini hujan.");
  assert.equal(item.title, title);
  assert.match(item.image!, /\.png$/);

  const { items, total } = await client.list();
  assert.ok(total! >= 1);
  const { etag } = items.find((each) => each.id === item.id)!;
  assert.equal(await client.rename(token, item.id, `${title} lagi`, etag), 200);
  assert.equal(await client.rename(token, item.id, `${title} basi`, etag), 412);

  const renewed = await client.refresh(refresh_token);
  assert.notEqual(renewed.refresh_token, refresh_token);
  assert.equal(await client.remove(renewed.access_token, item.id), 200);
  assert.ok(!(await client.list()).items.some((each) => each.id === item.id));
  // A promise that never settles also ends the process with 0.
  console.log("It works.");
}
