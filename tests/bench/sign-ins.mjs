// Do sign-ins starve tokens? Tokens at a steady rate, first alone, then beside sign-ins at another steady rate.
//
//   POSTERN_URL=... POSTERN_ADMIN_USER=... POSTERN_ADMIN_PASSWORD=... node tests/bench/sign-ins.mjs [sign-ins a second] [seconds]

import { ADMIN, administrator, fresh, nobody } from "../journeys/manage.mjs";

const [signInRate = 100, seconds = 10] = process.argv.slice(2).map(Number);
const TOKEN_RATE = 50;

const { admin } = await administrator();
const person = { username: fresh("bench"), password: "tin lamp river 9" };
await admin.expect(201, "POST", `${ADMIN}/users`, { ...person, roles: [] });
const own = Buffer.from(`${person.username}:${person.password}`).toString("base64");
const wish = { clientName: fresh("bench"), grantType: "client_credentials", saasApp: true };
const client = (
  await nobody.expect(200, "POST", "/client-registration/v0.17/register", wish, { authorization: `Basic ${own}` })
).body;
const credential = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString("base64");
const headers = { authorization: `Basic ${credential}`, "content-type": "application/x-www-form-urlencoded" };
const issue = () => nobody.send("POST", "/oauth2/token", "grant_type=client_credentials", headers);
const signIn = () => nobody.send("POST", "/session", person);

for (let warm = 0; warm < 20; warm += 1) await issue();
await signIn();
console.log(JSON.stringify({ "one sign-in, ms": await median(signIn, 20), "one token, ms": await median(issue, 50) }));
console.log(JSON.stringify({ "tokens alone": summary(await steady(issue, TOKEN_RATE, seconds), seconds) }));
const both = await Promise.all([steady(issue, TOKEN_RATE, seconds), steady(signIn, signInRate, seconds)]);
console.log(JSON.stringify({ tokens: summary(both[0], seconds), "sign-ins": summary(both[1], seconds) }));

/** Sends at a rate whatever the answers do; status, begin and end of each. */
async function steady(send, rate, length) {
  const began = performance.now();
  const sent = [];
  for (let index = 0; index < rate * length; index += 1) {
    const due = began + (index * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((over) => setTimeout(over, wait));
    sent.push(send().then(({ status }) => ({ status, ms: performance.now() - due, at: performance.now() - began })));
  }
  return Promise.all(sent);
}

function summary(answers, length) {
  const times = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] * 10) / 10;
  const good = answers.filter(({ status }) => status === 200);
  const lasted = Math.max(length * 1000, ...answers.map((answer) => answer.at)) / 1000;
  return { sent: answers.length, good: good.length, "a second": Math.round(good.length / lasted), p50: at(0.5), p99: at(0.99), worst: at(1) };
}

async function median(send, times) {
  const taken = [];
  for (let index = 0; index < times; index += 1) {
    const began = performance.now();
    await send();
    taken.push(performance.now() - began);
  }
  return Math.round(taken.sort((a, b) => a - b)[times >> 1] * 10) / 10;
}
