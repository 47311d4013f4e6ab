/// The sections of `/admin/perf`. Each is swapped on its own when the server has news.
enum OverviewTemplates {
    static let all = [
        "verdict": verdict, "stats": stats, "heat": heat, "lines": lines, "slowest": slowest, "busiest": busiest,
        "receipt": receipt, "skeleton": skeleton,
    ]

    private static let verdict = """
        <section id="verdict" class="glass-card verdict" aria-labelledby="verdict-title">
        <div class="card-head"><h1 id="verdict-title">{{heading}}</h1><span class="aside">{{period}}</span></div>
        <p>{{sentence}}</p>
        {{#hasRegressions}}<ul>{{#regressions}}<li><a id="{{anchor}}" href="{{href}}"><span class="method">{{method}}</span> \
        <code>{{path}}</code></a> {{#change}}{{>change}}{{/change}}</li>{{/regressions}}</ul>{{/hasRegressions}}
        {{#notices}}<div class="notice {{kind}}" role="status"><p class="aside">{{notice}}</p></div>{{/notices}}
        </section>
        """

    private static let stats = """
        <section id="stats" class="stats" aria-label="Overall">
        {{#blocks}}<div class="stat-block {{tone}}"><div class="value">{{value}}<small>{{unit}}</small></div>
        <div class="label">{{label}}</div><div class="note" title="{{detail}}">{{note}}</div>
        {{#change}}{{>change}}{{/change}}</div>
        {{/blocks}}</section>
        """

    private static let heat = """
        <section id="heat" class="glass-card" aria-labelledby="heat-title">
        <div class="card-head"><h2 id="heat-title">Latency over time</h2><span class="aside">{{summary}}</span></div>
        {{#svg}}<figure>{{{svg}}}<figcaption class="legend">
        <span><svg class="ramp" viewBox="0 0 6 1" preserveAspectRatio="none" aria-hidden="true">\
        <rect class="heat-1" x="0" width="1" height="1"/><rect class="heat-2" x="1" width="1" height="1"/>\
        <rect class="heat-3" x="2" width="1" height="1"/><rect class="heat-4" x="3" width="1" height="1"/>\
        <rect class="heat-5" x="4" width="1" height="1"/><rect class="heat-6" x="5" width="1" height="1"/></svg>\
        few to many requests</span>
        {{>legend-gaps}}</figcaption></figure>{{/svg}}
        {{^svg}}<div class="empty"><strong>{{emptyTitle}}</strong><p>{{emptyText}}</p></div>{{/svg}}
        </section>
        """

    private static let lines = """
        <section id="lines" class="glass-card" aria-labelledby="lines-title">
        <div class="card-head"><h2 id="lines-title">Percentiles over time</h2><span class="aside">times in UTC; a gap in a \
        line has too few requests</span></div>
        {{#svg}}<figure>{{{svg}}}<figcaption class="legend">
        <span><svg aria-hidden="true"><line class="line p99" x1="0" x2="28" y1="6" y2="6"/></svg>p99</span>
        <span><svg aria-hidden="true"><line class="line p95" x1="0" x2="28" y1="6" y2="6"/></svg>p95</span>
        <span><svg aria-hidden="true"><line class="line p50" x1="0" x2="28" y1="6" y2="6"/></svg>p50</span>
        {{>legend-gaps}}</figcaption></figure>
        {{>chart-table}}{{/svg}}
        {{^svg}}<div class="empty"><strong>{{emptyTitle}}</strong><p>{{emptyText}}</p></div>{{/svg}}
        </section>
        """

