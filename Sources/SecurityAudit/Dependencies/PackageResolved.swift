import Foundation

/// The pins of a `Package.resolved`, format versions 1 to 3.
struct PackageResolved: Sendable {
    let pins: [Pin]

    /// One package and what it is pinned to.
    struct Pin: Sendable, Hashable {
        /// SwiftPM's identity, or the package's name in version 1.
        let identity: String
        /// The address as written; empty for a registry.
        let location: String
        let kind: Kind
        let version: String?
        let branch: String?
        let revision: String?
    }

    enum Kind: Sendable, Hashable {
        case sourceControl
        case local
        case registry
    }

    /// Why a file is no `Package.resolved` that can be read.
    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    init(_ data: Data) throws(Unreadable) {
        guard let header = try? JSONDecoder().decode(Header.self, from: data) else {
            throw Unreadable(description: "not JSON with a version")
        }
        do {
            switch header.version {
            case 1:
                let file = try JSONDecoder().decode(First.self, from: data)
                pins = file.object.pins.map {
                    Pin(
                        identity: $0.package, location: $0.repositoryURL, kind: .sourceControl,
                        version: $0.state.version, branch: $0.state.branch, revision: $0.state.revision)
                }
            case 2, 3:
                let file = try JSONDecoder().decode(Second.self, from: data)
                pins = file.pins.map {
                    Pin(
                        identity: $0.identity, location: $0.location ?? "", kind: Self.kind($0.kind),
                        version: $0.state.version, branch: $0.state.branch, revision: $0.state.revision)
                }
            default: throw Unreadable(description: "format version \(header.version) is not known; 1, 2 and 3 are")
            }
        } catch let error as Unreadable {
            throw error
        } catch {
            throw Unreadable(description: "not the format of version \(header.version)")
        }
    }

    private static func kind(_ word: String) -> Kind {
        switch word {
        case "registry": .registry
        case "localSourceControl", "fileSystem": .local
        default: .sourceControl
        }
    }

    private struct Header: Decodable {
        let version: Int
    }

    private struct First: Decodable {
        let object: Object

        struct Object: Decodable {
            let pins: [Pin]
        }

        struct Pin: Decodable {
            let package: String
            let repositoryURL: String
            let state: State
        }
    }

    private struct Second: Decodable {
        let pins: [Pin]

        struct Pin: Decodable {
            let identity: String
            let kind: String
            let location: String?
            let state: State
        }
    }

    private struct State: Decodable {
        let version: String?
        let branch: String?
        let revision: String?
    }
}
