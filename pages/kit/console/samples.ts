import { type Call, curlOf } from '../curl';

/** The languages in which a call is shown. */
export const SAMPLES = {
  curl: { name: 'curl', write: curlOf },
  javascript: { name: 'JavaScript', write: javascript },
  python: { name: 'Python', write: python },
  go: { name: 'Go', write: go },
  java: { name: 'Java', write: java },
  rust: { name: 'Rust', write: rust },
  csharp: { name: 'C#', write: csharp },
} satisfies Record<string, { name: string; write: (call: Call) => string }>;

export type SampleLanguage = keyof typeof SAMPLES;

export function isSampleLanguage(name: unknown): name is SampleLanguage {
  return typeof name === 'string' && Object.hasOwn(SAMPLES, name);
}

/** JSON's strings are strings of JavaScript, Python, Go, Java and C# too: each knows `\n`, `\"` and `\uXXXX`. */
function text(value: string): string {
  return JSON.stringify(value).replace(BEYOND_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function javascript({ method, url, headers, body }: Call): string {
  const lines = [
    ...(method === 'GET' ? [] : [`  method: ${text(method)},`]),
    ...(headers.length === 0 ? [] : ['  headers: {', ...headers.map(([name, value]) => `    ${text(name)}: ${text(value)},`), '  },']),
    ...(body ? [`  body: ${text(body)},`] : []),
  ];
  return [
    `const response = await fetch(${text(url)}${lines.length > 0 ? ', {' : ');'}`,
    ...lines,
    ...(lines.length > 0 ? ['});'] : []),
    'console.log(response.status, await response.text());',
  ].join('\n');
}

function python({ method, url, headers, body }: Call): string {
  return [
    'import urllib.request',
    '',
    'request = urllib.request.Request(',
    `    ${text(url)},`,
    `    method=${text(method)},`,
    '    headers={',
    ...headers.map(([name, value]) => `        ${text(name)}: ${text(value)},`),
    '    },',
    ...(body ? [`    data=${text(body)}.encode(),`] : []),
    ')',
    'with urllib.request.urlopen(request) as response:',
    '    print(response.status, response.read().decode())',
  ].join('\n');
}

function go({ method, url, headers, body }: Call): string {
  const imports = ['fmt', 'io', 'net/http', ...(body ? ['strings'] : [])];
  return [
    'package main',
    '',
    'import (',
    ...imports.map((name) => `\t"${name}"`),
    ')',
    '',
    'func main() {',
    `\trequest, err := http.NewRequest(${text(method)}, ${text(url)}, ${body ? `strings.NewReader(${text(body)})` : 'nil'})`,
    '\tif err != nil {',
    '\t\tpanic(err)',
    '\t}',
    ...headers.map(([name, value]) => `\trequest.Header.Set(${text(name)}, ${text(value)})`),
    '\tresponse, err := http.DefaultClient.Do(request)',
    '\tif err != nil {',
    '\t\tpanic(err)',
    '\t}',
    '\tdefer response.Body.Close()',
    '\tbody, _ := io.ReadAll(response.Body)',
    '\tfmt.Println(response.StatusCode, string(body))',
    '}',
  ].join('\n');
}

function java({ method, url, headers, body }: Call): string {
  const publisher = body ? `HttpRequest.BodyPublishers.ofString(${text(body)})` : 'HttpRequest.BodyPublishers.noBody()';
  return [
    'import java.net.URI;',
    'import java.net.http.HttpClient;',
    'import java.net.http.HttpRequest;',
    'import java.net.http.HttpResponse;',
    '',
    'public class Call {',
    '    public static void main(String[] arguments) throws Exception {',
    `        var request = HttpRequest.newBuilder(URI.create(${text(url)}))`,
    ...headers.map(([name, value]) => `            .header(${text(name)}, ${text(value)})`),
    `            .method(${text(method)}, ${publisher})`,
    '            .build();',
    '        var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());',
    '        System.out.println(response.statusCode() + " " + response.body());',
    '    }',
    '}',
  ].join('\n');
}

function rust({ method, url, headers, body }: Call): string {
  return [
    '// Cargo.toml: reqwest = { version = "0.12", features = ["blocking"] }',
    'fn main() -> Result<(), reqwest::Error> {',
    '    let response = reqwest::blocking::Client::new()',
    `        .request(reqwest::Method::${method}, ${raw(url)})`,
    ...headers.map(([name, value]) => `        .header(${raw(name)}, ${raw(value)})`),
    ...(body ? [`        .body(${raw(body)})`] : []),
    '        .send()?;',
    '    println!("{} {}", response.status(), response.text()?);',
    '    Ok(())',
    '}',
  ].join('\n');
}

function csharp({ method, url, headers, body }: Call): string {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? 'text/plain';
  const others = headers.filter(([name]) => name.toLowerCase() !== 'content-type');
  return [
    'using System.Text;',
    '',
    'using var client = new HttpClient();',
    `using var request = new HttpRequestMessage(new HttpMethod(${text(method)}), ${text(url)});`,
    ...others.map(([name, value]) => `request.Headers.TryAddWithoutValidation(${text(name)}, ${text(value)});`),
    ...(body ? [`request.Content = new StringContent(${text(body)}, Encoding.UTF8, ${text(type)});`] : []),
    'using var response = await client.SendAsync(request);',
    'Console.WriteLine($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");',
  ].join('\n');
}

/** A string of Rust, whose escapes are others than JSON's: raw, with as many hashes as it takes. */
function raw(value: string): string {
  if (!/["\\\n]/.test(value)) return `"${value}"`;
  let hashes = '#';
  while (value.includes(`"${hashes}`)) hashes += '#';
  return `r${hashes}"${value}"${hashes}`;
}

const BEYOND_ASCII = /[^\n -~]/g;
