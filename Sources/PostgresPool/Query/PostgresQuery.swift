#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A statement and the values bound to it.
///
/// Written as a string literal, each interpolated value becomes a bound parameter, never a part of the text:
///
/// ```swift
/// let query: PostgresQuery = "SELECT title FROM permits WHERE id = \(id) AND city = \(city)"
/// query.sql  // SELECT title FROM permits WHERE id = $1 AND city = $2
/// ```
///
/// A `String` variable is no literal and does not convert: there is no way to splice text in by accident. The name of a
/// table or column goes in quoted with `\(identifier: name)`. Text that the program makes by itself and that no user
/// has touched goes in through ``init(trusted:)``.
public struct PostgresQuery: Sendable {
    /// The statement with `$1`, `$2`, … where values are bound. One statement, no semicolon-separated list.
    public internal(set) var sql: String

    /// The bound values.
    private(set) var binds = BoundValues()

    /// A statement that the program itself made, as it is, with nothing bound.
    ///
    /// - Parameter sql: never anything that came from outside the program.
    public init(trusted sql: String) {
        self.sql = sql
    }

    /// The same text and types, and no values.
    var withoutValues: PostgresQuery {
        var query = self
        query.binds = binds.typesAlone
        return query
    }

    /// Why no server can take this statement, if so. Asked before anything is sent: libpq cuts a text off at its first
    /// NUL, and refuses the rest in a way that looks like a broken link.
    var flaw: PostgresError? {
        if binds.count > Self.mostBinds {
            return .misuse(
                "\(binds.count) values are bound in: \(sql.prefix(80)). A statement takes at most \(Self.mostBinds); "
                    + "bind an array and use = ANY($1) or unnest($1), or COPY")
        }
        if hasNUL {
            return .misuse("there is a NUL in the text of: \(sql.prefix(80)). Bind the value instead")
        }
        // Each value has its type and its length before it.
        let size = sql.utf8.count + binds.size
        if size > Self.mostBytes {
            return .misuse("\(size) bytes are bound in: \(sql.prefix(80)). The server takes at most 1 GB")
        }
        return nil
    }

    /// By the C library: this is asked of every statement.
    private var hasNUL: Bool {
        sql.utf8.withContiguousStorageIfAvailable { text in
            text.baseAddress.map { memchr($0, 0, text.count) != nil } ?? false
        } ?? sql.utf8.contains(0)
    }

    /// The protocol counts bound values in 16 bits ("Bind" in the documentation's message formats).
    private static let mostBinds = 65_535

    /// The server allocates a message in one piece of less than 1 GB (`PQ_LARGE_MESSAGE_LIMIT`); a little of it is the
    /// protocol's own.
    static let mostBytes = (1 << 30) - 1024

    /// Binds one more value, for statements whose text is made by ``init(trusted:)``.
    ///
    /// - Returns: the placeholder of the value, `$1` for the first.
    @discardableResult
    public mutating func bind<Value: PostgresEncodable>(_ value: Value?) -> String {
        binds.append(value)
        return Self.placeholder(binds.count)
    }

    /// Most are short: those are no work at all.
    private static func placeholder(_ number: Int) -> String {
        switch number {
        case 1: "$1"
        case 2: "$2"
        case 3: "$3"
        case 4: "$4"
        default: "$\(number)"
        }
    }

    /// Appends another statement's text and values; its placeholders are numbered on.
    mutating func append(_ part: PostgresQuery) {
        sql += part.binds.count == 0 ? part.sql : part.sql.renumberingPlaceholders(by: binds.count)
        binds.append(part.binds)
    }
}

extension PostgresQuery: ExpressibleByStringInterpolation {
    /// A statement without parameters.
    public init(stringLiteral sql: String) {
        self.init(trusted: sql)
    }

    /// A statement whose interpolated values are bound.
    public init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.query
    }

    /// Collects the text and the values of an interpolated statement.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var query: PostgresQuery

        /// Starts with room for the text.
        public init(literalCapacity: Int, interpolationCount: Int) {
            query = PostgresQuery(trusted: "")
            query.sql.reserveCapacity(literalCapacity + interpolationCount * 3)
            query.binds = BoundValues(capacity: interpolationCount)
        }

        /// Text of the statement.
        public mutating func appendLiteral(_ literal: String) {
            query.sql += literal
        }

        /// Binds a value.
        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value) {
            query.sql += query.bind(value)
        }

        /// Binds a value or `NULL`.
        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
            query.sql += query.bind(value)
        }

        /// Puts in the name of a table, a column or another object, quoted so that it cannot be anything else.
        public mutating func appendInterpolation(identifier: String) {
            query.sql += "\"\(identifier.replacing("\"", with: "\"\""))\""
        }

        /// Puts in another statement, as a part of this one, with its bound values.
        public mutating func appendInterpolation(_ part: PostgresQuery) {
            query.append(part)
        }
    }
}

extension String {
    /// The statement with the number of every placeholder raised.
    fileprivate func renumberingPlaceholders(by offset: Int) -> String {
        guard offset > 0 else { return self }
        var (result, copied) = ("", startIndex)
        var tokens = SQLTokens(self)
        while let token = tokens.next() {
            guard case .placeholder(let digits) = token, let number = Int(digits) else { continue }
            result += self[copied..<digits.startIndex]
            result += String(number + offset)
            copied = digits.endIndex
        }
        return result + self[copied...]
    }
}
