import Foundation

/// Which file a path leads to, so that one that was deleted or replaced under an open connection is noticed.
package struct FileIdentity: Equatable {
    private let device: Int
    private let number: Int

    package init?(path: String) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let device = attributes?[.systemNumber] as? NSNumber,
            let number = attributes?[.systemFileNumber] as? NSNumber
        else { return nil }
        self.device = device.intValue
        self.number = number.intValue
    }
}
