import CLibPQ
import DequeModule

/// A statement from when it is to be sent until its answer is complete.
///
/// A class, because it is looked at and changed many times on its way and a copy of its fields costs more than the rest.
/// `@unchecked Sendable`: whatever of it can change is read and changed under the mutex of its connection only, by the
/// connection's state, which it lives in, and by the task that waits for the answer.
final class Exchange: @unchecked Sendable {
    enum Outcome: Sendable {
        case success(ResultStorage)
        case failure(any Error)
        /// The server knows nothing of the prepared statement, or its plan went stale, or a cancel request meant for
        /// another statement hit this one: it had no effect, and can be sent again.
        case unaffected(any Error)
        /// It was never sent, because the connection had closed before.
        case unsent(any Error)
    }

    /// The task that waits for the answer. Unchecked, because the check allocates with every statement. It is resumed
    /// once: ``end(_:_:)``, the only one to resume it, takes it out of the exchange under the connection's mutex before.
    typealias Waiter = UnsafeContinuation<Outcome, Never>

    let query: PostgresQuery
    /// Whether it shares the connection with other statements of the pool's callers: then it is in no transaction of theirs.
    let isShared: Bool
    /// What it may leave in the session; nil when its text tells.
    let effect: SessionEffect?

    // Who wants the answer.
    /// Whether anybody does who has not got it yet.
    private(set) var isWanted: Bool
    /// Who waits for it; nil while its task does not wait yet.
    private var waiter: Waiter?
    /// How it ended, when its task was not waiting yet.
    private(set) var outcome: Outcome?

    // How it was sent.
    /// The statement in the cache, when it has one.
    private(set) var statement: StatementCache.Statement?
    /// Whether it ran under a name on the server.
    private(set) var isPrepared = false
    /// The columns of its rows, where an earlier run of the same prepared statement has told them.
    private(set) var columns: [ResultStorage.Column]?
    /// Whether a sync follows it.
    var endsBatch = false

    // How far it is.
    /// How many commands the server has still to answer: a preparation and a run are two.
    var commands = 1
    var result: OpaquePointer?
    var failure: ServerError?
    var isCancelled = false
    /// Whether a cancel request meant for another statement was on its way while this one was in flight.
    var mayBeHitByCancel = false

    init(
        _ query: PostgresQuery, effect: SessionEffect? = SessionEffect.none, isShared: Bool = false,
        isWanted: Bool = false
    ) {
        self.query = query
        self.effect = effect
        self.isShared = isShared
        self.isWanted = isWanted
    }

    /// It was put into the pipeline, for the first time or again.
    func begin(
        _ plan: StatementCache.Plan, commands: Int, columns: [ResultStorage.Column]?, mayBeHitByCancel: Bool
    ) {
        statement = plan.statement
        isPrepared = plan.isPrepared
        self.commands = commands
        self.columns = columns
        self.mayBeHitByCancel = mayBeHitByCancel
        (endsBatch, result, failure) = (false, nil, nil)
    }

    /// Its task waits from now on.
    ///
    /// - Returns: the outcome if there is one already: then nobody resumes the waiter.
    func wait(_ waiter: Waiter) -> Outcome? {
        if outcome == nil { self.waiter = waiter }
        return outcome
    }

    /// Whoever wants the answer gets this one, and wants no other.
    func end(_ outcome: Outcome, _ aftermath: inout PhysicalConnection.Aftermath) {
        guard isWanted else { return }
        isWanted = false
        if let waiter = waiter.take() {
            aftermath.completions.append(waiter, outcome)
        } else {
            self.outcome = outcome
        }
    }
}

