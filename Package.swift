// swift-tools-version: 6.2
import PackageDescription

/// One set of settings for every target: Swift 6 mode comes with the tools version, the rest keeps imports honest.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioFoundationCompat: Target.Dependency = .product(name: "NIOFoundationCompat", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

let package = Package(
    name: "pitwall",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "pitwall", targets: ["pitwall"]),
        .library(name: "LatencyHistogram", targets: ["LatencyHistogram"]),
        .library(name: "RequestMetrics", targets: ["RequestMetrics"]),
        .library(name: "PerfDashboard", targets: ["PerfDashboard"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // The command.
        .executableTarget(
            name: "pitwall",
            dependencies: [
                "MetricsStores", "PerfDashboard", "PermitsApp", "RequestMetrics", argumentParser, configuration,
                logging,
            ],
            swiftSettings: settings
        ),

        // watch
        .target(
            name: "PermitsApp",
            dependencies: [
                "MetricsStores", "PerfDashboard", "RequestMetrics", asyncHTTPClient, configuration, crypto, grdb,
                httpTypes,
                hummingbird, logging, mustache, nioCore, serviceLifecycle,
            ],
            swiftSettings: settings
        ),
        .target(name: "MetricsStores", dependencies: ["RequestMetrics"], swiftSettings: settings),
        .target(
            name: "PerfDashboard",
            dependencies: [
                "LatencyHistogram", "RequestMetrics", crypto, httpTypes, hummingbird, logging, mustache, nioCore,
                serviceLifecycle,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "RequestMetrics",
            dependencies: ["LatencyHistogram", grdb, httpTypes, hummingbird, logging, serviceLifecycle],
            swiftSettings: settings
        ),

        // What all parts share.
        .target(name: "LatencyHistogram", swiftSettings: settings),

        // Tests.
        .testTarget(name: "LatencyHistogramTests", dependencies: ["LatencyHistogram"], swiftSettings: settings),
        .testTarget(
            name: "RequestMetricsTests",
            dependencies: [
                "LatencyHistogram", "MetricsFixture", "RequestMetrics", grdb, httpTypes, hummingbird, hummingbirdTesting,
                logging, nioCore, nioPosix, serviceLifecycle,
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "MetricsFixture",
            dependencies: ["LatencyHistogram", "RequestMetrics", serviceLifecycle, logging],
            path: "Tests/Support/MetricsFixture",
            swiftSettings: settings
        ),
        .testTarget(
            name: "PerfDashboardTests",
            dependencies: [
                "LatencyHistogram", "PerfDashboard", "PitwallBrowserSupport", "RequestMetrics", asyncHTTPClient, httpTypes,
                hummingbird, hummingbirdTesting, logging, nioCore, nioPosix, serviceLifecycle, subprocess,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "PitwallBrowserSupport",
            dependencies: [asyncHTTPClient, nioCore, nioFoundationCompat, subprocess],
            path: "Tests/Support/Browser",
            swiftSettings: settings
        ),
        .testTarget(name: "PermitsAppTests", dependencies: ["PermitsApp"], swiftSettings: settings),
        .testTarget(
            name: "PitwallTests",
            dependencies: ["pitwall", asyncHTTPClient, nioCore, nioHTTP1, subprocess, systemPackage],
            swiftSettings: settings
        ),
    ]
)
