/// The tasks to resume when the mutex of their connection is released, each with its outcome.
///
/// Usually there is one: it is held without an array, which would be an allocation with every statement.
struct Completions {
    private typealias Completion = (waiter: Exchange.Waiter, outcome: Exchange.Outcome)

    private var first: Completion?
    private var others: [Completion] = []

    mutating func append(_ waiter: Exchange.Waiter, _ outcome: Exchange.Outcome) {
        if first == nil { first = (waiter, outcome) } else { others.append((waiter, outcome)) }
    }

    /// Resumes them in the order in which they were appended.
    func resume() {
        guard let first else { return }
        first.waiter.resume(returning: first.outcome)
        for other in others { other.waiter.resume(returning: other.outcome) }
    }
}
