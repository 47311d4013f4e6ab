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
}

extension Row {
    /// A column's value; nil when the file holds something else there. GRDB's own subscript would end the process: what
    /// another program wrote must not end the service.
    func stored<Value: DatabaseValueConvertible>(_ index: Int) -> Value? {
        Value.fromDatabaseValue(self[index] as DatabaseValue)
    }
}
