/** The report's style sheet: system fonts, light and dark by the reader's setting, nothing fetched. */
export const style: string = `
:root { color-scheme: light dark;
  --ground: #fbfbfa; --card: #fff; --text: #1d2329; --soft: #5b6570; --line: #dfe3e6; --grid: #e9ecee;
  --mark: #1f5fbf; --pale: #9dbce8; --other: #b4541a; --good: #16703c; --bad: #b3261e; --badground: #fdecea; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #14171a; --card: #1c2024; --text: #e7eaed; --soft: #a3adb7; --line: #343b42; --grid: #2a3036;
  --mark: #7fb2ff; --pale: #3f5f8f; --other: #f0a26b; --good: #6fd198; --bad: #ff8f86; --badground: #3a1f1d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 84rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.01em; text-wrap: balance; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 3.2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.6rem 0 .3rem; }
p, li, dd { max-width: 76ch; }
p { margin: .3rem 0 1rem; color: var(--soft); }
p b { color: var(--text); }
li { margin: .35rem 0; color: var(--soft); }
li b { color: var(--text); }
ul { padding-left: 1.2rem; }
code { font: .88em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
small { color: var(--soft); font-variant-numeric: tabular-nums; }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; margin: 1rem 0 0; }
a { color: var(--mark); text-underline-offset: .2em; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr)); gap: 1rem; margin: 1.6rem 0 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1.1rem; }
.card b { display: block; font-size: 1.6rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.card.good b { color: var(--good); } .card.bad b { color: var(--bad); }
.card span { color: var(--soft); font-size: .9rem; }
.bad-box { background: var(--badground); border: 1px solid var(--bad); border-radius: .6rem; padding: .6rem 1.1rem; margin: 1.4rem 0; }
.bad-box li, .bad li { color: var(--text); }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .42rem .9rem; text-align: right; white-space: nowrap; border-top: 1px solid var(--line); font-weight: 400; }
thead th { border-top: 0; color: var(--soft); font-size: .82rem; vertical-align: bottom; }
th:first-child { text-align: left; }
tbody th { white-space: normal; min-width: 11rem; }
th:first-child { position: sticky; left: 0; background: var(--card); }
.wide th, .wide td { text-align: left; white-space: normal; vertical-align: top; }
.wide tbody th { min-width: 5rem; }
.wide td:last-child { min-width: 18rem; }
.matrix td { text-align: left; } .matrix thead th { text-align: left; }
.equal { color: var(--good); } .differs { color: var(--bad); font-weight: 600; } .unknown { color: var(--soft); }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 36rem), 1fr)); gap: 1.2rem; }
.panel { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.6rem 1.1rem 1.1rem; min-width: 0; }
.panel h3 { margin: 0; } .panel figcaption p { font-size: .85rem; line-height: 1.45; margin: .15rem 0 .8rem; }
.lane { display: grid; grid-template-columns: minmax(0, 20.5rem) minmax(0, 1fr); gap: 0 1.4rem; align-items: center; font-size: .82rem; line-height: 1.25; }
.lane span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.lane svg { width: 100%; height: 23px; overflow: visible; display: block; }
.axis svg { height: 18px; }
.axis text { fill: var(--soft); font-size: 11px; font-variant-numeric: tabular-nums; }
.note { fill: var(--soft); font-size: 11px; }
.grid { stroke: var(--grid); } .base { stroke: var(--text); stroke-width: 1.2; stroke-dasharray: 2 2; }
.range { stroke: var(--pale); stroke-width: 2; } .band { stroke: var(--pale); stroke-width: 7; stroke-linecap: round; }
.tick { stroke: var(--mark); stroke-width: 2; } .dot { fill: var(--mark); }
.ring { fill: var(--card); stroke: var(--mark); stroke-width: 1.6; } .other { fill: none; stroke: var(--other); stroke-width: 2; }
.key { white-space: nowrap; color: var(--text); } .key svg { vertical-align: -2px; overflow: visible; }
details { margin: 1rem 0 0; } summary { cursor: pointer; color: var(--mark); } 
dl { display: grid; grid-template-columns: max-content 1fr; gap: .4rem 1.4rem; margin: 1.4rem 0 0; }
dt { color: var(--soft); } dd { margin: 0; }
@media (max-width: 40rem) {
  main { padding: 1.4rem 1rem 3rem; } h1 { font-size: 1.5rem; }
  .lane { grid-template-columns: 1fr; } .lane span { white-space: normal; } .lane + .lane { margin-top: .35rem; } .lane span { color: var(--soft); }
  .axis span { display: none; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .7rem; }
  th, td { padding: .4rem .6rem; } tbody th { min-width: 9rem; }
}
@media print { details { display: none; } .panel, tr { break-inside: avoid; } }
`