    private static let slowest = """
        <section id="slowest" class="glass-card" aria-labelledby="slowest-title">
        <div class="card-head"><h2 id="slowest-title">Slowest routes</h2><span class="aside">top 10 by {{ranking}}, \
        {{window}}</span></div>
        {{#hasRows}}<table class="stack sortable"><thead><tr><th scope="col">Route</th>\
        {{#columns}}<th scope="col"{{#isCurrent}} aria-sort="descending"{{/isCurrent}}><a id="sort-{{key}}" href="{{sortHref}}"\
        {{#isCurrent}} aria-current="true"{{/isCurrent}}>{{name}}{{#isCurrent}} ↓{{/isCurrent}}</a></th>{{/columns}}\
        <th scope="col">p95 against before</th></tr></thead>
        <tbody>{{#rows}}<tr>{{>route-cell}}<td data-label="Average">{{#average}}{{>latency}}{{/average}}</td>\
        <td data-label="p95">{{#p95}}{{>latency}}{{/p95}}</td><td data-label="p99">{{#p99}}{{>latency}}{{/p99}}</td>\
        <td class="number" data-label="Requests">{{requests}}</td><td class="number" data-label="Total time">{{totalTime}}</td>\
        <td class="against" data-label="p95 against before">{{#change}}{{>change}}{{/change}}</td></tr>
        {{/rows}}</tbody></table>{{/hasRows}}
        {{^hasRows}}<div class="empty"><strong>No routes yet</strong><p>The ten slowest routes stand here once requests \
        come in: average, p95, p99, count and total time, each beside the {{before}}.</p></div>{{/hasRows}}
        </section>
        """

    private static let busiest = """
        <div id="busiest" class="columns">
        <section class="glass-card" aria-labelledby="time-title">
        <div class="card-head"><h2 id="time-title">Where the time goes</h2><span class="aside">{{window}}</span></div>
        {{#hasTime}}<table class="stack"><thead><tr><th scope="col">Route</th><th scope="col">Total time</th>\
        <th scope="col">Share</th></tr></thead>
        <tbody>{{#time}}<tr>{{>route-cell}}<td class="number" data-label="Total time">{{amount}}</td>\
        <td class="share" data-label="Share: {{percent}}">{{{bar}}}<span class="hidden">{{percent}}</span></td></tr>
        {{/time}}</tbody></table>{{/hasTime}}
        {{^hasTime}}<div class="empty"><p>The routes the service spends its day on, by the sum of all durations.</p></div>{{/hasTime}}
        </section>
        <section class="glass-card" aria-labelledby="volume-title">
        <div class="card-head"><h2 id="volume-title">Volume by path</h2><span class="aside">last 24 hours</span></div>
        {{#hasVolume}}<table class="stack"><thead><tr><th scope="col">Route</th><th scope="col">Requests</th>\
        <th scope="col">Share</th></tr></thead>
        <tbody>{{#volume}}<tr>{{>route-cell}}<td class="number" data-label="Requests">{{amount}}</td>\
        <td class="share" data-label="Share: {{percent}}">{{{bar}}}<span class="hidden">{{percent}}</span></td></tr>
        {{/volume}}</tbody></table>
        {{#rest}}<p class="rest">{{rest}} <a id="all-rows" href="{{allHref}}">Show all</a></p>{{/rest}}{{/hasVolume}}
        {{^hasVolume}}<div class="empty"><p>How often each path was asked for in the last 24 hours.</p></div>{{/hasVolume}}
        </section>
        </div>
        """

    private static let receipt = """
        <footer id="receipt" class="glass-card" aria-labelledby="receipt-title">
        <div class="card-head"><h2 id="receipt-title">What measuring costs</h2><span class="aside">{{stamp}}</span></div>
        <dl class="receipt">{{#items}}<div><dt class="label">{{label}}</dt><dd>{{value}}</dd></div>
        {{/items}}</dl>
        <p class="foot">{{footnote}}</p>
        </footer>
        """

    private static let skeleton = """
        <section id="verdict" class="glass-card verdict" aria-busy="true"><h1>Reading the store</h1>
        <p>{{waiting}}</p><p class="aside">The figures appear here by themselves; without scripts the page asks again \
        every few seconds.</p></section>
        <section id="stats" class="stats" aria-hidden="true">{{#blocks}}<div class="stat-block"><div class="skeleton"></div>\
        <div class="label">{{.}}</div></div>{{/blocks}}</section>
        <section id="heat" class="glass-card" aria-hidden="true"><div class="skeleton tall"></div></section>
        <section id="lines" class="glass-card" aria-hidden="true"><div class="skeleton tall"></div></section>
        <section id="slowest" class="glass-card" aria-hidden="true"><div class="skeleton tall"></div></section>
        <div id="busiest"></div>
        <section id="pool"></section>
        <footer id="receipt"></footer>
        """
}
