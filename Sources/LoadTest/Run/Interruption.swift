import Synchronization

/// A flag that ends a run early; raised by Ctrl-C, read by the run.
public final class Interruption: Sendable {
    private let raised = Atomic<Bool>(false)

    /// Makes a flag that is not raised.
    public init() {}

    /// Whether the run should end.
    public var isRaised: Bool { raised.load(ordering: .relaxed) }

    /// Asks the run to end.
    ///
    /// - Returns: Whether this was the first call: a second one may be taken as more urgent.
    @discardableResult
    public func raise() -> Bool {
        raised.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged
    }

    /// Makes ready for another run.
    func lower() {
        raised.store(false, ordering: .relaxed)
    }
}
