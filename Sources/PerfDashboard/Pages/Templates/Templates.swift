import Mustache

/// All templates, parsed once. Everything they show is escaped, but for what ``Markup`` wrote and other templates made.
enum Templates {
    static let library: MustacheLibrary = {
        var library = MustacheLibrary()
        for (name, text) in all {
            do {
                try library.register(text, named: name)
            } catch {
                assertionFailure("Template \(name) does not parse: \(error)")
            }
        }
        return library
    }()

    static let all: [String: String] = LayoutTemplates.all
        .merging(OverviewTemplates.all) { first, _ in first }
        .merging(RouteTemplates.all) { first, _ in first }
        .merging(PoolTemplates.all) { first, _ in first }
        .merging(FleetTemplates.all) { first, _ in first }
        .merging(AccessTemplates.all) { first, _ in first }
        .merging(MailTemplates.all) { first, _ in first }

    static func render(_ name: String, _ view: Any) -> String {
        library.render(view, withTemplate: name) ?? ""
    }
}
