// How a report looks: on screens light and dark, on paper, in print.

import { createHash } from "node:crypto";

/** The style sheet. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--bar:#f5f5f3;--line:#dcdcd8;--ink:#1c1e20;--ink2:#555a5f;--link:#1d5fb0;
--ok:#0b6b5d;--warn:#8a5000;--bad:#b3241c;--mono:ui-monospace,SFMono-Regular,Menlo,"Cascadia Mono",Consolas,
"DejaVu Sans Mono","Liberation Mono",monospace}
@media (prefers-color-scheme:dark){:root{--paper:#18191b;--bar:#202225;--line:#303337;--ink:#dddfe1;--ink2:#9da3a9;
--link:#76aef2;--ok:#57c3ad;--warn:#e2a94f;--bad:#ff8e84}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1080px;padding:32px 24px 64px;background:var(--paper);color:var(--ink);
font:14px/20px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Cantarell,Ubuntu,"Liberation Sans",Arial,sans-serif;
font-variant-numeric:tabular-nums}
h1{margin:0 0 4px;font-size:20px;line-height:28px;font-weight:600}
h2{margin:0;font:600 15px/22px var(--mono);overflow-wrap:anywhere}
h3{margin:24px 0 6px;font-size:14px;line-height:20px;font-weight:600}
p{margin:0 0 12px}
a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
.quiet,dt,th,summary small{color:var(--ink2)}
.bad{color:var(--bad)}.warn{color:var(--warn)}.ok{color:var(--ok)}
i{font:11px/1 var(--mono);font-style:normal;color:var(--warn);border:1px solid;border-radius:2px;padding:0 2px}
table{width:100%;border-collapse:collapse;margin:20px 0 0}
th{text-align:left;font-weight:400;font-size:12px}
th,td{padding:4px 12px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}
td:nth-child(3){font-family:var(--mono);font-size:13px;overflow-wrap:anywhere;width:64%}
td:nth-child(4){min-width:90px}
h3 small{font-weight:400;font-size:12px}
th.n,td.n{text-align:right;white-space:nowrap}td.t{white-space:nowrap}
section{margin-top:40px;padding-top:16px;border-top:2px solid var(--ink);content-visibility:auto;
contain-intrinsic-size:auto 900px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:10px 0 0;font-size:13px}
dd{margin:0;overflow-wrap:anywhere}
pre{margin:0;padding:8px 12px;background:var(--bar);border:1px solid var(--line);border-radius:3px;
font:12px/18px var(--mono);white-space:pre-wrap;overflow-wrap:anywhere;tab-size:4;unicode-bidi:plaintext}
pre+pre,details,.note{margin-top:6px}
pre b{font-weight:600}
summary{cursor:pointer;font-size:13px;padding:2px 0}
.note{font-size:13px;color:var(--warn)}
footer{margin-top:48px;padding-top:12px;border-top:1px solid var(--line);color:var(--ink2);font-size:13px;
white-space:pre-line}
@media (max-width:640px){body{padding:16px 12px 40px}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:4px}}
@media print{:root{color-scheme:light;--paper:#fff;--bar:#fff;--line:#bbb;--ink:#000;--ink2:#444;--link:#000;--ok:#000;
--warn:#000;--bad:#000}body{max-width:none;padding:0;font-size:10pt}section{break-before:auto;content-visibility:visible}h2,h3,summary{
break-after:avoid}tr{break-inside:avoid}}
`;

/** What the report may do, for a browser: show this style, and nothing else. */
export const REPORT_CSP = `default-src 'none'; style-src 'sha256-${
  createHash("sha256").update(STYLE).digest("base64")
}'; base-uri 'none'; form-action 'none'`;
