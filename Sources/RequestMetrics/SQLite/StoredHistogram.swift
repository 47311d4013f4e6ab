import Foundation
import GRDB
import LatencyHistogram

extension LatencyHistogram {
    /// Reads the histogram in a column; nil when its bytes cannot be read. An empty blob is an empty histogram.
    static func stored(in row: Row, at index: Int) -> LatencyHistogram? {
        let data = try? row.withUnsafeData(atIndex: index) { data -> LatencyHistogram? in
            guard let data, !data.isEmpty else { return LatencyHistogram() }
            return try? LatencyHistogram(decoding: data)
        }
        return data ?? nil
    }

    /// The bytes to store.
    var stored: Data { count == 0 ? Data() : Data(encoded()) }
}

extension Row {
    /// A column's value; nil when the file holds something else there. GRDB's own subscript would end the process: what
    /// another program wrote must not end the service.
    func stored<Value: DatabaseValueConvertible>(_ index: Int) -> Value? {
        Value.fromDatabaseValue(self[index] as DatabaseValue)
    }
}

extension Date {
    /// Whole seconds since 1970, as the store counts them.
    var storedSeconds: Int { Int(exactly: timeIntervalSince1970.rounded(.down)) ?? 0 }

    init(storedSeconds: Int) {
        self.init(timeIntervalSince1970: TimeInterval(storedSeconds))
    }
}
