/// The pages, as Mustache. They live in the source so that the `pitwall` binary can be copied alone.
enum SiteTemplates {
    static let all = [
        "layout": layout, "permits": permits, "landing": landing, "search": search, "permit": permit, "demo": demo,
        "sign-in": signIn, "error": error,
    ]

    private static let layout = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{{title}} · City Permits</title>
        <link rel="stylesheet" href="/assets/site.css">
        </head>
        <body class="obsidian">
        <header class="bar"><div class="obs-container">
        <a class="brand" href="/">City Permits</a>
        <nav class="site-nav" aria-label="Main">
        <a href="/search">Search</a>
        <a href="/demo">Districts</a>
        <a href="/admin/perf">Performance</a>
        </nav>
        </div></header>
        <main class="obs-container">
        {{$content}}{{/content}}
        </main>
        </body>
        </html>
        """

    private static let permits = """
        <ul class="permits">
        {{#permits}}
        <li><a href="/permits/{{id}}"><strong>{{kind}}, {{address}}</strong></a>
        <span>{{summary}}</span>
        <small>{{number}} · {{district}} · {{status}}</small></li>
        {{/permits}}
        </ul>
        """

    private static let landing = """
        {{<layout}}{{$content}}
        <h1>Building permits, open to everyone</h1>
        <form class="glass-card search" action="/search" role="search">
        <label for="q">Street, district, applicant or kind of work</label>
        <div><input id="q" name="q" type="search" placeholder="valencia" autocomplete="off"><button class="primary">Search</button></div>
        </form>
        <section class="glass-card"><h2>Filed last</h2>{{> permits}}</section>
        {{/content}}{{/layout}}
        """

    private static let search = """
        {{<layout}}{{$content}}
        <h1>Search</h1>
        <form class="glass-card search" action="/search" role="search">
        <label for="q">Street, district, applicant or kind of work</label>
        <div><input id="q" name="q" type="search" value="{{query}}" autocomplete="off"><button class="primary">Search</button></div>
        </form>
        <section class="glass-card"><h2>{{heading}}</h2>{{> permits}}</section>
        {{/content}}{{/layout}}
        """

    private static let permit = """
        {{<layout}}{{$content}}
        {{#permit}}
        <h1>{{kind}}, {{address}}</h1>
        <section class="glass-card"><p>{{summary}}</p>
        <dl class="facts">
        <dt>Number</dt><dd>{{number}}</dd>
        <dt>Status</dt><dd>{{status}}</dd>
        <dt>District</dt><dd>{{district}}</dd>
        <dt>Applicant</dt><dd>{{applicant}}</dd>
        <dt>Filed</dt><dd>{{filed}}</dd>
        <dt>Estimated cost</dt><dd>{{cost}}</dd>
        </dl></section>
        {{/permit}}
        {{/content}}{{/layout}}
        """

    private static let demo = """
        {{<layout}}{{$content}}
        <h1>Permits by district</h1>
        <section class="glass-card"><div class="scroll"><table>
        <thead><tr><th>District</th><th class="number">Permits</th><th class="number">Open</th><th class="number">Mean cost</th></tr></thead>
        <tbody>
        {{#districts}}<tr><td><a href="/search?q={{query}}">{{district}}</a></td><td class="number">{{permits}}</td><td class="number">{{open}}</td><td class="number">{{cost}}</td></tr>
        {{/districts}}
        </tbody></table></div></section>
        {{/content}}{{/layout}}
        """

    private static let signIn = """
        {{<layout}}{{$content}}
        <h1>Sign in as a clerk</h1>
        <section class="glass-card"><p>Clerks work on permits. They are signed in, but not admins: the performance
        dashboard answers them 403. This is a demo, so there is no password.</p>
        <form method="post" action="/clerk"><button class="primary">Sign in as a clerk</button></form></section>
        {{/content}}{{/layout}}
        """

    private static let error = """
        {{<layout}}{{$content}}
        <h1>{{heading}}</h1>
        <section class="glass-card"><p>{{message}}</p><p><a href="/">To the first page</a></p></section>
        {{/content}}{{/layout}}
        """

    /// What the site needs beyond the dashboard's stylesheet.
    static let stylesheet = """
        .site-nav { margin-left: auto; display: flex; gap: var(--space-2); flex-wrap: wrap; }
        .site-nav a { display: inline-flex; align-items: center; min-height: 44px; padding: 0 var(--space-2); }
        .search label { display: block; margin-bottom: var(--space-2); color: var(--text-secondary); }
        .search div { display: flex; gap: var(--space-2); flex-wrap: wrap; }
        .search input { flex: 1 1 220px; width: auto; padding: 0 var(--space-4); }
        .permits { list-style: none; margin: var(--space-4) 0 0; padding: 0; }
        .permits li { display: grid; gap: var(--space-1); padding: var(--space-3) 0; border-top: 1px solid var(--hairline); }
        .permits small { color: var(--text-secondary); font-family: var(--display); font-size: 13px; }
        .facts { display: grid; grid-template-columns: max-content 1fr; gap: var(--space-2) var(--space-6); margin: var(--space-4) 0 0; }
        .facts dt { color: var(--text-secondary); }
        .facts dd { margin: 0; }
        .scroll { overflow-x: auto; }
        form button { margin-top: var(--space-4); }
        .search button { margin-top: 0; }

        """
}
