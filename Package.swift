// swift-tools-version: 6.2
import PackageDescription

/// One set of settings for every target: Swift 6 mode comes with the tools version, the rest keeps imports honest.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "pitwall",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "LatencyHistogram", targets: ["LatencyHistogram"])
    ],
    dependencies: [],
    targets: [
        .target(name: "LatencyHistogram", swiftSettings: settings),
        .testTarget(
            name: "LatencyHistogramTests",
            dependencies: ["LatencyHistogram"],
            swiftSettings: settings
        ),
    ]
)
