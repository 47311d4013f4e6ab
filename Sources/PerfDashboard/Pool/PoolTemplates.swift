/// The section of the pool of database connections.
enum PoolTemplates {
    static let all = ["pool": pool]

    private static let pool = """
        <section id="pool" class="glass-card" aria-labelledby="pool-title">
        <div class="card-head"><h2 id="pool-title">Database connections</h2><span class="aside">{{aside}}</span></div>
        <p>{{sentence}}</p>
        {{#notices}}<div class="notice {{kind}}" role="status"><p class="aside">{{notice}}</p></div>{{/notices}}
        <dl class="receipt">{{#items}}<div><dt class="label">{{label}}</dt><dd>{{value}}</dd></div>
        {{/items}}</dl>
        <table class="stack"><thead><tr><th scope="col">Time</th><th scope="col">p50</th><th scope="col">p95</th>\
        <th scope="col">p99</th><th scope="col">Count</th></tr></thead>
        <tbody>{{#rows}}<tr><td class="route" title="{{meaning}}">{{name}}<span class="hidden">: {{meaning}}</span></td>\
        <td data-label="p50">{{#p50}}{{>latency}}{{/p50}}</td><td data-label="p95">{{#p95}}{{>latency}}{{/p95}}</td>\
        <td data-label="p99">{{#p99}}{{>latency}}{{/p99}}</td><td class="number" data-label="Count">{{count}}</td></tr>
        {{/rows}}</tbody></table>
        {{#hasHolders}}<table><thead><tr><th scope="col">Held by</th><th scope="col">For</th></tr></thead>
        <tbody>{{#holders}}<tr><td><code>{{site}}</code></td><td class="number">{{heldFor}}</td></tr>
        {{/holders}}</tbody></table>{{#rest}}<p class="rest">{{rest}}</p>{{/rest}}{{/hasHolders}}
        {{^hasHolders}}<p class="aside">Nobody holds a connection of their own just now; who does stands here by file and \
        line.</p>{{/hasHolders}}
        </section>
        """
}
