/// The section of the fleet.
enum FleetTemplates {
    static let all = ["fleet": fleet]

    private static let fleet = """
        <section id="fleet" class="glass-card" aria-labelledby="fleet-title">
        <div class="card-head"><h2 id="fleet-title">Instances</h2><span class="aside">{{aside}}</span></div>
        <table class="stack"><thead><tr><th scope="col">Instance</th><th scope="col">Last write (UTC)</th></tr></thead>
        <tbody>{{#links}}<tr><td class="route"><a id="{{anchor}}" href="{{href}}"{{#isCurrent}} aria-current="true"\
        {{/isCurrent}}>{{name}}</a>{{#isCurrent}} <span class="aside">shown</span>{{/isCurrent}}</td>\
        <td class="number" data-label="Last write">{{lastSeen}}</td></tr>
        {{/links}}</tbody></table>{{#rest}}<p class="rest">{{rest}}</p>{{/rest}}
        </section>
        """
}
