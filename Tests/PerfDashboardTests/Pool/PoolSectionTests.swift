import LatencyHistogram
import Testing

@testable import PerfDashboard

@Suite struct PoolSectionTests {
    private func pool(_ change: (inout PoolReport) -> Void) -> PoolReport {
        var pool = PoolReport()
        (pool.min, pool.max, pool.available) = (2, 10, 10)
        change(&pool)
        return pool
    }

    private func times(_ milliseconds: Double, count: UInt64 = 100) -> LatencyHistogram {
        var histogram = LatencyHistogram()
        histogram.record(UInt64(milliseconds * 1e6), count: count)
        return histogram
    }

    @Test func aPoolThatNobodyUsedYet() {
        let view = PoolView(pool { _ in })
        #expect(view.sentence == "Healthy. Nobody has asked for a connection yet.")
        #expect(view.aside == "0 of 10 in use")
        #expect(!view.hasHolders)
        #expect(view.rows.allSatisfy { $0.p95.number == nil })
    }

    @Test func theDatabaseIsAway() {
        let view = PoolView(
            pool {
                ($0.isHealthy, $0.available) = (false, 0)
                $0.connectFailure = "connection to server at \"db\", port 5432 failed: <Connection refused>"
            })
        #expect(view.sentence == "The database cannot be reached. Callers are failed at once until it can.")
        let html = Templates.render("pool", view)
        #expect(html.contains("Connecting fails: connection to server at &quot;db&quot;"))
        #expect(html.contains("&lt;Connection refused&gt;"), "escaped")
    }

    @Test func connectionsAreHeldAndNotUsed() {
        let view = PoolView(
            pool {
                ($0.inUse, $0.available, $0.waiting, $0.acquired) = (10, 0, 14, 500)
                $0.longestWait = 2_100_000_000
                ($0.useTime, $0.queryTime) = (times(900), times(3))
                $0.holders = (1...7).map { .init(site: "App/Search.swift:\($0)", heldFor: UInt64($0) * 1_000_000_000) }
            })
        #expect(
            view.sentence == "It is the service: connections are held much longer than their statements run, and 14 "
                + "callers wait, the first since 2.1 s. Give them back before waiting for anything else.")
        #expect(view.holders.map(\.site) == (1...5).map { "App/Search.swift:\($0)" })
        #expect(view.rest == "And 2 more.")
    }

    @Test func connectionsAreAllAtWork() {
        let busy = pool {
            ($0.inUse, $0.available, $0.waiting, $0.acquired) = (10, 0, 1, 500)
            $0.longestWait = 15_000_000
            ($0.useTime, $0.queryTime) = (times(4), times(3))
        }
        #expect(
            PoolView(busy).sentence == "It is the pool: its connections are at work and a caller waits since 15 ms. "
                + "Raise DB_POOL_MAX if the database has room, else make the statements faster.")
        let over = pool { ($0.timedOut, $0.acquired, $0.sinceShortage) = (3, 500, 120_000_000_000) }
        #expect(PoolView(over).sentence.contains("3 callers got none in time, the last 2 min ago"))
    }

    /// Callers who timed out while the server was away, and those of last week, say nothing of the pool.
    @Test(arguments: [nil, 901_000_000_000])
    func whatIsLongOverAndWhatTheServerDidIsNoShortage(since: UInt64?) {
        let view = PoolView(pool { ($0.timedOut, $0.acquired, $0.sinceShortage) = (3, 500, since) })
        #expect(view.sentence == "Healthy. Nobody waits.")
    }

    @Test func closedConnectionsAreNamedByReason() {
        let items = PoolView(pool { $0.closed = ["idle": 3, "keep_alive": 12, "lost": 0] }).items
        #expect(items.first { $0.label == "Closed" }?.value == "12 keep alive, 3 idle")
    }

    @Test func prometheusNamesAreOpenTelemetrys() {
        let text = PoolMetricsReport(
            pool: pool {
                ($0.name, $0.inUse, $0.idle, $0.waiting, $0.timedOut) = ("a\"b", 3, 1, 5, 6)
                $0.closed = ["lost": 2]
                $0.waitTime = times(1, count: 4)
            }
        ).text
        let name = "db_client_connection_pool_name=\"a\\\"b\""
        for line in [
            "db_client_connection_count{\(name),db_client_connection_state=\"used\"} 3",
            "db_client_connection_count{\(name),db_client_connection_state=\"idle\"} 1",
            "db_client_connection_max{\(name)} 10", "db_client_connection_idle_min{\(name)} 2",
            "db_client_connection_idle_max{\(name)} 10", "db_client_connection_pending_requests{\(name)} 5",
            "db_client_connection_timeouts_total{\(name)} 6",
            "db_client_connection_closed_total{\(name),reason=\"lost\"} 2",
            "db_client_connection_wait_time_seconds_count{\(name)} 4",
            "db_client_connection_wait_time_seconds_bucket{\(name),le=\"+Inf\"} 4",
            "db_client_connection_use_time_seconds_count{\(name)} 0",
            "db_client_connection_create_time_seconds_count{\(name)} 0",
            "db_client_operation_duration_seconds_count{\(name)} 0",
        ] {
            #expect(text.contains(line + "\n"), "\(line)")
        }
        #expect(!text.contains("nan"))
    }
}
