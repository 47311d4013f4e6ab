// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that users of Pitwall never resolve what only its benchmarks compare with.
let package = Package(
    name: "pitwall-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "pitwall", path: ".."),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        .target(name: "BenchSupport"),
        .executableTarget(
            name: "HistogramBench",
            dependencies: [
                "BenchSupport",
                .product(name: "LatencyHistogram", package: "pitwall"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ]
        ),
        .executableTarget(
            name: "RecorderBench",
            dependencies: ["BenchSupport", .product(name: "RequestMetrics", package: "pitwall")]
        ),
        .executableTarget(
            name: "StoreBench",
            dependencies: [
                "BenchSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "LatencyHistogram", package: "pitwall"),
                .product(name: "PerfDashboard", package: "pitwall"),
                .product(name: "RequestMetrics", package: "pitwall"),
            ]
        ),
        .executableTarget(
            name: "ServiceBench",
            dependencies: [
                "BenchSupport",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "RequestMetrics", package: "pitwall"),
            ]
        ),
        .executableTarget(
            name: "LandBench",
            dependencies: [
                .product(name: "SprintRunner", package: "pitwall"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        .executableTarget(
            name: "PlanReading", dependencies: [.product(name: "SprintRunner", package: "pitwall")]),
        .executableTarget(
            name: "PoolBench",
            dependencies: [
                .product(name: "LatencyHistogram", package: "pitwall"),
                .product(name: "PostgresPool", package: "pitwall"),
            ]
        ),
        .executableTarget(
            name: "FleetBench",
            dependencies: [
                .product(name: "LatencyHistogram", package: "pitwall"),
                .product(name: "PerfDashboard", package: "pitwall"),
                .product(name: "PostgresMetrics", package: "pitwall"),
                .product(name: "PostgresPool", package: "pitwall"),
                .product(name: "RequestMetrics", package: "pitwall"),
            ]
        ),
        .executableTarget(
            name: "ScanBench", dependencies: [.product(name: "SwiftScanner", package: "pitwall")]),
    ]
)
