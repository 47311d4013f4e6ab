// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that users of Pitwall never resolve what only its benchmarks compare with.
let package = Package(
    name: "pitwall-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "pitwall", path: ".."),
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
    ]
)
