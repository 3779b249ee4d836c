/// The page's looks. Left is blue and right is amber everywhere, a pair that colour-blind readers can tell apart;
/// verdicts also differ by shape and word.
let styleSheet: StaticString = """

  :root { color-scheme: light; --ink: #17222b; --soft: #5b6872; --rule: #dde3e8; --wash: #f5f7f9; --accent: #1d5c73;
    --left: #1f5fa8; --right: #b35a00; --unsided: #1d5c73; }
  * { box-sizing: border-box; margin: 0; padding: 0; }
  body { background: #eceff2; color: var(--ink); font: 15px/1.5 -apple-system, "Segoe UI", Roboto,
    "Helvetica Neue", Arial, system-ui, sans-serif; font-variant-numeric: tabular-nums; -webkit-print-color-adjust: exact;
    print-color-adjust: exact; }
  main { max-width: 860px; margin: 32px auto; padding: 52px 60px 40px; background: #fff; border-radius: 3px;
    box-shadow: 0 1px 4px rgba(23, 34, 43, .12); }
  .symbols { position: absolute; }
  .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  h1 { font-size: 27px; font-weight: 600; line-height: 1.2; letter-spacing: -.01em; margin: 10px 0 6px; }
  h2 { font-size: 16px; font-weight: 600; margin-bottom: 12px; }
  h3 { font-size: 15px; font-weight: 600; }
  small { font-size: 12px; font-weight: 400; color: var(--soft); }
  section { margin-top: 36px; }
  .u { color: var(--soft); white-space: nowrap; }

  .top { border-bottom: 1px solid var(--rule); padding-bottom: 18px; }
  .kind { display: flex; justify-content: space-between; color: var(--accent); font-size: 13px; font-weight: 600; }
  .subject { font-size: 17px; overflow-wrap: anywhere; }
  .facts { color: var(--soft); font-size: 13px; overflow-wrap: anywhere; white-space: pre-wrap; margin-top: 2px; }
  .pen { display: none; }

  .cards { display: grid; grid-template-columns: 1fr 1fr; gap: 40px; }
  .cards.one { grid-template-columns: 1fr; }
  .card { border-top: 3px solid var(--side); padding-top: 14px; }
  .left { --side: var(--left); } .right { --side: var(--right); } .unsided, .accent { --side: var(--unsided); }
  .card h3 { display: flex; align-items: center; gap: 9px; font-size: 16px; }
  .badge { display: inline-flex; width: 24px; height: 24px; border-radius: 50%; background: var(--side); color: #fff;
    font-size: 13px; align-items: center; justify-content: center; }
  .aside { font-weight: 400; color: var(--soft); margin-left: -7px; }
  .figure { margin-top: 10px; line-height: 1.1; }
  .figure .value { font-size: 52px; font-weight: 600; letter-spacing: -.02em; }
  .figure .u { font-size: 18px; margin-left: 4px; }
  .basis { color: var(--soft); font-size: 13px; margin-top: 6px; }
  .side-figures { margin-top: 14px; font-size: 14px; }
  .side-figures div { display: flex; justify-content: space-between; gap: 12px; padding: 5px 0;
    border-top: 1px solid var(--rule); }
  .side-figures dt { color: var(--soft); }
  .side-figures dd { text-align: right; font-weight: 600; }
  .side-figures .u { font-weight: 400; }
  .cards.one .card { display: grid; grid-template-columns: 1fr 1fr; column-gap: 40px; }
  .cards.one h3 { grid-column: 1 / -1; }
  .comparison { margin-top: 22px; padding: 12px 16px; background: var(--wash); border-radius: 3px; }
  .comparison .label { display: inline-block; color: var(--soft); margin-right: 12px; }
  .none { padding: 16px; background: var(--wash); }
  .context { font-size: 14px; }
  .beside { border-top: 1px solid var(--rule); padding: 10px 0 12px; break-inside: avoid; }
  .beside h3 { margin-bottom: 4px; }
  .beside ul { list-style: none; } .beside li { margin-top: 5px; }
  .beside .of { font-weight: 600; margin-top: 6px; }
  .source { color: var(--soft); font-size: 12.5px; }
  .change th { font-weight: 600; } .change tbody th { font-weight: 400; }

  figure svg { display: block; width: 100%; height: auto; overflow: visible; }
  .card .remark { grid-column: 1 / -1; margin-top: 12px; padding: 2px 0 2px 12px; border-left: 3px solid #85570a; font-size: 13px; }
  .strip { margin-top: 20px; }
  figcaption { color: var(--soft); font-size: 12px; margin-top: 4px; }
  .axes { color: var(--soft); font-size: 12px; margin: -8px 0 10px; }
  .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 20px; }
  .single .chart + .chart { margin-top: 16px; }
  .chart h3 { color: var(--side); font-size: 14px; }
  svg text { font-size: 11px; fill: var(--soft); }
  svg .middle { text-anchor: middle; } svg .end { text-anchor: end; }
  svg .row { font-size: 13px; fill: var(--ink); }
  svg .number { font-weight: 600; fill: var(--side); }
  svg .value { font-weight: 600; fill: var(--ink); paint-order: stroke; stroke: #fff; stroke-width: 3px; }
  .grid { stroke: var(--rule); } .zero { stroke: #9aa6af; }
  .stroke { fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
  .hatch { fill: #6a7580; opacity: .55; }
  .curve { fill: none; stroke: var(--ink); stroke-width: 1.2; stroke-linejoin: round; }
  .trial { fill: var(--side); fill-opacity: .11; }
  .trial.attention { stroke: var(--side); stroke-width: 1; stroke-dasharray: 3 2.5; stroke-opacity: .8; }
  .trial.invalid { fill: url(#hatch); fill-opacity: .35; stroke: #9aa6af; stroke-width: .8; }
  .trial.other { fill: #6a7580; fill-opacity: .1; }
  .gap { fill: #a3262a; fill-opacity: .75; }
  .plateau { stroke: var(--side); stroke-width: 3.2; stroke-linecap: round; }
  .bar { stroke: var(--side); stroke-width: 1.2; }
  .dot { fill: var(--side); stroke: #fff; stroke-width: 1; }
  .dot.small { stroke: none; }
  .dot.open { fill: #fff; stroke: var(--side); stroke-width: 1.5; }
  .band { fill: var(--side); fill-opacity: .16; } .mean { stroke: var(--side); stroke-width: 2; }
  .cross { fill: none; stroke: var(--soft); stroke-width: 1.6; }
  .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; margin-top: 8px; font-size: 12px;
    color: var(--soft); }
  .legend li { display: flex; align-items: center; gap: 6px; }
  .swatch { width: 24px; flex: none; }

  table { width: 100%; border-collapse: collapse; font-size: 14px; }
  table + table, .note + table { margin-top: 22px; }
  caption { text-align: left; padding-bottom: 6px; color: var(--soft); }
  .swatch-side { color: var(--side); font-weight: 600; }
  th, td { text-align: right; padding: 6px 10px; vertical-align: top; border-bottom: 1px solid var(--rule);
    white-space: nowrap; }
  thead th { font-weight: 600; vertical-align: bottom; border-bottom: 1.5px solid var(--ink); line-height: 1.25; }
  th small { display: block; }
  tr > :first-child { text-align: left; padding-left: 0; }
  .trials table { table-layout: fixed; }
  .trials thead th:first-child, .trials thead th:nth-child(3) { width: 8%; } .trials thead .words { width: 19%; }
  .words { text-align: left; padding-right: 0; padding-left: 26px; }
  tbody th { font-weight: 600; }
  .in-mean { color: var(--side, var(--accent)); margin-left: 3px; }
  .note .in-mean { margin-left: 0; color: var(--accent); }
  .verdict { display: inline-flex; align-items: center; gap: 6px; }
  .valid .verdict { color: #1e6b3a; } .attention .verdict { color: #85570a; font-weight: 600; }
  .invalid .verdict { color: #a3262a; font-weight: 600; }
  .mark { flex: none; }
  tr.explained th, tr.explained td { border-bottom: 0; padding-bottom: 0; }
  tr.why { break-before: avoid; }
  tr.why td { text-align: left; white-space: normal; font-size: 13px; color: var(--soft); padding: 0 0 7px 10px; }
  tr.other td, tr.other th, tr.invalid td { color: var(--soft); }
  tr.invalid td strong { font-weight: 400; text-decoration: line-through; }
  .note { break-before: avoid; font-size: 12px; color: var(--soft); margin-top: 6px; }

  .boxes { display: grid; grid-template-columns: 1.25fr 1fr; gap: 32px 40px; }
  .box { min-width: 0; font-size: 13px; }
  .box h2 { border-bottom: 1.5px solid var(--ink); padding-bottom: 6px; margin-bottom: 8px; overflow-wrap: anywhere; }
  .pairs { display: grid; grid-template-columns: auto 1fr; gap: 5px 14px; }
  .pairs dt { color: var(--soft); }
  .pairs dd { overflow-wrap: anywhere; }
  .counters { font-size: 13px; }
  .counters th, .counters td { padding: 2.5px 0 2.5px 14px; border: 0; white-space: normal; }
  .counters tr > :first-child { padding-left: 0; }
  .counters thead th { padding-bottom: 4px; }
  .counters tbody th { font-weight: 400; color: var(--soft); width: auto; }
  .tag { display: inline-block; padding: 0 6px; border: 1px solid var(--rule); border-radius: 3px;
    font-size: 12px; color: var(--soft); }
  .tag.doubt { border-color: #85570a; color: #85570a; font-weight: 600; }
  .remarks { grid-column: 1 / -1; margin: -16px 0 0 16px; font-size: 13px; overflow-wrap: anywhere; }

  .definitions { font-size: 13px; }
  .definitions dl { display: grid; grid-template-columns: 150px 1fr; gap: 6px 20px; }
  .definitions dt { font-weight: 600; }
  .definitions dd { color: #34414b; }
  footer { margin-top: 32px; padding-top: 12px; border-top: 1px solid var(--rule); font-size: 12px; color: var(--soft);
    display: flex; justify-content: space-between; gap: 24px; flex-wrap: wrap; }
  footer strong { color: var(--ink); }

  @media (max-width: 700px) {
    main { margin: 0; padding: 24px 18px; border-radius: 0; }
    .cards, .boxes, .pair, .cards.one .card, .definitions dl { grid-template-columns: 1fr; gap: 20px; }
    .definitions dl { gap: 2px; } .definitions dd { margin-bottom: 10px; }
    .trials { overflow-x: auto; } .trials table { min-width: 640px; }
  }
  @page { size: A4; margin: 13mm 16mm 12mm; }
  @media print {
    body { background: none; font-size: 9.5pt; line-height: 1.4; }
    main { max-width: none; margin: 0; padding: 0; box-shadow: none; }
    section { margin-top: 5mm; }
    h1 { font-size: 18pt; margin: 1.5mm 0 1mm; } h2 { font-size: 11pt; margin-bottom: 2mm; }
    h2, h3, caption, .axes { break-after: avoid; }
    .top { padding-bottom: 4mm; } .subject { font-size: 11pt; }
    .figure { margin-top: 2mm; } .figure .value { font-size: 34pt; } .figure .u { font-size: 12pt; }
    .side-figures { margin-top: 2.5mm; font-size: 9pt; } .side-figures div { padding: .9mm 0; }
    .basis { font-size: 8.5pt; } .box, .counters { font-size: 8pt; }
    .card { padding-top: 2.5mm; }
    .comparison { margin-top: 4mm; padding: 2mm 3.5mm; }
    .strip { margin-top: 3.5mm; }
    .definitions, .axes, figcaption, .legend, .note, .facts, small, footer { font-size: 8pt; }
    .trials table { font-size: 8.5pt; } .trials tr.why td { font-size: 8pt; }
    .trials th, .trials td { padding-top: .6mm; padding-bottom: .6mm; line-height: 1.25; }
    .trials tr.why td { padding-top: 0; } .trials tr.explained > * { padding-bottom: 0; }
    .counters th, .counters td { padding-top: .2mm; padding-bottom: .2mm; }
    .trials table + table, .trials .note + table { margin-top: 3.5mm; } .note { margin-top: 1mm; }
    .pairs { gap: .6mm 3mm; } .definitions dl { gap: .8mm 4mm; grid-template-columns: 32mm 1fr; line-height: 1.35; }
    .box h2 { padding-bottom: 1mm; margin-bottom: 1.5mm; } .remarks { margin-top: 0; font-size: 8pt; } .boxes { gap: 2mm 10mm; }
    thead { display: table-header-group; }
    .short, .card, .box, figure, tr, .comparison, .definitions, footer { break-inside: avoid; }
    footer { margin-top: 5mm; padding-top: 2mm; }
    .pen { display: grid; grid-template-columns: 2fr 1fr 1.4fr; gap: 8mm; margin-top: 4mm; font-size: 8.5pt;
      color: var(--soft); }
    .pen div { border-bottom: 1px solid #9aa6af; padding-bottom: 1mm; }
  }

  """
