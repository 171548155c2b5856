// An administrator opens the doors in a browser: a provider's people and tokens, and programs that register themselves.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ORIGIN, faults, launch, look, open, signIn, step } from "./browser.mjs";
import { administrator } from "./manage.mjs";
import { within } from "./platform.mjs";
import { honestProvider } from "./providers.mjs";

const STAMP = Date.now().toString(36);
const CORP = `Corp ${STAMP}`;
const WELL_KNOWN = "/.well-known/openid-configuration";
let browser, person, provider, admin;

before(async () => {
  provider = await honestProvider({ client_id: "postern", client_secret: "s", redirect_uris: ["http://localhost/cb"] }, () => ({}));
  ({ admin } = await administrator());
  browser = await launch();
  person = await open(browser);
});

after(async () => {
  await browser?.close();
  await provider?.close();
});

const dialog = () => person.getByRole("dialog");
const go = (name) => person.getByRole("link", { name, exact: true }).click();

step("a key manager is read from its metadata", async () => {
  await person.goto(`${ORIGIN}/admin/key-managers`);
  await signIn(person);
  await person.getByRole("row", { name: "Built in" }).waitFor();
  await person.getByRole("button", { name: "Add a key manager" }).click();
  await dialog().getByLabel("Address of its metadata").fill(`${provider.issuer}/wrong`);
  await dialog().getByRole("button", { name: "Read", exact: true }).click();
  await dialog().getByRole("alert").waitFor();
  await dialog().getByLabel("Address of its metadata").fill(provider.issuer + WELL_KNOWN);
  await dialog().getByRole("button", { name: "Read", exact: true }).click();
  await dialog().getByText("The fields say what the provider says of itself.").waitFor();
  assert.equal(await dialog().getByLabel("Address of its keys (JWKS)").inputValue(), `${provider.issuer}/jwks`);
  await dialog().getByLabel("Kind of provider").selectOption({ label: "Okta" });
  assert.equal(await dialog().getByLabel("Claim with the consumer key").inputValue(), "cid");
  await look(person, "admin-key-manager-new");
  await dialog().getByLabel("Name", { exact: false }).first().fill(CORP);
  await dialog().getByRole("button", { name: "Add a key manager" }).click();
  await person.getByRole("row", { name: CORP }).waitFor();
});

step("it is changed, and it can go", async () => {
  await person.getByRole("button", { name: `Edit ${CORP}` }).click();
  await dialog().getByLabel("Description").fill("Everybody at Corp");
  await dialog().getByRole("button", { name: "Save changes" }).click();
  await person.getByRole("row", { name: CORP }).getByText("Everybody at Corp").waitFor();
  await person.getByLabel("Token", { exact: true }).fill(admin.token);
  await person.getByRole("button", { name: "Test", exact: true }).click();
  await person.getByText("Valid: Resident Key Manager stands for it").waitFor();
  await look(person, "admin-key-managers");
  await person.getByRole("button", { name: `Delete ${CORP}` }).click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await person.getByText(`${CORP} is gone`).waitFor();
});

step("an identity provider leads a button to the sign-in page", async () => {
  await go("Sign-in");
  await look(person, "admin-sign-in");
  await person.getByRole("button", { name: "Add a provider" }).click();
  await dialog().getByLabel("Name on the button").fill(CORP);
  await dialog().getByLabel("Name in addresses").fill(`corp-${STAMP}`);
  await dialog().getByText(`/session/federated/corp-${STAMP}/callback`).waitFor();
  await dialog().getByLabel("Issuer").fill(provider.issuer);
  await dialog().getByLabel("Client ID").fill("postern");
  await dialog().getByRole("textbox", { name: "Client secret" }).fill("s");
  await dialog().getByLabel("Groups and their roles").fill("nonsense");
  await dialog().getByRole("button", { name: "Add a provider" }).click();
  await dialog().getByText("Each line has to be: group = role, role").waitFor();
  await dialog().getByLabel("Groups and their roles").fill("dev = Internal/creator");
  await look(person, "admin-identity-provider-new");
  await dialog().getByRole("button", { name: "Add a provider" }).click();
  await person.getByRole("row", { name: CORP }).waitFor();
  const stranger = await open(browser);
  await stranger.goto(`${ORIGIN}/sign-in/`);
  await stranger.getByRole("button", { name: CORP }).or(stranger.getByRole("link", { name: CORP })).first().waitFor();
  await person.getByRole("button", { name: `Delete ${CORP}` }).click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await person.getByText(`${CORP} is gone`).waitFor();
});

step("an organization is made, found, changed, and can go", async () => {
  await go("Organizations");
  await person.getByRole("button", { name: "New organization" }).click();
  await dialog().getByLabel("Name for people").fill(CORP);
  await dialog().getByLabel("Role of its people").fill("no role");
  await dialog().getByRole("button", { name: "New organization" }).click();
  await dialog().getByText(/^Up to 60 letters/).waitFor();
  await dialog().getByLabel("Role of its people").fill("admin");
  await dialog().getByRole("button", { name: "New organization" }).click();
  await dialog().getByRole("alert").waitFor();
  await dialog().getByLabel("Role of its people").fill(`corp-${STAMP}`);
  await look(person, "admin-organization-new");
  await dialog().getByRole("button", { name: "New organization" }).click();
  await person.getByText(`${CORP} is saved`).waitFor();
  await person.getByRole("searchbox", { name: "Search" }).fill("nobody-is-called-so");
  await person.getByRole("heading", { name: "Nothing matches" }).waitFor();
  await person.getByRole("searchbox", { name: "Search" }).fill(`corp-${STAMP}`);
  await person.waitForURL(/organizations\?query=corp/);
  await person.getByRole("button", { name: `Edit ${CORP}` }).click();
  await dialog().getByLabel("Description").fill("Buys by the pallet");
  await dialog().getByRole("button", { name: "Save changes" }).click();
  await person.getByRole("row", { name: CORP }).getByText("Buys by the pallet").waitFor();
  await look(person, "admin-organizations");
  await person.getByRole("button", { name: `Delete ${CORP}` }).click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await person.getByText(`${CORP} is gone`).waitFor();
});

