import Logging
import Synchronization

extension PostgresPool {
    /// Does a job and tells the machine how it went.
    func perform(_ job: Job) async {
        switch job {
        case .connect(let slot):
            let start = MonotonicTime.now
            do {
                let connection = try await connect(slot)
                metrics.created(in: MonotonicTime.now - start)
                functions.forgetWhatIsOld()
                change { machine, now, actions in machine.connected(slot, connection, now: now, &actions) }
            } catch {
                change { machine, now, actions in machine.connectFailed(slot, error, now: now, &actions) }
            }
        case .check(let slot, let connection):
            let isAlive = await connection.proveAlive(within: configuration.connectTimeout)
            change { machine, now, actions in machine.checked(slot, isAlive: isAlive, now: now, &actions) }
        case .clean(let slot, let connection):
            let isClean = await connection.makeClean(within: configuration.cleanTimeout)
            change { machine, now, actions in machine.cleaned(slot, isClean: isClean, now: now, &actions) }
        }
    }

    /// Connects with the statement timeout in the start-up message, and with the styles in which values are read here,
    /// whatever the server, the database or the role prefers. A pooler may refuse that: then, for this and all
    /// later connections, it is set with one `SET`, and nothing is prepared under a name.
    private func connect(_ slot: SlotID) async throws(ConnectFailure) -> PhysicalConnection {
        if !refusesOptions.load(ordering: .relaxed) {
            do {
                let parameters = parameters.settingAtStart("bytea_output", to: "hex")
                    .settingAtStart("datestyle", to: "ISO")
                    .settingAtStart("statement_timeout", to: configuration.statementTimeout)
                return try await ConnectAttempt.connect(
                    parameters, settings: settings(for: slot, cacheCapacity: configuration.statementCacheCapacity),
                    timeout: configuration.connectTimeout
                )
            } catch  where error.refusesOptions {
                if !refusesOptions.exchange(true, ordering: .relaxed) { logPooler(error) }
            }
        }
        var settings = settings(for: slot, cacheCapacity: 0)
        let setUp: PostgresQuery = """
            SELECT set_config('statement_timeout', \(configuration.statementTimeout), false),
                set_config('bytea_output', 'hex', false), set_config('datestyle', 'ISO', false)
            """
        settings.setUp = setUp
        let connection = try await ConnectAttempt.connect(
            parameters, settings: settings, timeout: configuration.connectTimeout
        )
        guard await connection.run(setUp, within: configuration.connectTimeout) else {
            throw ConnectFailure(settingFailed: connection.closeReason)
        }
        return connection
    }

    private func noteLoss(of slot: SlotID, _ error: PostgresError) {
        var reason = CloseReason.lost
        if case .noAnswer = error {
            reason = .silent
            logger.warning(
                "the server has stopped answering; connections are replaced", metadata: ["error": "\(error)"])
        } else {
            logger.debug("connection lost", metadata: ["error": "\(error)"])
        }
        change { machine, now, actions in machine.lost(slot, reason, now: now, &actions) }
    }

    private func settings(for slot: SlotID, cacheCapacity: Int) -> PhysicalConnection.Settings {
        PhysicalConnection.Settings(
            statementCacheCapacity: cacheCapacity,
            resetsAlways: configuration.resetsAlways, functions: functions,
            silenceLimit: configuration.silenceLimit,
            onLoss: { [weak self] error in self?.noteLoss(of: slot, error) },
            onDemotion: { [weak self] in
                self?.logger.warning("the server refused a write: it has become read-only; connections are replaced")
                self?.change { machine, now, actions in machine.demoted(slot, now: now, &actions) }
            },
            asksForPooler: { [weak self] in self?.asksForPooler.exchange(false, ordering: .relaxed) ?? false },
            onPooledSession: { [weak self] statement in self?.logPooledSession(statement) },
            onStatement: { [metrics] nanoseconds in metrics.queried(for: nanoseconds) }
        )
    }
}
