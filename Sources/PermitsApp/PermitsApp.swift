import Hummingbird
package import Logging
import MetricsStores
import NIOCore
import PerfDashboard
import PostgresPool
import RequestMetrics

/// The demo service: a register of building permits, measured as any host would be.
package struct PermitsApp: Sendable {
    private let settings: ServeSettings
    private let logger: Logger
    private let announce: @Sendable (ServiceAddress) -> Void

    /// - Parameters:
    ///   - settings: from flags and environment.
    ///   - announce: called once, when the service listens.
    package init(
        _ settings: ServeSettings, logger: Logger, announce: @escaping @Sendable (ServiceAddress) -> Void
    ) {
        self.settings = settings
        self.logger = logger
        self.announce = announce
    }

    /// Serves until SIGINT or SIGTERM, then drains and returns.
    ///
    /// - Throws: `MetricsStoreError` when the database cannot be used, `ConfigurationError` for a setting of its pool,
    ///   ``ListenError`` when the address cannot.
    package func run() async throws {
        if !settings.database.holdsPermits { _ = try settings.database.openPermits(nil) }
        // First in silence: what is wrong with the database is then one line, not a log.
        try await settings.database.migrate(settings: settings.config)
        try await settings.database.withStore(
            retention: settings.retention, sampling: settings.recording.sampling, settings: settings.config,
            logger: logger
        ) { store, pool in
            try await serve(store, settings.database.openPermits(pool), pool)
        }
    }

    private func serve(_ store: any MetricsStore, _ permits: any PermitStore, _ pool: PostgresPool?) async throws {
        let site = try Site()
        let clerks = ClerkSessions()
        let access = AdminTokenAccess(token: settings.adminToken, otherwise: clerks.access)
        let listening = Listening()

        // What a host adds to be measured: a recorder, one middleware line, the dashboard, and a drain beside the server.
        let recorder = RequestRecorder(settings: settings.recording, logger: logger)
        let router = Router(context: PermitsContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestMetricsMiddleware(recorder))
        router.add(middleware: ErrorPages(site: site))
        PerfDashboard(
            store: store, recorder: recorder, access: access, metricsToken: settings.metricsToken,
            pool: pool.map { pool in { @Sendable in pool.report } }, logger: logger
        ).addRoutes(to: router)
        let drain = MetricsDrain(recorder, to: store, settings: settings.draining, logger: logger)

        // The service itself.
        PublicPages(site: site, permits: permits).addRoutes(to: router)
        HealthRoute(missingTables: [store.missingTables, permits.missingTables], pool: pool).addRoutes(to: router)
        clerks.addRoutes(to: router, site: site)
        router.get("/assets/site.css") { _, _ in site.stylesheet() }

        var app = Application(
            router: router,
            server: .http1(configuration: .init(additionalChannelHandlers: [OneRequestConnections.Installer()])),
            configuration: .init(
                address: .hostname(settings.host, port: settings.port), serverName: "permits"),
            services: [drain],
            onServerRunning: { channel in
                let address = ServiceAddress(host: settings.host, port: channel.localAddress?.port ?? settings.port)
                listening.begin(address)
                announce(address.with(signInPath: access.oneTimeSignInPath(opening: .fifteenMinutes)))
            },
            logger: logger)
        if settings.traffic {
            app.addServices(DemoTraffic(address: listening.address, meanPause: .milliseconds(120), logger: logger))
        }
        do {
            try await app.runService()
        } catch let error as IOError {
            throw ListenError(host: settings.host, port: settings.port, error: error)
        } catch let error where error is SocketAddressError || error is SocketAddressError.UnknownHost {
            throw SettingError(
                setting: "--host or HOST", value: settings.host,
                allowed: "an address or name of this machine, such as 127.0.0.1, 0.0.0.0 or localhost")
        }
    }
}
