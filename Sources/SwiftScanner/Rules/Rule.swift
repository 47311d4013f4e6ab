/// One danger and how to see it in a file.
protocol Rule: Sendable {
    /// What the rule is about.
    var metadata: SwiftRule { get }

    /// Reports each place in `file` that shows the danger.
    func check(_ file: SourceModel, _ report: inout Report)
}
