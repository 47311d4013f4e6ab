import Foundation

/// A SQLite file that somebody reads who may not write beside it.
///
/// A reader of a file in write-ahead mode makes a log's index beside it. One that may not write in the folder cannot, and
/// needs none while no program has the file open for writing: <https://www.sqlite.org/wal.html#read_only_databases>.
package struct SQLiteFile {
    let path: String

    package init(path: String) { self.path = path }

    /// Whether no log lies beside it.
    package var isAtRest: Bool { !FileManager.default.fileExists(atPath: path + "-wal") }

    /// The path as a URI that tells SQLite not to look for a log.
    package var immutableURL: String {
        let allowed = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "?#%"))
        return "file:\(path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path)?immutable=1"
    }
}
