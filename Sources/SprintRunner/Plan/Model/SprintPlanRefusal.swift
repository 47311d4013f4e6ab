/// A plan that cannot be run, with what is wrong, where, and how to mend it.
public struct SprintPlanRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was understood all the same; its diagnostics hold one error or more.
    public var plan: SprintPlan

    /// The errors alone, ordered by line.
    public var errors: [SprintPlan.Diagnostic] {
        plan.diagnostics.filter { $0.severity == .error }
    }

    /// One line for each error.
    public var description: String {
        errors.map(\.description).joined(separator: "\n")
    }
}
