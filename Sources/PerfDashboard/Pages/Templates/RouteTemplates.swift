/// The sections that only a route's own page has; charts and stat-blocks are those of the overview.
enum RouteTemplates {
    static let all = ["route-head": head, "route-mix": mix, "route-examples": examples]

    private static let head = """
        <section id="verdict" class="glass-card verdict" aria-labelledby="verdict-title">
        <div class="card-head"><h1 id="verdict-title"><span class="method">{{method}}</span> {{path}}</h1>\
        <span class="aside">{{period}}</span></div>
        <p>{{sentence}}</p>
        {{#notices}}<div class="notice {{kind}}" role="status"><p class="aside">{{notice}}</p></div>{{/notices}}
        <p><a id="back" href="{{back}}">All routes</a></p>
        </section>
        """

    private static let mix = """
        <section id="mix" class="glass-card" aria-labelledby="mix-title">
        <div class="card-head"><h2 id="mix-title">Status mix</h2><span class="aside">{{window}}</span></div>
        {{#hasRequests}}{{{bar}}}
        <table><thead><tr><th scope="col">Status</th><th scope="col">Requests</th><th scope="col">Share</th></tr></thead>
        <tbody>{{#statuses}}<tr><td class="number">{{code}}</td><td class="number">{{requests}}</td>\
        <td class="number">{{share}}</td></tr>{{/statuses}}</tbody></table>{{/hasRequests}}
        {{^hasRequests}}<div class="empty"><p>How many answers were fine, not found, refused or failed.</p></div>{{/hasRequests}}
        </section>
        """

    private static let examples = """
        <section id="examples" class="glass-card" aria-labelledby="examples-title">
        <div class="card-head"><h2 id="examples-title">Slowest examples</h2><span class="aside">{{reach}}</span></div>
        {{#hasExamples}}<table><thead><tr><th scope="col">Ended</th><th scope="col">Status</th><th scope="col">Took</th>\
        </tr></thead>
        <tbody>{{#examples}}<tr><td class="number when">{{time}}</td><td class="number">{{status}}</td>\
        <td>{{#took}}{{>latency}}{{/took}}</td></tr>{{/examples}}</tbody></table>{{/hasExamples}}
        {{^hasExamples}}<div class="empty"><strong>No examples in this window</strong><p>Single requests stand here with \
        their times: every one slower than the threshold, and a draw of the others. {{reach}}</p></div>{{/hasExamples}}
        </section>
        """
}