extension PhysicalConnection.State {
    /// Takes the results that are complete.
    ///
    /// In pipeline mode each command's results end with a null pointer and each sync answers with a result of its own; an
    /// error skips everything up to the next sync. Nobody gets an answer before the sync: only then is it certain that
    /// the transaction, which those before it share, has come to its end.
    mutating func drain(_ pointer: OpaquePointer, _ aftermath: inout PhysicalConnection.Aftermath) {
        var nulls = 0
        while !exchanges.isEmpty, PQisBusy(pointer) == 0 {
            guard let result = PQgetResult(pointer) else {
                // Two in a row with statements outstanding: libpq has lost track, which happens when the link breaks.
                nulls += 1
                if nulls > 2 { return lose(&aftermath) }
                if nulls == 1 { endCommand(pointer, &aftermath) }
                continue
            }
            nulls = 0
            let current = min(answered, exchanges.count - 1)
            switch PQresultStatus(result) {
            case PGRES_PIPELINE_SYNC:
                PQclear(result)
                endBatch(pointer, &aftermath)
            case PGRES_FATAL_ERROR:
                let failure = ServerError(result: result)
                PQclear(result)
                exchanges[current].failure = failure
                guard failure.severity == "FATAL" || PQstatus(pointer) == CONNECTION_BAD else { continue }
                // The server's last words answer the statement that it ran: no sync follows. Without any, libpq made
                // this result itself.
                if !failure.sqlState.isEmpty { complete(exchanges.remove(at: current), pointer, &aftermath) }
                return lose(&aftermath)
            case PGRES_PIPELINE_ABORTED:
                PQclear(result)
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                PQclear(result)
                return closeForCopy(exchanges[current].query, &aftermath)
            default:
                // Of a preparation and an execution the last result counts.
                if let earlier = exchanges[current].result { PQclear(earlier) }
                exchanges[current].result = result
            }
        }
    }

    /// A COPY that did not begin in ``PhysicalConnection/copyIn(_:lease:_:)``: the server waits for data that nobody has, or
    /// sends some that cannot be read in pipeline mode. The caller's fault, so other connections are as good as before.
    mutating func closeForCopy(_ query: PostgresQuery, _ aftermath: inout PhysicalConnection.Aftermath) {
        let error = PostgresError.misuse(
            "\"\(query.sql.prefix(80))\" cannot run as a query: write rows with copyIn, read them with query or stream")
        close(error, &aftermath)
    }

    /// A command's results have ended; with the last of an exchange, the next one's turn has come.
    private mutating func endCommand(_ pointer: OpaquePointer, _ aftermath: inout PhysicalConnection.Aftermath) {
        guard answered < exchanges.count else { return }
        exchanges[answered].commands -= 1
        // Of two commands the first prepares, and has a result only if that went well.
        if exchanges[answered].commands == 1, exchanges[answered].result != nil,
            let statement = exchanges[answered].statement
        {
            statements.confirm(statement)
        }
        guard exchanges[answered].commands <= 0, !exchanges[answered].endsBatch else { return }
        answered += 1
        if exchanges[answered].isCancelled { startCancel(pointer, &aftermath) }
    }

    /// A sync was answered: so are all exchanges before it. When one of several failed, none of them had an effect, and
    /// each is sent again with a sync of its own.
    private mutating func endBatch(_ pointer: OpaquePointer, _ aftermath: inout PhysicalConnection.Aftermath) {
        guard let end = exchanges.firstIndex(where: \.endsBatch) else { return lose(&aftermath) }
        let first = exchanges.removeFirst()
        answered = 0
        syncs -= 1
        // Usually one is alone.
        if end == 0 {
            if let head = exchanges.first, head.isCancelled { startCancel(pointer, &aftermath) }
            complete(first, pointer, &aftermath)
            return sendReads(&aftermath)
        }
        let others = Array(exchanges.prefix(end))
        exchanges.removeFirst(end)
        if let head = exchanges.first, head.isCancelled { startCancel(pointer, &aftermath) }
        if first.failure != nil || others.contains(where: { $0.failure != nil }) {
            forgetPreparation(of: first)
            for exchange in others { forgetPreparation(of: exchange) }
            sendAgain(first, &aftermath)
            for exchange in others { sendAgain(exchange, &aftermath) }
        } else {
            complete(first, pointer, &aftermath)
            for exchange in others { complete(exchange, pointer, &aftermath) }
        }
        sendReads(&aftermath)
    }

