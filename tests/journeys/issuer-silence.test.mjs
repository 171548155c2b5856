// An external issuer that nobody can ask for its keys is believed for a day, and no longer. On a platform of its own, whose
// clock is moved.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Clock } from "./clock.mjs";
import { frailIssuer } from "./issuers.mjs";
import { OwnPlatform } from "./own-platform.mjs";
import { pause, within } from "./platform.mjs";
import { serve } from "./serve.mjs";
import { Office } from "./throttled.mjs";

const HOUR = 3600;
const clock = new Clock();
const own = new OwnPlatform(clock.environment);
let upstream, office, api, frail;

before(async () => {
  upstream = await serve((_, response) => response.end("{}"));
  await own.start();
  office = await new Office(own).enter();
  api = await office.api(upstream.url);
  const application = await office.application(api);
  frail = await frailIssuer();
  const manager = { name: "Frail", issuer: frail.issuer, certificates: { type: "JWKS", value: `${frail.issuer}/keys` }, enabled: true };
  await office.call(201, "POST", "/admin/v4/key-managers", manager);
  const mapping = { consumerKey: "their-client", keyType: "PRODUCTION", keyManager: manager.name };
  await office.call(200, "POST", `/devportal/v3/applications/${application.id}/map-keys`, mapping);
});

after(async () => {
  own.remove();
  clock.remove();
  upstream?.close();
  await frail?.close();
});

/** A token that the issuer signs at the platform's moment, for so many hours. */
const token = (hours = 1) => frail.sign({ iat: clock.now, exp: clock.now + hours * HOUR });

async function status(bearer) {
  return (await own.send("GET", `${api.base}/pets`, undefined, { authorization: `Bearer ${bearer}` })).status;
}

const served = (bearer, why) => within(15_000, why, async () => (await status(bearer)) === 200);

test("an issuer that nobody can ask for its keys is believed for a day and no longer", { timeout: 180_000 }, async () => {
  const first = await token(72);
  await served(first, "the gateway knows the issuer");
  frail.mode = "error";
  clock.ahead(23 * HOUR);
  const asked = frail.asked;
  await served(await token(), "a new token an hour before the day is over");
  assert.equal(await status(first), 200, "and one that was seen before");
  await within(60_000, "the issuer is asked in vain", async () => {
    await status(first);
    return frail.asked > asked;
  });
  assert.equal(await status(first), 200);

  clock.ahead(24 * HOUR + 60);
  await within(15_000, "what was seen before is refused", async () => (await status(first)) === 401);
  for (let round = 0; round < 20; round += 1) {
    assert.equal(await status(await token()), 401, "a new token");
    assert.equal(await status(first), 401, "one that was seen before");
    await pause(100);
  }

  frail.mode = "good";
  clock.ahead(24 * HOUR + 120);
  await served(await token(), "believed again once its keys could be had");
  assert.equal(await status(first), 200);
});
