/// The one stylesheet: the Obsidian tokens first, then elements, then components, then narrow screens.
///
/// It lives in the source so that the `pitwall` binary can be copied alone.
package enum Stylesheet {
    package static let text = tokens + elements + header + components + tables + charts + narrow

    private static let tokens = """
        :root {
          color-scheme: dark;
          --bg-deep: #0B0F19; --bg-surface: #131825; --bg-elevated: #1A2035; --bg-glass: rgba(255,255,255,.04);
          --text-primary: #E8ECF4; --text-secondary: #8B95A8; --text-tertiary: #5A6478;
          --signal-cyan: #22D3EE; --signal-blue: #60A5FA; --signal-green: #34D399;
          --signal-amber: #FBBF24; --signal-red: #F87171;
          --line: rgba(255,255,255,.06); --hairline: rgba(255,255,255,.04);
          --space-1: 4px; --space-2: 8px; --space-3: 12px; --space-4: 16px; --space-6: 24px; --space-8: 32px;
          --space-10: 40px; --space-12: 48px; --space-16: 64px;
          --display: "JetBrains Mono", ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace;
          --sans: "IBM Plex Sans", system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif;
        }

        """

    private static let elements = """
        *, *::before, *::after { box-sizing: border-box; }
        html { scroll-padding-top: 96px; -webkit-text-size-adjust: 100%; }
        body.obsidian {
          margin: 0; min-height: 100vh; background: var(--bg-deep); color: var(--text-primary);
          font: 400 16px/1.5 var(--sans); font-variant-numeric: tabular-nums;
        }
        h1, h2, h3 { font-family: var(--display); line-height: 1.25; margin: 0; letter-spacing: -.01em; }
        h1 { font-size: 28px; font-weight: 700; }
        h2 { font-size: 18px; font-weight: 600; }
        h3 { font-size: 16px; font-weight: 600; }
        p { margin: 0; }
        a { color: var(--signal-cyan); text-decoration: none; }
        a:hover { color: var(--signal-blue); text-decoration: underline; text-underline-offset: 3px; }
        code, .number { font-family: var(--display); }
        :focus-visible { outline: 2px solid var(--signal-cyan); outline-offset: 2px; border-radius: 6px; }
        button, input, .button {
          font: 600 15px/1.2 var(--sans); min-height: 44px; padding: 0 var(--space-4); border-radius: 8px;
          border: 1px solid var(--line); background: var(--bg-elevated); color: var(--text-primary);
        }
        button, .button { cursor: pointer; display: inline-flex; align-items: center; }
        button:hover, .button:hover { border-color: var(--signal-blue); text-decoration: none; }
        button.primary { background: var(--signal-cyan); border-color: var(--signal-cyan); color: var(--bg-deep); }
        button.primary:hover { background: var(--signal-blue); border-color: var(--signal-blue); }
        input { font: 400 15px/1.2 var(--display); width: 100%; }
        .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        .skip { position: absolute; left: var(--space-6); top: -64px; z-index: 3; }
        .skip:focus { top: var(--space-2); }
        .obs-container { max-width: 1400px; margin: 0 auto; padding: 0 var(--space-6); }
        main.obs-container { padding-top: var(--space-8); padding-bottom: var(--space-12); }
        main > * + * { margin-top: var(--space-6); }

        """

    private static let header = """
        .bar {
          position: sticky; top: 0; z-index: 2; background: rgba(11,15,25,.82);
          backdrop-filter: blur(8px); border-bottom: 1px solid var(--line);
        }
        .bar .obs-container { display: flex; align-items: center; gap: var(--space-4); min-height: 64px; }
        .brand { font: 700 18px/1 var(--display); color: var(--text-primary); display: inline-flex; align-items: center;
          gap: var(--space-2); min-height: 44px; }
        .brand:hover { color: var(--text-primary); text-decoration: none; }
        .brand svg { width: 22px; height: 22px; }
        .push { margin-left: auto; }
        .windows { display: flex; gap: 2px; padding: 2px; background: var(--bg-surface); border: 1px solid var(--line);
          border-radius: 10px; }
        .windows a { display: flex; align-items: center; justify-content: center; min-height: 44px; min-width: 60px;
          padding: 0 var(--space-3); border-radius: 8px; color: var(--text-secondary); font: 600 14px/1 var(--display); }
        .windows a:hover { color: var(--text-primary); background: var(--bg-glass); text-decoration: none; }
        .windows a[aria-current] { background: var(--bg-elevated); color: var(--signal-cyan); }
        .menu { position: relative; }
        .menu summary { list-style: none; cursor: pointer; min-height: 44px; padding: 0 var(--space-4); display: flex;
          align-items: center; border: 1px solid var(--line); border-radius: 8px; font-weight: 600; font-size: 15px; }
        .menu summary::-webkit-details-marker { display: none; }
        .menu summary:hover, .menu[open] summary { background: var(--bg-elevated); }
        .menu nav { position: absolute; right: 0; top: calc(100% + 8px); min-width: 220px; padding: var(--space-2);
          background: var(--bg-elevated); border: 1px solid var(--line); border-radius: 12px;
          box-shadow: 0 16px 40px rgba(0,0,0,.5); }
        .menu nav a, .menu nav button { display: flex; align-items: center; width: 100%; min-height: 44px;
          padding: 0 var(--space-3); border: 0; border-radius: 8px; background: none; color: var(--text-primary);
          font: 400 15px/1.2 var(--sans); text-align: left; }
        .menu nav a:hover, .menu nav button:hover { background: var(--bg-glass); text-decoration: none; }
        .menu form { margin: 0; }
        .pulse { display: inline-flex; align-items: center; gap: var(--space-2); color: var(--text-secondary);
          font-size: 14px; white-space: nowrap; }
        .pulse::before { content: ""; width: 8px; height: 8px; border-radius: 50%; background: var(--text-tertiary); }
        .pulse[data-state="live"]::before { background: var(--signal-green); }
        .pulse[data-state="waiting"]::before { background: var(--signal-amber); }
        .pulse[data-state="stopped"]::before { background: var(--signal-red); border-radius: 1px; }

        """

    private static let components = """
        .glass-card { background: var(--bg-surface); border: 1px solid var(--line); border-radius: 12px;
          padding: var(--space-6); box-shadow: 0 8px 24px rgba(0,0,0,.24); backdrop-filter: blur(8px); min-width: 0; }
        .glass-card > * + * { margin-top: var(--space-4); }
        .card-head { display: flex; flex-wrap: wrap; align-items: baseline; gap: var(--space-1) var(--space-4); }
        .aside { color: var(--text-secondary); font-size: 14px; }
        .label { color: var(--text-secondary); font: 600 12px/1.4 var(--sans); letter-spacing: .05em;
          text-transform: uppercase; }
        .verdict { display: grid; gap: var(--space-3); }
        .verdict p { font-size: 18px; max-width: 76ch; }
        .verdict ul { margin: 0; padding: 0; list-style: none; display: grid; gap: var(--space-2); }
        .verdict li { color: var(--text-secondary); overflow-wrap: anywhere; }
        .notice { border-left: 3px solid var(--signal-amber); padding-left: var(--space-4); }
        .notice.error { border-left-color: var(--signal-red); }
        .notice p { max-width: 80ch; overflow-wrap: anywhere; }
        .stats { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: var(--space-4);
          margin-left: 0; margin-right: 0; }
        .stat-block { background: var(--bg-surface); border: 1px solid var(--line); border-radius: 12px;
          padding: var(--space-6); display: flex; flex-direction: column; gap: var(--space-1); min-width: 0; }
        .stat-block .value { font: 700 32px/1.15 var(--display); color: var(--signal-cyan); letter-spacing: -.02em;
          white-space: nowrap; }
        .stat-block .value small { font-size: 16px; font-weight: 600; letter-spacing: 0; margin-left: 4px; }
        .stat-block.few .value { font-size: 22px; line-height: 37px; color: var(--text-secondary); }
        .stat-block.amber .value { color: var(--signal-amber); }
        .stat-block.red .value { color: var(--signal-red); }
        .stat-block .note { color: var(--text-secondary); font-size: 13px; }
        .change { font-size: 14px; white-space: nowrap; color: var(--text-secondary); }
        .change.worse { color: var(--signal-amber); }
        .change.better { color: var(--signal-green); }
        .stat-block .change { white-space: normal; margin-top: var(--space-2); }
        .columns { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: var(--space-6); }
        .empty { display: grid; gap: var(--space-3); max-width: 68ch; padding: var(--space-4) 0; color: var(--text-secondary); }
        .empty strong { color: var(--text-primary); font: 600 18px/1.3 var(--display); }
        .skeleton { border-radius: 6px; background: var(--bg-elevated); min-height: 20px; }
        .skeleton.tall { min-height: 240px; }
        @media (prefers-reduced-motion: no-preference) {
          .skeleton { animation: breathe 1.6s ease-in-out infinite alternate; }
          @keyframes breathe { from { opacity: 1; } to { opacity: .5; } }
        }
        .narrow { max-width: 480px; margin: var(--space-16) auto; }
        .narrow form { display: grid; gap: var(--space-4); }
        .narrow label { display: grid; gap: var(--space-2); }
        .receipt { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: var(--space-4) var(--space-6);
          margin: var(--space-4) 0 0; }
        .receipt div { min-width: 0; }
        .receipt dd { margin: 0; font: 600 16px/1.4 var(--display); overflow-wrap: anywhere; }
        .foot { color: var(--text-secondary); font-size: 14px; }

        """

    private static let tables = """
        table { width: 100%; border-collapse: collapse; }
        caption { text-align: left; }
        th { color: var(--text-secondary); font: 600 12px/1.4 var(--sans); letter-spacing: .05em; text-transform: uppercase;
          text-align: right; padding: var(--space-2) var(--space-3); white-space: nowrap; vertical-align: middle; }
        th a { color: inherit; display: inline-flex; align-items: center; min-height: 44px; }
        th a[aria-current] { color: var(--text-primary); }
        td { text-align: right; padding: 10px var(--space-3); border-top: 1px solid var(--hairline); white-space: nowrap;
          font-size: 15px; }
        td.number, td .number { font-size: 14px; }
        th:first-child, td:first-child { text-align: left; padding-left: 0; }
        th:last-child, td:last-child { padding-right: 0; }
        td.route { white-space: normal; overflow-wrap: anywhere; min-width: 200px; }
        td.route { padding-top: 0; padding-bottom: 0; }
        td.route a { display: inline-flex; gap: var(--space-3); align-items: center; min-height: 44px; padding: 6px 0; }
        td.route .path { font: 400 14px/1.5 var(--display); }
        .method { font: 600 11px/1.5 var(--display); color: var(--text-secondary); min-width: 44px; }
        tbody tr:hover td { background: var(--bg-elevated); }
        tbody tr:hover td:first-child { box-shadow: -12px 0 0 var(--bg-elevated); border-radius: 0; }
        tbody tr:hover td:last-child { box-shadow: 12px 0 0 var(--bg-elevated); }
        .badge { display: inline-block; padding: 1px 8px; border-radius: 6px; font: 600 14px/1.6 var(--display);
          border: 1px solid; }
        .badge.fast { color: var(--signal-green); border-color: rgba(52,211,153,.28); background: rgba(52,211,153,.08); }
        .badge.fine { color: var(--signal-blue); border-color: rgba(96,165,250,.28); background: rgba(96,165,250,.08); }
        .badge.slow { color: var(--signal-amber); border-color: rgba(251,191,36,.28); background: rgba(251,191,36,.08); }
        .badge.very-slow { color: var(--signal-red); border-color: rgba(248,113,113,.32); background: rgba(248,113,113,.1); }
        .few { color: var(--text-secondary); font-size: 14px; }
        td.share { width: 26%; min-width: 96px; }
        td.share svg { display: block; width: 100%; height: 8px; border-radius: 4px; background: var(--bg-glass); }
        td.share rect { fill: var(--signal-cyan); opacity: .75; }
        .rest { color: var(--text-secondary); font-size: 14px; }

        """

    private static let charts = """
        figure { margin: 0; }
        .chart { display: grid; grid-template-columns: 56px minmax(0, 1fr); }
        .chart svg { display: block; width: 100%; overflow: visible; }
        .chart text { font: 400 12px/1 var(--display); fill: var(--text-secondary); }
        .chart .grid { stroke: rgba(255,255,255,.07); stroke-width: 1; }
        .chart .idle { stroke: var(--text-secondary); stroke-width: 2; vector-effect: non-scaling-stroke; opacity: .5; }
        .hatch-line { stroke: var(--text-secondary); stroke-width: 1.5; opacity: .45; }
        .chart .mark { stroke: var(--signal-amber); stroke-width: 1.5; stroke-dasharray: 4 3; }
        .chart text.mark-name { fill: var(--signal-amber); stroke: var(--bg-surface); stroke-width: 4px;
          paint-order: stroke; }
        .chart .line { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round;
          stroke-linecap: round; }
        .chart .p50 { stroke: var(--signal-green); }
        .chart .p95 { stroke: var(--signal-blue); stroke-dasharray: 7 4; }
        .chart .p99 { stroke: var(--signal-red); stroke-dasharray: 2 4; }
        .chart .slot { fill: transparent; }
        .chart .slot:hover { fill: rgba(255,255,255,.08); }
        .heat-1 { fill: #123247; } .heat-2 { fill: #14506B; } .heat-3 { fill: #157394; }
        .heat-4 { fill: #1899BA; } .heat-5 { fill: #22C3E0; } .heat-6 { fill: #B6F3FB; }
        .legend { display: flex; flex-wrap: wrap; gap: var(--space-2) var(--space-6); margin: var(--space-3) 0 0 56px;
          color: var(--text-secondary); font-size: 13px; align-items: center; }
        .legend span { display: inline-flex; align-items: center; gap: var(--space-2); }
        .legend svg { width: 28px; height: 12px; flex: none; overflow: hidden; }
        .legend .ramp { width: 96px; }
        .legend .line { stroke-width: 2; }
        .legend .p50 { stroke: var(--signal-green); }
        .legend .p95 { stroke: var(--signal-blue); stroke-dasharray: 7 4; }
        .legend .p99 { stroke: var(--signal-red); stroke-dasharray: 2 4; }
        .legend .mark { stroke: var(--signal-amber); stroke-width: 1.5; stroke-dasharray: 4 3; }
        .legend .idle { stroke: var(--text-secondary); stroke-width: 2; opacity: .6; }
        details.data summary { cursor: pointer; color: var(--text-secondary); font-size: 14px; min-height: 44px;
          display: inline-flex; align-items: center; }
        details.data summary::before { content: "\\25B8"; margin-right: var(--space-2); }
        details.data[open] summary::before { content: "\\25BE"; }
        details.data summary:hover { color: var(--text-primary); }
        details.data .scroll { max-height: 360px; overflow: auto; }
        .mix { display: block; width: 100%; height: 12px; border-radius: 6px; background: var(--bg-glass); }
        .mix .s2 { fill: var(--signal-green); } .mix .s3 { fill: var(--signal-blue); }
        .mix .s4 { fill: var(--signal-amber); } .mix .s5 { fill: var(--signal-red); } .mix .s0 { fill: var(--text-secondary); }

        """

    private static let narrow = """
        @media (max-width: 1199px) { .stats { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
        @media (max-width: 1023px) { .columns { grid-template-columns: minmax(0, 1fr); } }
        @media (max-width: 767px) {
          .bar .obs-container { flex-wrap: wrap; padding-top: var(--space-2); padding-bottom: var(--space-2); gap: var(--space-2) var(--space-3); }
          .windows { order: 9; width: 100%; }
          .windows a { flex: 1; min-height: 48px; min-width: 0; }
          .menu summary, button, input, .button { min-height: 48px; }
          h1 { font-size: 24px; }
          .stats { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: var(--space-3); }
          .stat-block { padding: var(--space-4); }
          .stat-block .value { font-size: 26px; }
          .chart { grid-template-columns: 44px minmax(0, 1fr); }
          .chart text { font-size: 11px; }
          .chart .minor { display: none; }
          .legend { margin-left: 0; }
          table.stack, table.stack tbody { display: block; }
          table.stack thead { display: none; }
          table.sortable thead { display: block; }
          table.sortable thead tr { display: flex; flex-wrap: wrap; gap: 0 var(--space-4); padding: 0; border: 0; }
          table.sortable th { padding: 0; }
          table.sortable th:first-child, table.sortable th:last-child { display: none; }
          table.stack tr { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: var(--space-3);
            padding: var(--space-4) 0; border-top: 1px solid var(--line); }
          table.stack td { display: block; border: 0; padding: 0; text-align: left; white-space: normal; }
          table.stack td.route { grid-column: 1 / -1; min-width: 0; }
          table.stack td.share { width: auto; min-width: 0; grid-column: span 2; }
          table.stack td.against { grid-column: 1 / -1; }
          .change, td.when { white-space: normal; }
          table.stack td[data-label]::before { content: attr(data-label); display: block; color: var(--text-secondary);
            font: 600 11px/1.6 var(--sans); letter-spacing: .05em; text-transform: uppercase; }
          table.stack tr:hover td { background: none; box-shadow: none; }
        }
        @media (max-width: 639px) {
          .obs-container { padding: 0 var(--space-4); }
          .glass-card { padding: var(--space-6) var(--space-4); }
          .narrow { margin: var(--space-8) auto; }
        }
        @media (prefers-reduced-motion: reduce) { * { transition: none; animation: none; } }
        """
}