    /// What was to be prepared behind the one that failed was not. All of it is forgotten before any of the batch is sent
    /// again, which would else rely on a name that another of them was to bring.
    private mutating func forgetPreparation(of exchange: Exchange) {
        guard let statement = exchange.statement, exchange.isPrepared, !statement.isOnServer else { return }
        statements.forget(statement)
    }

    /// Sends a statement of a batch that failed by itself, if somebody still waits for it.
    private mutating func sendAgain(_ exchange: Exchange, _ aftermath: inout PhysicalConnection.Aftermath) {
        if let result = exchange.result { PQclear(result) }
        guard exchange.isWanted else { return }
        if handle == nil {
            exchange.end(.unsent(closeReason ?? PostgresError.connectionReturned), &aftermath)
        } else {
            send(exchange, &aftermath)
        }
    }

    private mutating func complete(
        _ exchange: Exchange, _ pointer: OpaquePointer, _ aftermath: inout PhysicalConnection.Aftermath
    ) {
        if let failure = exchange.failure {
            if let result = exchange.result { PQclear(result) }
            exchange.end(judge(failure, exchange, pointer, &aftermath), &aftermath)
        } else if let result = exchange.result {
            let storage = ResultStorage(result, columns: exchange.columns)
            if exchange.columns == nil { exchange.statement?.learn(storage.columns) }
            exchange.end(.success(storage), &aftermath)
        } else {
            exchange.end(.failure(PostgresError.connectionLost("the server sent no result")), &aftermath)
        }
    }

    private mutating func judge(
        _ failure: ServerError, _ exchange: Exchange, _ pointer: OpaquePointer,
        _ aftermath: inout PhysicalConnection.Aftermath
    ) -> Exchange.Outcome {
        let error = PostgresError.server(failure, sql: exchange.query.sql)
        if let statement = exchange.statement, exchange.isPrepared {
            statements.forget(statement, isLost: failure.sqlState == "26000")
            // The borrower's own doing, in a way that its text does not show: then all may be gone.
            if failure.sqlState == "26000", statement.isOnServer, needsReset { statements.removeAll() }
        }
        // While more is under way, libpq says nothing of the transaction.
        let isOutsideTransaction = exchange.isShared || PQtransactionStatus(pointer) == PQTRANS_IDLE
        if isOutsideTransaction {
            // No such prepared statement: it could not be prepared a moment ago, or else a pooler must have lost it. Or its
            // result type has changed.
            if exchange.statement?.isOnServer == true, failure.sqlState == "26000", !needsReset { statements.disable() }
            if exchange.isPrepared, failure.sqlState == "26000" || failure.sqlState == "0A000" {
                return .unaffected(error)
            }
            if exchange.mayBeHitByCancel, failure.isCancel { return .unaffected(error) }
        }
        if failure.sqlState == "25006", isDemoted(pointer) { aftermath.seldom.demotion = true }
        if failure.isFatalForConnections {
            aftermath.seldom.loss = error
            close(error, &aftermath)
        }
        return .failure(error)
    }

    /// Whether a refused write means that the server has become read-only, not that the user asked for a read-only
    /// transaction. Servers from 14 on report both settings; of an older one the refusal is all there is.
    private func isDemoted(_ pointer: OpaquePointer) -> Bool {
        guard !isReadOnlyByChoice else { return false }
        func setting(_ name: String) -> String? { PQparameterStatus(pointer, name).map { String(cString: $0) } }
        guard let standby = setting("in_hot_standby") else { return true }
        return standby == "on" || setting("default_transaction_read_only") == "on"
    }
}
