/// The Obsidian look for a page that stands alone.
enum HTMLStyle {
    static let css = """
        :root{--bg-deep:#0B0F19;--bg-surface:#131825;--bg-elevated:#1A2035;--text-primary:#E8ECF4;
        --text-secondary:#8B95A8;--signal-cyan:#22D3EE;--signal-blue:#60A5FA;--signal-green:#34D399;
        --signal-amber:#FBBF24;--signal-red:#F87171;--hairline:rgba(255,255,255,.04);
        --display:"JetBrains Mono",ui-monospace,SFMono-Regular,Menlo,monospace;
        --text:"IBM Plex Sans",system-ui,-apple-system,"Segoe UI",sans-serif;
        --space-2:8px;--space-3:12px;--space-4:16px;--space-6:24px;--space-8:32px}
        *{box-sizing:border-box}
        body.obsidian{margin:0;background:var(--bg-deep);color:var(--text-primary);font:400 16px/1.5 var(--text);
        font-variant-numeric:tabular-nums}
        .obs-container{max-width:1400px;margin:0 auto;padding:var(--space-6)}
        h1,h2,h3{font-family:var(--display);margin:0 0 var(--space-4)}h1{font-weight:700}h2,h3{font-weight:600}
        h3{margin-top:var(--space-6);font-size:16px}
        .label,th{font-size:13px;font-weight:600;text-transform:uppercase;letter-spacing:.05em;
        color:var(--text-secondary)}
        header .label{text-transform:none;letter-spacing:0;font-weight:400;overflow-wrap:anywhere}
        .glass-card{background:var(--bg-surface);border:1px solid rgba(255,255,255,.06);border-radius:12px;
        padding:var(--space-6);margin-bottom:var(--space-6);box-shadow:0 4px 24px rgba(0,0,0,.3);
        backdrop-filter:blur(8px)}
        .stamp{font:700 20px var(--display);color:var(--signal-green);margin:0}.stamp+p{margin:var(--space-2) 0 0}.stamp.bad{color:var(--signal-red)}
        .note{color:var(--text-secondary)}
        .stats,.charts{display:grid;gap:var(--space-6)}
        .stat-number{display:block;font:700 28px var(--display);color:var(--signal-cyan)}
        .stat-number.warning{color:var(--signal-amber)}.stat-number.bad{color:var(--signal-red)}
        .detail{display:block;font-size:13px;color:var(--text-secondary)}
        .charts{margin-top:var(--space-6)}figure{margin:0}svg{width:100%;height:auto;display:block}
        svg text{fill:var(--text-secondary);font:13px var(--display)}
        .grid{stroke:var(--hairline)}.line{fill:none;stroke-width:2;stroke:var(--signal-cyan)}
        .line.p95{stroke:var(--signal-blue);stroke-dasharray:6 3}.line.p99{stroke:var(--signal-amber)}
        .count{fill:var(--signal-cyan)}.error{fill:var(--signal-red)}
        .scroll{overflow-x:auto}table{width:100%;border-collapse:collapse}
        th,td{text-align:left;padding:var(--space-2) var(--space-3);border-bottom:1px solid var(--hairline)}
        tbody tr:hover{background:var(--bg-elevated)}
        .number{text-align:right}td.number{font-family:var(--display);white-space:nowrap}
        .wide{width:50%}.bar{display:block;height:8px;border-radius:4px;background:var(--signal-red)}
        .badge{border-radius:6px;padding:2px 8px;background:var(--bg-elevated)}
        .fast{color:var(--signal-green)}.fine{color:var(--signal-blue)}.slow{color:var(--signal-amber)}
        .very-slow{color:var(--signal-red)}
        @media(max-width:639px){.obs-container{padding:var(--space-4)}.glass-card{padding:var(--space-4)}
        thead{display:none}tr{display:block;padding:var(--space-2) 0;border-bottom:1px solid rgba(255,255,255,.06)}
        td,td.number{display:flex;justify-content:space-between;gap:var(--space-4);text-align:right;border:0;
        padding:var(--space-2) 0;overflow-wrap:anywhere}.wide{width:auto}
        td::before{content:attr(data-label);font:600 13px var(--text);text-transform:uppercase;letter-spacing:.05em;
        color:var(--text-secondary);text-align:left}.stats{grid-template-columns:1fr 1fr}.stat-number{font-size:24px}}
        @media(min-width:640px){.stats,.charts{grid-template-columns:1fr 1fr}}
        @media(min-width:1024px){.stats{grid-template-columns:repeat(4,1fr)}.charts{grid-template-columns:repeat(3,1fr)}}
        @media print{body.obsidian{background:#fff;color:#000}.glass-card{background:#fff;border-color:#999;
        box-shadow:none;backdrop-filter:none;break-inside:avoid}.stat-number,.stamp,.badge{color:#000!important}
        .line{stroke:#000}.line.p95{stroke:#333}.line.p99{stroke:#666;stroke-dasharray:2 2}.count{fill:#555}
        .error,.bar{fill:#000;background:#000;print-color-adjust:exact}.label,th,svg text,.detail,.note{color:#333;fill:#333}
        .grid{stroke:#ddd}th,td,td.number{border-color:#ddd;padding:2px 6px;font-size:11px}.badge{background:none}
        .obs-container{padding:0}.glass-card{padding:var(--space-4)}.scroll{overflow:visible}}
        """
}
