// Do sign-ins starve tokens? On a platform of its own: what one sign-in and one token cost, then tokens at a steady rate, first
// alone, then beside sign-ins at another.
//
//   node tests/bench/sign-ins.mjs [sign-ins a second] [seconds]

import { readFileSync } from "node:fs";
import { OwnPlatform } from "../journeys/own-platform.mjs";

const [signInRate = 100, seconds = 10] = process.argv.slice(2).map(Number);
const TOKEN_RATE = 50;

const own = new OwnPlatform();
try {
  await own.start();
  const person = own.administrator;
  const basic = (user, secret) => ({ authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}` });
  const wish = { clientName: "bench", grantType: "client_credentials", callbackUrl: "", saasApp: true };
  const register = "/client-registration/v0.17/register";
  const client = await own.expect(200, "POST", register, wish, basic(person.username, person.password));
  const grant = new URLSearchParams({ grant_type: "client_credentials" });
  const credential = basic(client.clientId, client.clientSecret);
  const issue = () => own.send("POST", "/oauth2/token", grant, credential);
  const signIn = () => own.send("POST", "/session", person);
  for (let warm = 0; warm < 20; warm += 1) await issue();
  for (let warm = 0; warm < 5; warm += 1) await signIn();
  console.log(JSON.stringify({ "one sign-in": await alone(signIn, 40), "one token": await alone(issue, 100) }));
  console.log(JSON.stringify({ "tokens alone": summary(await steady(issue, TOKEN_RATE, seconds), seconds) }));
  const before = ticks();
  const both = await Promise.all([steady(issue, TOKEN_RATE, seconds), steady(signIn, signInRate, seconds)]);
  const cpuSeconds = (ticks() - before) / 100;
  console.log(JSON.stringify({ tokens: summary(both[0], seconds), "sign-ins": summary(both[1], seconds), cpuSeconds }));
} finally {
  own.remove();
}

/** One after another: the median time, and the CPU time of the whole process for one. */
async function alone(send, times) {
  const taken = [];
  const before = ticks();
  for (let index = 0; index < times; index += 1) {
    const began = performance.now();
    const { status, text } = await send();
    if (status !== 200) throw new Error(text);
    taken.push(performance.now() - began);
  }
  const cpuMs = ((ticks() - before) * 10) / times;
  return { ms: Math.round(taken.sort((a, b) => a - b)[times >> 1] * 10) / 10, cpuMs: Math.round(cpuMs * 10) / 10 };
}

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

/** User and system time of the process; Linux counts in hundredths of a second. */
function ticks() {
  const fields = readFileSync(`/proc/${own.pid}/stat`, "utf8").split(") ")[1].split(" ");
  return Number(fields[11]) + Number(fields[12]);
}
