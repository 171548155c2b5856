// What a user does with the clients that it registered as WSO2's tools do: reads, changes and ends them by their ids.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { basic, bearer, isActive, person } from "./authorize.mjs";
import { post } from "./enrolled.mjs";
import { fresh, nobody } from "./manage.mjs";

const REGISTER = "/client-registration/v0.17/register";

let eve, ann;

const as = (who) => basic(who.username, who.password);
const make = async (who, more = {}) =>
  (await nobody.expect(200, "POST", REGISTER, { clientName: fresh("own-"), grantType: "client_credentials", callbackUrl: "", ...more }, as(who))).body;
const ownToken = (client) => post("/oauth2/token", { grant_type: "client_credentials" }, basic(client.clientId, client.clientSecret));

before(async () => {
  [eve, ann] = await Promise.all([person(), person()]);
});

describe("a user", () => {
  it("reads a client by its id and by its name, without the secret", async () => {
    const made = await make(eve, { callbackUrl: "https://a.example/cb", saasApp: true });
    const byId = await nobody.expect(200, "GET", `${REGISTER}/${made.clientId}`, undefined, as(eve));
    assert.deepEqual([byId.body.clientId, byId.body.clientName, byId.body.callbackUrl], [made.clientId, made.clientName, "https://a.example/cb"]);
    assert.equal(byId.body.clientSecret, undefined);
    assert.equal(byId.body.isSaasApplication, true);
    assert.deepEqual(JSON.parse(byId.body.jsonString).grant_types, "client_credentials");
    const byName = await nobody.expect(200, "GET", `${REGISTER}?client_name=${made.clientName}`, undefined, as(eve));
    assert.deepEqual(byName.body, byId.body);
  });

  it("changes a client, whose secret stays", async () => {
    const made = await make(eve);
    const wish = { clientName: fresh("renamed-"), grantType: "password", callbackUrl: "https://a.example/cb" };
    const changed = await nobody.expect(200, "PUT", `${REGISTER}/${made.clientId}`, wish, as(eve));
    assert.deepEqual([changed.body.clientName, changed.body.clientSecret], [wish.clientName, undefined]);
    assert.equal((await ownToken(made)).body.error, "unauthorized_client");
    await nobody.expect(200, "PUT", `${REGISTER}/${made.clientId}`, { ...wish, grantType: "client_credentials" }, as(eve));
    assert.equal((await ownToken(made)).status, 200);
    const other = await make(eve);
    await nobody.expect(409, "PUT", `${REGISTER}/${made.clientId}`, { ...wish, clientName: other.clientName }, as(eve));
    await nobody.expect(400, "PUT", `${REGISTER}/${made.clientId}`, { ...wish, grantType: "magic" }, as(eve));
    await nobody.expect(400, "PUT", `${REGISTER}/${made.clientId}`, { ...wish, clientId: "x" }, as(eve));
  });

  it("ends a client with its tokens", async () => {
    const made = await make(eve);
    const other = await make(eve);
    const { body: tokens } = await ownToken(made);
    assert.equal(await isActive({ id: made.clientId, secret: made.clientSecret }, tokens.access_token), true);
    assert.equal((await nobody.send("DELETE", `${REGISTER}/${made.clientId}`, undefined, as(eve))).status, 204);
    assert.equal((await ownToken(made)).body.error, "invalid_client");
    await nobody.expect(404, "GET", `${REGISTER}/${made.clientId}`, undefined, as(eve));
    await nobody.expect(404, "DELETE", `${REGISTER}/${made.clientId}`, undefined, as(eve));
    assert.equal((await ownToken(other)).status, 200);
  });

  it("has nothing to do with another's client", async () => {
    const made = await make(eve);
    const wish = { clientName: fresh("taken-"), grantType: "password" };
    for (const [method, path, body] of [
      ["GET", `${REGISTER}/${made.clientId}`],
      ["GET", `${REGISTER}?client_name=${made.clientName}`],
      ["PUT", `${REGISTER}/${made.clientId}`, wish],
      ["DELETE", `${REGISTER}/${made.clientId}`],
    ]) {
      await nobody.expect(404, method, path, body, as(ann));
      for (const headers of [{}, as({ ...eve, password: "wrong lamp river 9" }), bearer("x")]) {
        const answer = await nobody.send(method, path, body, headers);
        assert.deepEqual([answer.status, answer.headers.get("www-authenticate")], [401, 'Basic realm="Postern"'], `${method} ${path}`);
      }
    }
    await nobody.expect(400, "GET", REGISTER, undefined, as(eve));
    await nobody.expect(405, "PATCH", `${REGISTER}/${made.clientId}`);
    await nobody.expect(405, "DELETE", REGISTER);
    assert.equal((await ownToken(made)).status, 200);
  });
});
