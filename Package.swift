// swift-tools-version: 6.2
import PackageDescription

/// One set of settings for every target: Swift 6 mode comes with the tools version, the rest keeps imports honest.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let metricsTestKit: Target.Dependency = .product(name: "MetricsTestKit", package: "swift-metrics")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioFoundationCompat: Target.Dependency = .product(name: "NIOFoundationCompat", package: "swift-nio")
let nioHPACK: Target.Dependency = .product(name: "NIOHPACK", package: "swift-nio-http2")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTP2: Target.Dependency = .product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let swiftParser: Target.Dependency = .product(name: "SwiftParser", package: "swift-syntax")
let swiftSyntax: Target.Dependency = .product(name: "SwiftSyntax", package: "swift-syntax")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "pitwall",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "pitwall", targets: ["pitwall"]),
        .library(name: "DuckDBMetrics", targets: ["DuckDBMetrics"]),
        .library(name: "LatencyComparison", targets: ["LatencyComparison"]),
        .library(name: "LatencyHistogram", targets: ["LatencyHistogram"]),
        .library(name: "LoadTest", targets: ["LoadTest"]),
        .library(name: "PerfDashboard", targets: ["PerfDashboard"]),
        .library(name: "PostgresMetrics", targets: ["PostgresMetrics"]),
        .library(name: "PostgresPool", targets: ["PostgresPool"]),
        .library(name: "ReleaseVerdict", targets: ["ReleaseVerdict"]),
        .library(name: "RequestMetrics", targets: ["RequestMetrics"]),
        .library(name: "SecurityAudit", targets: ["SecurityAudit"]),
        .library(name: "SprintRunner", targets: ["SprintRunner"]),
        .library(name: "SwiftScanner", targets: ["SwiftScanner"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/swiftlang/swift-syntax", from: "603.0.1"),
    ],
    targets: [
        // The command.
        .executableTarget(
            name: "pitwall",
            dependencies: [
                "LatencyComparison", "LoadTest", "MetricsStores", "PerfDashboard", "PermitsApp", "PostgresPool",
                "ReleaseVerdict", "RequestMetrics", "SecurityAudit", "SprintRunner", argumentParser, configuration,
                logging, systemPackage, unixSignals,
            ],
            swiftSettings: settings
        ),

        // watch
        .target(
            name: "PermitsApp",
            dependencies: [
                "LatencyHistogram", "MarkupText", "MetricsStores", "PerfDashboard", "PostgresPool", "RequestMetrics",
                asyncHTTPClient, configuration, crypto, grdb, httpTypes, hummingbird, logging, mustache, nioCore,
                nioHTTP1,
                serviceLifecycle,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "MetricsStores",
            dependencies: [
                "DuckDBMetrics", "PostgresMetrics", "PostgresPool", "RequestMetrics", configuration, logging,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "PerfDashboard",
            dependencies: [
                "LatencyHistogram", "MarkupText", "RequestMetrics", crypto, httpTypes, hummingbird, logging, mustache,
                nioCore, serviceLifecycle,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "RequestMetrics",
            dependencies: ["LatencyHistogram", grdb, httpTypes, hummingbird, logging, nioCore, serviceLifecycle],
            swiftSettings: settings
        ),

        // tune
        .target(
            name: "PostgresPool",
            dependencies: [
                "CLibPQ", "CReadiness", "LatencyHistogram", configuration, deque, heap, logging, metrics,
                serviceLifecycle,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "PostgresMetrics",
            dependencies: ["LatencyHistogram", "PostgresPool", "RequestMetrics", logging],
            swiftSettings: settings
        ),
        .target(
            name: "DuckDBMetrics",
            dependencies: ["CDuckDB", "LatencyHistogram", "RequestMetrics"],
            swiftSettings: settings
        ),
        .target(name: "CDuckDB"),
        .systemLibrary(
            name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),

        // push
        .target(
            name: "LoadTest",
            dependencies: [
                "CArrival", "CReadiness", "LatencyComparison", "LatencyHistogram", "MarkupText", "ResultFile",
                asn1, asyncHTTPClient, crypto, nioCore, nioHPACK, nioHTTP1, nioHTTP2, nioPosix, nioSSL, nioTLS, x509,
                yams,
            ],
            swiftSettings: settings
        ),
        .target(name: "CArrival"),
        .target(name: "LatencyComparison", dependencies: ["LatencyHistogram"], swiftSettings: settings),
        .target(
            name: "ReleaseVerdict", dependencies: ["LatencyComparison", "LatencyHistogram", "RequestMetrics"],
            swiftSettings: settings),

        // check
        .target(
            name: "SecurityAudit",
            dependencies: [
                "MarkupText", "ResultFile", "SwiftScanner", crypto, subprocess, systemPackage, unixSignals, yams,
            ],
            swiftSettings: settings
        ),
        .target(name: "SwiftScanner", dependencies: [swiftParser, swiftSyntax], swiftSettings: settings),

        // land
        .target(
            name: "SprintRunner", dependencies: ["CProcessTree", subprocess, systemPackage], swiftSettings: settings),
        .target(name: "CProcessTree"),

        // What several parts share.
        .target(name: "LatencyHistogram", swiftSettings: settings),
        .target(name: "MarkupText", swiftSettings: settings),
        .target(name: "ResultFile", swiftSettings: settings),
        .target(name: "CReadiness"),

        // Tests, a folder a module.
        .testTarget(
            name: "LatencyComparisonTests",
            dependencies: ["LatencyComparison", "LatencyHistogram"],
            swiftSettings: settings
        ),
        .testTarget(name: "MarkupTextTests", dependencies: ["MarkupText"], swiftSettings: settings),
        .testTarget(name: "LatencyHistogramTests", dependencies: ["LatencyHistogram"], swiftSettings: settings),
        .testTarget(
            name: "DuckDBMetricsTests",
            dependencies: ["DuckDBMetrics", "PostgresFixture", "RequestMetrics", "StoreFixture"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "LoadTestTests",
            dependencies: [
                "CArrival", "LatencyComparison", "LatencyHistogram", "LoadTest", "pitwall", nioCore, nioHTTP2, nioPosix,
                nioSSL,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "MetricsStoresTests",
            dependencies: [
                "DuckDBMetrics", "LatencyHistogram", "MetricsStores", "PostgresFixture", "PostgresMetrics",
                "PostgresPool", "RequestMetrics", "StoreFixture", logging,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PerfDashboardTests",
            dependencies: [
                "PitwallBrowserSupport", "LatencyHistogram", "PerfDashboard", "RequestMetrics", asyncHTTPClient,
                httpTypes,
                hummingbird, hummingbirdTesting, logging, nioCore, nioPosix, serviceLifecycle, subprocess,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PermitsAppTests",
            dependencies: [
                "LatencyHistogram", "PerfDashboard", "PermitsApp", "PostgresFixture", "PostgresPool", logging,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PitwallTests",
            dependencies: [
                "LatencyHistogram", "pitwall", "PostgresFixture", "RequestMetrics", asyncHTTPClient, nioCore, nioHTTP1,
                subprocess, systemPackage,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PostgresMetricsTests",
            dependencies: [
                "LatencyHistogram", "PostgresFixture", "PostgresMetrics", "PostgresPool", "RequestMetrics",
                "StoreFixture", logging,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PostgresPoolTests",
            dependencies: [
                "CLibPQ", "LatencyHistogram", "PostgresFixture", "PostgresPool", configuration, logging,
                metricsTestKit, serviceLifecycle,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ReleaseVerdictTests",
            dependencies: ["LatencyComparison", "LatencyHistogram", "ReleaseVerdict", "RequestMetrics", "pitwall"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "RequestMetricsTests",
            dependencies: [
                "LatencyHistogram", "MetricsFixture", "RequestMetrics", grdb, httpTypes, hummingbird,
                hummingbirdTesting,
                logging, nioCore, nioPosix, serviceLifecycle,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SecurityAuditTests",
            dependencies: ["ResultFile", "SecurityAudit", "SwiftScanner"],
            exclude: ["Fixtures"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SprintRunnerTests",
            dependencies: ["SprintRunner", "pitwall", subprocess, systemPackage],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SwiftScannerTests",
            dependencies: ["SwiftScanner", swiftParser],
            exclude: ["Labelled"],
            swiftSettings: settings
        ),

        // What tests talk to: real servers, browsers and processes.
        .target(
            name: "PitwallBrowserSupport",
            dependencies: [asyncHTTPClient, nioCore, nioFoundationCompat, nioHTTP1, subprocess],
            path: "Tests/Support/Browser",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "MetricsFixture",
            dependencies: ["LatencyHistogram", "RequestMetrics", logging, serviceLifecycle],
            path: "Tests/Support/MetricsFixture",
            swiftSettings: settings
        ),
        .target(
            name: "StoreFixture",
            dependencies: ["LatencyHistogram", "RequestMetrics"],
            path: "Tests/Support/StoreFixture",
            swiftSettings: settings
        ),
        .target(
            name: "PostgresFixture",
            dependencies: [subprocess],
            path: "Tests/Support/PostgresFixture",
            swiftSettings: settings
        ),
    ]
)