step("a theme dresses the Developer Portal and the sign-in page", async () => {
  const SHEET = "/api/am/devportal/v3/theme/stylesheet";
  await go("Theme");
  await person.getByLabel("Colour of links and buttons", { exact: true }).fill("#6fbda5");
  await person.getByRole("button", { name: "Save changes" }).click();
  await person.getByText("Text would be hard to read: the contrast has to be 4.5 to 1").waitFor();
  await person.getByLabel("Colour of links and buttons", { exact: true }).fill("#7a1f5c");
  await person.getByText(/^Contrast \d+\.\d to 1$/).waitFor();
  await person.getByLabel("Heading", { exact: true }).fill(`APIs of ${CORP}`);
  const logo = (inside) => ({
    name: "logo.svg",
    mimeType: "image/svg+xml",
    buffer: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 32">${inside}<rect width="96" height="32" rx="6" fill="#7a1f5c"/></svg>`),
  });
  const choose = async (picture) => {
    const [chooser] = await Promise.all([person.waitForEvent("filechooser"), person.getByRole("button", { name: "Picture" }).click()]);
    await chooser.setFiles(picture);
  };
  await choose(logo("<script>alert(1)</script>"));
  await person.getByRole("img", { name: "The logo" }).waitFor();
  await person.getByRole("button", { name: "Save changes" }).click();
  await person.getByRole("alert").filter({ hasText: "script" }).waitFor();
  assert.equal(await (await fetch(ORIGIN + SHEET)).text(), "", "a refused theme changes nothing");
  await choose(logo(""));
  await person.getByRole("button", { name: "Save changes" }).click();
  await person.getByText("The theme is saved").waitFor();
  await look(person, "admin-theme");
  const guest = await open(browser);
  const dressed = () => guest.waitForFunction(() => getComputedStyle(document.documentElement).getPropertyValue("--postern-brand").trim() === "#7a1f5c");
  await guest.goto(`${ORIGIN}/devportal/`);
  await guest.getByRole("heading", { name: `APIs of ${CORP}`, level: 1 }).waitFor();
  await dressed();
  await guest.getByRole("link", { name: "Postern", exact: true }).waitFor();
  await look(guest, "devportal-themed");
  await guest.goto(`${ORIGIN}/sign-in/`);
  await guest.getByRole("button", { name: "Sign in" }).waitFor();
  await dressed();
  await look(guest, "sign-in-themed");
  const picture = await fetch(`${ORIGIN}/api/am/devportal/v3/theme/logo`);
  assert.deepEqual([picture.status, picture.headers.get("content-type")], [200, "image/svg+xml"]);
  assert.match(picture.headers.get("content-security-policy"), /sandbox/);
  await person.getByRole("button", { name: "Back to the look as shipped" }).click();
  await person.getByText("The gate and the word Postern, as shipped.").waitFor();
  const bare = async () => (await (await fetch(ORIGIN + SHEET)).text()) === "";
  await within(5_000, "the sheet is empty again", bare);
  assert.equal((await fetch(`${ORIGIN}/api/am/devportal/v3/theme/logo`)).status, 404);
});

step("an initial access token is shown once, and revoked", async () => {
  await go("Client registration");
  await person.getByRole("button", { name: "New token" }).click();
  await dialog().getByLabel("Label").fill(CORP);
  await dialog().getByRole("button", { name: "New token" }).click();
  const token = (await dialog().locator("code, pre").first().textContent()).trim();
  const wish = { redirect_uris: ["https://client.example/cb"], client_name: "journey" };
  const registered = await fetch(`${ORIGIN}/oauth2/register`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(wish),
  });
  assert.equal(registered.status, 201, await registered.text());
  await look(person, "admin-initial-token");
  await dialog().getByRole("button", { name: "Close" }).last().click();
  await person.getByRole("button", { name: "New token" }).click();
  await dialog().getByLabel("Label").fill(`${CORP} more`);
  await dialog().getByLabel("Clients that it lets in").fill("5");
  await dialog().getByRole("button", { name: "New token" }).click();
  await dialog().getByRole("button", { name: "Close" }).last().click();
  await person.getByRole("row", { name: `${CORP} more` }).waitFor();
  await look(person, "admin-client-registration");
  await person.getByRole("button", { name: `Revoke ${CORP} more` }).click();
  await dialog().getByRole("button", { name: "Revoke" }).click();
  await person.getByText(`${CORP} more is revoked`).waitFor();
});

step("a webhook is made, seen and deleted", async () => {
  await go("Webhooks");
  await person.getByRole("button", { name: "New webhook" }).click();
  await dialog().getByLabel("Name").fill(CORP);
  await dialog().getByLabel("Address").fill("https://hooks.example.org/postern");
  await dialog().getByRole("button", { name: "New webhook" }).click();
  await dialog().getByText("What messages are signed by").waitFor();
  await dialog().getByRole("button", { name: "Close" }).last().click();
  await person.getByRole("row", { name: CORP }).getByText("https://hooks.example.org/postern").waitFor();
  await look(person, "admin-webhooks");
  await person.getByRole("button", { name: `Delete ${CORP}` }).click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await person.getByText(`${CORP} is gone`).waitFor();
  await person.getByRole("row", { name: CORP }).waitFor({ state: "detached" });
});

test("nothing went wrong on the way", () => assert.deepEqual(faults, []));
