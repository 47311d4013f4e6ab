import Foundation

/// Names of recorders.
public enum InstanceName {
    /// A name that no other recorder has: host, process id, and a random part, since process ids come again.
    public static func make() -> String {
        let process = ProcessInfo.processInfo
        let random = String(UInt32.random(in: .min ... .max), radix: 36)
        return "\(process.hostName.prefix(64)):\(process.processIdentifier):\(random)"
    }
}
