/// The Obsidian look, as far as the audit's page needs it.
enum HTMLStyle {
    static let text = """
        :root {
          --bg-deep: #0B0F19; --bg-surface: #131825; --bg-elevated: #1A2035; --bg-glass: rgba(255,255,255,.04);
          --text-primary: #E8ECF4; --text-secondary: #8B95A8; --signal-cyan: #22D3EE; --signal-blue: #60A5FA;
          --signal-green: #34D399; --signal-amber: #FBBF24; --signal-red: #F87171;
          --space-1: 4px; --space-2: 8px; --space-3: 12px; --space-4: 16px; --space-6: 24px; --space-8: 32px;
          --display: "JetBrains Mono", ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
          --body: "IBM Plex Sans", system-ui, -apple-system, "Segoe UI", sans-serif;
        }
        * { box-sizing: border-box; }
        body.obsidian { margin: 0; background: var(--bg-deep); color: var(--text-primary); font: 400 16px/1.5 var(--body); }
        .obs-container { max-width: 1400px; margin: 0 auto; padding: 0 var(--space-6); }
        header { position: sticky; top: 0; z-index: 1; background: rgba(11,15,25,.85); backdrop-filter: blur(8px); }
        header .obs-container { display: flex; align-items: center; gap: var(--space-4); min-height: 64px; }
        h1, h2 { font-family: var(--display); margin: 0; }
        h1 { font-weight: 700; font-size: 20px; }
        h2 { font-weight: 600; font-size: 18px; margin-bottom: var(--space-4); }
        .glass-card { background: var(--bg-surface); border: 1px solid rgba(255,255,255,.06); border-radius: 12px;
          box-shadow: 0 8px 24px rgba(0,0,0,.25); backdrop-filter: blur(8px); padding: var(--space-6); margin: var(--space-6) 0; }
        .stats { display: grid; gap: var(--space-6); grid-template-columns: 1fr; }
        @media (min-width: 640px) { .stats { grid-template-columns: repeat(2, 1fr); } }
        @media (min-width: 768px) { .stats { grid-template-columns: repeat(3, 1fr); } }
        .stat-block b { display: block; font: 700 32px/1.2 var(--display); color: var(--signal-cyan);
          font-variant-numeric: tabular-nums; }
        .stat-block.warn b { color: var(--signal-amber); }
        .stat-block.bad b { color: var(--signal-red); }
        .stat-block span, th { font-weight: 600; font-size: 12px; text-transform: uppercase; letter-spacing: .05em;
          color: var(--text-secondary); }
        .scroll { overflow-x: auto; }
        table { width: 100%; border-collapse: collapse; }
        th, td { text-align: left; padding: var(--space-3) var(--space-2); border-bottom: 1px solid rgba(255,255,255,.04); }
        tbody tr:hover { background: var(--bg-elevated); }
        .number { text-align: right; font-family: var(--display); font-variant-numeric: tabular-nums; white-space: nowrap; }
        .badge { display: inline-block; padding: 2px var(--space-2); border-radius: 999px; border: 1px solid currentColor;
          font: 600 12px/1.5 var(--display); }
        .good { color: var(--signal-green); } .fine { color: var(--signal-blue); }
        .warn { color: var(--signal-amber); } .bad { color: var(--signal-red); }
        .stat-block.warn, .stat-block.bad { color: inherit; }
        details { border-bottom: 1px solid rgba(255,255,255,.04); }
        summary { min-height: 44px; padding: var(--space-2) 0; cursor: pointer; overflow-wrap: anywhere; }
        summary:hover { background: var(--bg-elevated); }
        :focus-visible { outline: 2px solid var(--signal-cyan); outline-offset: 2px; }
        code, pre { font-family: var(--display); font-size: 14px; overflow-wrap: anywhere; }
        code { color: var(--signal-cyan); }
        pre { background: var(--bg-glass); padding: var(--space-4); border-radius: 8px; overflow-x: auto; white-space: pre-wrap; }
        .facts { color: var(--text-secondary); }
        li { margin: var(--space-1) 0; }
        @media (prefers-reduced-motion: reduce) { * { transition: none !important; scroll-behavior: auto !important; } }
        """
}
