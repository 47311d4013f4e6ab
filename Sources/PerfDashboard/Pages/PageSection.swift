/// A part of a page that is swapped on its own: the element's id and its whole HTML.
struct PageSection: Hashable, Sendable {
    let id: String
    let html: String

    init(_ id: String, _ template: String, _ view: Any) {
        self.id = id
        html = Templates.render(template, view)
    }
}
