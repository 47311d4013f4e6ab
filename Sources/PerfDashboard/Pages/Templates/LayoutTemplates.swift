/// What every page has around it, and the small pieces that several pages share.
enum LayoutTemplates {
    static let all = [
        "layout": layout, "change": change, "latency": latency, "route-cell": routeCell, "legend-gaps": legendGaps,
        "chart-table": chartTable,
    ]

    private static let layout = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="dark">
        <meta name="robots" content="noindex">
        <title>{{title}}</title>
        <link rel="icon" href="{{icon}}" type="image/svg+xml">
        <link rel="stylesheet" href="{{stylesheet}}">
        {{#events}}<script src="{{script}}" defer></script>
        {{/events}}</head>
        <body class="obsidian">
        <a class="skip button" href="#main">Skip to content</a>
        <svg class="hidden" width="0" height="0" aria-hidden="true"><defs><pattern id="hatch" width="8" height="8" \
        patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch-line" x1="0" y1="0" x2="0" \
        y2="8"/></pattern></defs></svg>
        <header class="bar"><div class="obs-container">
        <a class="brand" href="{{home}}">{{{mark}}}Pitwall</a>
        {{#events}}<span class="pulse push" role="status">Static</span>{{/events}}
        {{#hasWindows}}<nav class="windows" aria-label="Window">{{#windows}}<a id="window-{{name}}" href="{{href}}"\
        {{#isCurrent}} aria-current="page"{{/isCurrent}}>{{name}}</a>{{/windows}}</nav>{{/hasWindows}}
        {{#hasMenu}}<details class="menu"><summary>Menu</summary><nav aria-label="More">
        <a href="{{home}}">All routes</a>
        <a href="{{json}}">This report as JSON</a>
        <a href="{{metrics}}">Prometheus metrics</a>
        {{#signOut}}<form method="post" action="{{signOut}}"><button>Sign out</button></form>{{/signOut}}
        </nav></details>{{/hasMenu}}
        </div></header>
        <main id="main" class="obs-container" tabindex="-1"{{#events}} data-events="{{events}}"{{/events}}>
        {{{content}}}
        </main>
        </body>
        </html>

        """

    private static let change = """
        <span class="change {{tone}}"><span aria-hidden="true">{{sign}} </span>{{text}}</span>
        """

    private static let latency = """
        {{#number}}<span class="badge {{speed}}" title="{{detail}}">{{number}}<span class="hidden"> ({{word}})</span></span>\
        {{/number}}{{^number}}<span class="few" title="{{detail}}">{{#isFew}}too few{{/isFew}}{{^isFew}}–{{/isFew}}</span>\
        {{/number}}
        """

    private static let routeCell = """
        <td class="route"><a id="{{anchor}}" href="{{href}}"><span class="method">{{method}}</span><span class="path">\
        {{path}}</span></a></td>
        """

    private static let legendGaps = """
        <span><svg aria-hidden="true"><rect class="dead" fill="url(#hatch)" width="28" height="12"/></svg>no heartbeat: not running</span>
        <span><svg aria-hidden="true"><line class="idle" x1="0" x2="28" y1="11" y2="11"/></svg>running, no requests</span>
        {{#hasMarks}}<span><svg aria-hidden="true"><line class="mark" x1="14" x2="14" y1="0" y2="12"/></svg>release</span>{{/hasMarks}}
        """

    private static let chartTable = """
        <details class="data" id="{{chartID}}-data"><summary>The same as a table</summary>
        <div class="scroll" id="{{chartID}}-scroll" tabindex="0" role="region" aria-label="Figures over time"><table>
        <thead><tr><th scope="col">UTC</th><th scope="col">Requests</th><th scope="col">p50</th><th scope="col">p95</th>\
        <th scope="col">p99</th><th scope="col">5xx</th></tr></thead>
        <tbody>{{#slots}}<tr><td>{{time}}</td>{{#gap}}<td colspan="5" class="few">{{gap}}</td>{{/gap}}{{^gap}}\
        <td class="number">{{requests}}</td><td class="number">{{p50}}</td><td class="number">{{p95}}</td>\
        <td class="number">{{p99}}</td><td class="number">{{errors}}</td>{{/gap}}</tr>
        {{/slots}}</tbody></table></div></details>
        """
}
