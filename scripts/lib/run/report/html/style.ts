// SPDX-License-Identifier: MIT

/** How the page looks: one column, as wide as one reads, light or dark as the reader's system is. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #ffffff; --ink: #1b2330; --soft: #5c6675; --line: #dfe3e9; --code: #f0f2f5;
  --good: #1a7f4b; --good-soft: #e3f4ea; --bad: #c0362c; --bad-soft: #fbe9e7; --warn: #9a6200; --warn-soft: #fdf2dc;
  --accent: #2f5fd0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161c; --card: #1a2029; --ink: #e4e9f0; --soft: #98a3b3; --line: #2c3542; --code: #10141a;
    --good: #4cc38a; --good-soft: #16301f; --bad: #ff8377; --bad-soft: #3a1c1a; --warn: #e8b04a; --warn-soft: #35280f;
    --accent: #8ab0ff;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main, header, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
h1, h2, h3 { line-height: 1.25; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1rem; }
a { color: var(--accent); }
code, pre, kbd { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .84em; }
pre { margin: .5rem 0 0; padding: .7rem .85rem; background: var(--code); border-radius: 6px; overflow: auto; max-height: 26rem; line-height: 1.45; white-space: pre-wrap; overflow-wrap: anywhere; }

.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.15rem; }
.soft { color: var(--soft); }
.num { font-variant-numeric: tabular-nums; white-space: nowrap; }

.time { display: flex; gap: .75rem; align-items: center; padding: .15rem 0; }
.time .name { flex: 1 1 50%; overflow-wrap: anywhere; }
.time .span { flex: 1 1 40%; background: var(--code); border-radius: 3px; }
.time .span i { display: block; height: .6rem; min-width: 2px; border-radius: 3px; background: var(--accent); }

.verdict { border-bottom: 1px solid var(--line); border-top: 6px solid var(--tone); background: var(--tone-soft); padding: 1.6rem 0 1.4rem; }
.verdict h1 { font-size: 1.65rem; letter-spacing: -.01em; overflow-wrap: anywhere; }
.verdict .sign { display: inline-grid; place-items: center; width: 1.5em; height: 1.5em; margin-right: .45em; border-radius: 50%; background: var(--tone); color: var(--card); font-size: .8em; font-weight: 700; vertical-align: .06em; }
.verdict p { margin: .35rem 0 0; }
.verdict .cause { border: 1px solid var(--line); background: var(--card); margin-top: .9rem; max-height: 14rem; }
.good { --tone: var(--good); --tone-soft: var(--good-soft); }
.bad { --tone: var(--bad); --tone-soft: var(--bad-soft); }
.warn { --tone: var(--warn); --tone-soft: var(--warn-soft); }
.plain { --tone: var(--soft); --tone-soft: var(--code); }

.next { margin: 1rem 0 0; padding: 0; list-style: none; display: grid; gap: .5rem; }
.next li { display: grid; grid-template-columns: minmax(0, 17rem) minmax(0, 1fr); gap: .25rem .9rem; align-items: center; }
.command { display: flex; align-items: stretch; min-width: 0; }
.command code { flex: 1; min-width: 0; padding: .38rem .6rem; background: var(--card); border: 1px solid var(--line); border-radius: 6px; overflow-wrap: anywhere; }
.command button { display: none; }
.scripted .command button { display: block; margin-left: .4rem; }
button, input { font: inherit; color: inherit; }
button { font-size: .82rem; padding: .2rem .65rem; border: 1px solid var(--line); border-radius: 6px; background: var(--card); cursor: pointer; }
button:hover { border-color: var(--soft); }
button[aria-pressed="true"] { background: var(--ink); color: var(--card); border-color: var(--ink); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

.suites { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 14.5rem), 1fr)); gap: .9rem; margin-top: 1.4rem; }
.suites .card > p { margin: .3rem 0 0; }
.suites h3 { display: flex; justify-content: space-between; align-items: baseline; gap: .5rem; flex-wrap: wrap; overflow-wrap: anywhere; }
.badge { font-size: .72rem; font-weight: 600; padding: .08rem .5rem; border-radius: 99px; color: var(--tone); background: var(--tone-soft); white-space: nowrap; }
.bar { display: flex; height: .45rem; margin-top: .6rem; border-radius: 99px; overflow: hidden; background: var(--code); }
.bar i { background: var(--tone); min-width: 3px; }
.counts { display: flex; flex-wrap: wrap; gap: .1rem .9rem; font-size: .9rem; }
.counts b { color: var(--tone); }

.tools { display: none; gap: .4rem; flex-wrap: wrap; margin-bottom: .8rem; }
.scripted .tools { display: flex; }
.tools input { flex: 1 1 14rem; min-width: 0; padding: .3rem .65rem; border: 1px solid var(--line); border-radius: 6px; background: var(--card); }
.group { margin-bottom: .9rem; padding: 0; overflow: hidden; }
.group > summary { padding: .7rem 1.15rem; font-weight: 600; }
summary { cursor: pointer; }
.file { margin: 0; padding: .55rem 1.15rem .2rem; border-top: 1px solid var(--line); font-size: .8rem; font-weight: 600; color: var(--soft); overflow-wrap: anywhere; }
.test { padding: .28rem 1.15rem; }
.test > summary, .test > .row { display: grid; grid-template-columns: 1.4rem minmax(0, 1fr) auto; gap: .4rem; align-items: baseline; }
.test > summary { list-style: none; }
.test > summary::-webkit-details-marker { display: none; }
.test > summary .name { text-decoration: underline dotted var(--soft) 1px; text-underline-offset: .2em; }
.test[open] > summary .name { font-weight: 600; text-decoration: none; }
.test .name { overflow-wrap: anywhere; }
.test .sign { color: var(--tone); font-weight: 700; text-align: center; }
.test .num { font-size: .82rem; color: var(--soft); }
.body { padding: .1rem 0 .6rem 1.8rem; }
.group > .test:last-child { padding-bottom: .7rem; }
.trouble { display: grid; gap: .9rem; grid-template-columns: minmax(0, 1fr); }
.trouble > .card { border-left: 4px solid var(--tone); }
.trouble h3 { overflow-wrap: anywhere; }
.trouble .command { margin-top: .7rem; }
.body .command { margin-top: .5rem; }
.slice { margin-top: .6rem; }
.slice summary { font-size: .88rem; color: var(--soft); }
.slice .notable { color: var(--warn); }
.slice .fault { color: var(--bad); font-weight: 600; }
.slice .at { color: var(--soft); user-select: none; }

.charts { display: grid; gap: .9rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 28rem), 1fr)); }
.charts .card { margin: 0; padding: .6rem; min-width: 0; background: #fff; }
.charts img { display: block; width: 100%; height: auto; }
.figures { margin-top: .9rem; padding: .3rem 0; }
@media (prefers-color-scheme: dark) {
  .charts .card { border-color: #d3cabd; background: #d5dbe5; filter: invert(1) hue-rotate(180deg); }
  .charts img { mix-blend-mode: multiply; }
}
.scroll { overflow-x: auto; padding: .4rem 0; }
table { border-collapse: collapse; font-size: .9rem; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem 1.15rem; overflow-wrap: anywhere; }
th { font-weight: 600; white-space: nowrap; }
tr + tr > * { border-top: 1px solid var(--line); }
tbody th { color: var(--soft); font-weight: 400; }
footer { padding: 2rem 1.25rem 3rem; font-size: .85rem; color: var(--soft); }
[hidden] { display: none !important; }
@media (max-width: 40rem) {
  body { font-size: 15px; }
  .verdict h1 { font-size: 1.3rem; }
  .next li { grid-template-columns: minmax(0, 1fr); }
  .test, .file, .group > summary { padding-left: .8rem; padding-right: .8rem; }
  .body { padding-left: 0; }
  th, td { padding: .4rem .8rem; }
}
@media print { .tools, button { display: none !important; } pre { max-height: none; } }
`;
