/** A request as a person would type it in a shell. */
export interface Call {
  method: string;
  url: string;
  headers: [string, string][];
  body?: string;
}

export function curlOf({ method, url, headers, body }: Call): string {
  const parts = [method === 'GET' ? `curl ${quoted(url)}` : `curl -X ${method} ${quoted(url)}`];
  for (const [name, value] of headers) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (body !== undefined && body !== '') parts.push(`--data-raw ${quoted(body)}`);
  return parts.join(' \\\n  ');
}

/** A call of the management API behind a page; the token is the reader's to get. */
export function managementCurl(path: string): string {
  return `curl ${quoted(location.origin + path)} \\\n  -H "Authorization: Bearer $TOKEN"`;
}

/** Safe in single quotes whatever it holds. */
function quoted(text: string): string {
  return /^[\w:/.@%-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
