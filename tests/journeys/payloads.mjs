// Texts that would run if a page took them for anything but text. Each calls `alert`, or leaves an element with `data-ran`.

const CALLS = ["alert(1)", "alert`1`", "window['al'+'ert'](1)", "top.alert(1)", "parent.alert(1)", "self[/al/.source+/ert/.source](1)"];

/** At least 500 different ones; each kind comes with so many ways to call. */
export function payloads(calls = CALLS.length) {
  const all = new Set();
  for (const call of CALLS.slice(0, calls)) for (const one of [...elements(call), ...markdown(call), ...breakouts(call)]) all.add(one);
  return [...all];
}

function elements(call) {
  const on = (tag, event, more = "") => `<${tag} data-ran ${more} ${event}=${call}>`;
  const names = ["img", "video", "audio", "body", "svg", "iframe", "input", "details", "object", "marquee", "select", "style", "link", "math", "a"];
  const events = ["onerror", "onload", "onfocus", "onmouseover"];
  return [
    ...names.flatMap((name) => events.map((event) => on(name, event, "src=x href=x autofocus open tabindex=0"))),
    `<script data-ran>${call}</script>`,
    `<ScRiPt data-ran>${call}</sCrIpT>`,
    `<script data-ran src=data:text/javascript,${call}></script>`,
    `<script/x data-ran>${call}</script>`,
    `<svg data-ran><script>${call}</script></svg>`,
    `<svg data-ran><animate onbegin=${call} attributeName=x dur=1s>`,
    `<iframe data-ran srcdoc="<script>parent.${call}</script>"></iframe>`,
    `<iframe data-ran src="javascript:${call}"></iframe>`,
    `<object data-ran data="javascript:${call}"></object>`,
    `<embed data-ran src="javascript:${call}">`,
    `<a data-ran href="javascript:${call}">click</a>`,
    `<a data-ran href=" java\tscript:${call}">click</a>`,
    `<form data-ran action="javascript:${call}"><button>send</button></form>`,
    `<math data-ran href="javascript:${call}">x</math>`,
    `<base data-ran href="javascript:${call}//">`,
    `<meta data-ran http-equiv=refresh content="0;url=javascript:${call}">`,
    `<template data-ran><img src=x onerror=${call}></template>`,
    `<noscript><p title="</noscript><img data-ran src=x onerror=${call}>">`,
    `<style data-ran>@import 'javascript:${call}';</style>`,
    `<img data-ran src="x" onerror="&#97;lert(1)">`,
    `<div data-ran style="background:url(javascript:${call})">`,
    `<portal data-ran src="javascript:${call}">`,
  ];
}

function markdown(call) {
  const schemes = ["javascript:", "JaVaScRiPt:", "java&#115;cript:", "javascript&colon;", "vbscript:", "data:text/html,<script>", "%6Aavascript:", "\u0001javascript:"];
  return [
    ...schemes.map((scheme) => `[link](${scheme}${call})`),
    ...schemes.map((scheme) => `![picture](${scheme}${call})`),
    ...schemes.map((scheme) => `<${scheme}${call}>`),
    `[link]: javascript:${call}\n[link]`,
    `[x](<javascript:${call}>)`,
    `![x](x "onerror=${call}")`,
    `![x](x"onerror="${call})`,
    `| a |\n|---|\n| <img data-ran src=x onerror=${call}> |`,
    `\`\`\`<img data-ran src=x onerror=${call}>\`\`\``,
    `- [ ] <input data-ran autofocus onfocus=${call}>`,
    `[^1]: <svg data-ran onload=${call}>`,
  ];
}

function breakouts(call) {
  return [
    `"><img data-ran src=x onerror=${call}>`,
    `'><svg data-ran onload=${call}>`,
    `</textarea><script data-ran>${call}</script>`,
    `</title><script data-ran>${call}</script>`,
    `--><img data-ran src=x onerror=${call}>`,
    `]]><img data-ran src=x onerror=${call}>`,
    `\${${call}}`,
    `{{constructor.constructor('${call}')()}}`,
    `#{${call}}`,
    `';${call}//`,
    `";${call}//`,
    `\\";${call}//`,
    `</script><script data-ran>${call}</script>`,
    `javascript:${call}`,
    `\u202e<img data-ran src=x onerror=${call}>`,
    `\u2028<img data-ran src=x onerror=${call}>`,
    `<<img data-ran src=x onerror=${call}>>`,
    `<img data-ran src=x onerror=${call} `,
    `{"__proto__":{"onerror":"${call}"}}`,
    `%3Cimg%20data-ran%20src=x%20onerror=${call}%3E`,
  ];
}

/** The payloads as texts of at most `limit` characters each; one that is longer than that is left out. */
export function spread(all, limit, between = "\n\n") {
  const texts = [];
  let held = "";
  for (const one of all) {
    if (one.length > limit) continue;
    const next = held === "" ? one : held + between + one;
    if (next.length <= limit) held = next;
    else {
      texts.push(held);
      held = one;
    }
  }
  if (held !== "") texts.push(held);
  return texts;
}
