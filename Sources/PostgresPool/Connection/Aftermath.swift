extension PhysicalConnection {
    /// Work to do after the mutex is released.
    struct Aftermath {
        var completions = Completions()
        var exclusiveWaiter: UnsafeContinuation<Void, Never>?
        var quietWaiter: (UnsafeContinuation<Bool, Never>, Bool)?
        /// What few statements leave to do; nil while there is none of it. Apart, because an aftermath is made and dropped
        /// with every look at the socket, and each of its fields costs then.
        private(set) var hasSeldom: Seldom?

        /// The same, to put something in.
        var seldom: Seldom {
            mutating get {
                if let hasSeldom { return hasSeldom }
                let seldom = Seldom()
                hasSeldom = seldom
                return seldom
            }
        }

        final class Seldom {
            var notifications: [(PostgresNotifications.Continuation, PostgresNotification)] = []
            var endedListeners: [(PostgresNotifications.Continuation, any Error)] = []
            var cancelRequest: CancelRequest?
            var loss: PostgresError?
            var demotion = false
        }
    }
}
