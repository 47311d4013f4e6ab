import RequestMetrics

/// What every page has around its content.
struct Layout {
    /// A window to choose in the bar.
    struct WindowLink {
        let name: String
        let href: String
        let isCurrent: Bool
    }

    let title: String
    let icon = Asset.icon.path
    let stylesheet = Asset.stylesheet.path
    let script = Asset.script.path
    let mark = Icon.text
    let home: String
    let json: String
    let metrics = DashboardPath.metrics
    let events: String?
    let hasWindows: Bool
    let windows: [WindowLink]
    let hasMenu: Bool
    let signOut: String?
    let content: String

    /// A page of figures, with the bar's choices and live updates.
    init(_ options: PageOptions, content: String, canSignOut: Bool) {
        title = (options.route.map { "\($0.method) \($0.route)" } ?? "Requests") + ", \(options.window.title) · Pitwall"
        home = PageOptions(window: options.window).with { $0.instance = options.instance }.href
        json = DashboardPath.link(
            DashboardPath.json, [("window", options.window.rawValue), ("instance", options.instance)])
        events = options.eventsHref
        windows = PerfWindow.allCases.map { window in
            WindowLink(
                name: window.rawValue, href: options.with { $0.window = window }.href,
                isCurrent: window == options.window)
        }
        hasWindows = true
        hasMenu = true
        signOut = canSignOut ? DashboardPath.signOut : nil
        self.content = content
    }

    /// A page that says one thing.
    init(title: String, content: String) {
        self.title = "\(title) · Pitwall"
        home = DashboardPath.page
        json = ""
        events = nil
        hasWindows = false
        windows = []
        hasMenu = false
        signOut = nil
        self.content = content
    }

    var html: String { Templates.render("layout", self) }
}

/// The pages that say one thing.
enum MessagePage {
    static func html(heading: String, text: String, link: (href: String, text: String)? = nil) -> String {
        let view: [String: Any] = [
            "heading": heading, "text": text, "link": link != nil, "href": link?.href ?? "",
            "linkText": link?.text ?? "",
        ]
        return Layout(title: heading, content: Templates.render("message", view)).html
    }

    static func signIn(next: String, problem: String?) -> String {
        var view: [String: Any] = ["action": DashboardPath.signIn, "next": next]
        view["problem"] = problem
        return Layout(title: "Sign in", content: Templates.render("sign-in", view)).html
    }
}
