import CLibPQ

/// An error that the server reported about a statement or a connection.
public struct ServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The five characters of the SQLSTATE code, such as `23505`; see
    /// [Appendix A](https://www.postgresql.org/docs/current/errcodes-appendix.html) of the manual.
    public let sqlState: String
    /// `ERROR`, `FATAL` or `PANIC`.
    public let severity: String
    /// The message, in the server's language.
    public let message: String
    /// More about the error. May hold values of the row concerned, so that it is not part of ``description``.
    public let detail: String?
    /// What the server suggests.
    public let hint: String?
    /// The table concerned.
    public let table: String?
    /// The constraint that was violated.
    public let constraint: String?

    /// Severity, message, code and hint; no detail, which can hold data.
    public var description: String {
        "\(severity): \(message) (SQLSTATE \(sqlState))" + (hint.map { "; \($0)" } ?? "")
    }

    init(sqlState: String, severity: String = "ERROR", message: String, hint: String? = nil) {
        self.sqlState = sqlState
        self.severity = severity
        self.message = message
        self.hint = hint
        detail = nil
        table = nil
        constraint = nil
    }

    /// Reads the fields of a failed result. `PG_DIAG_…` are macros on character constants, which Swift does not
    /// import: the letters are those of the protocol's ErrorResponse message.
    init(result: OpaquePointer) {
        func field(_ letter: Character) -> String? {
            guard let code = letter.asciiValue, let text = PQresultErrorField(result, CInt(code)) else { return nil }
            return String(cString: text)
        }
        sqlState = field("C") ?? ""
        severity = field("V") ?? field("S") ?? "ERROR"
        message = field("M") ?? String(cString: PQresultErrorMessage(result)).trimmingNewlines
        detail = field("D")
        hint = field("H")
        table = field("t")
        constraint = field("n")
    }

    /// Whether a cancel request ended the statement, as far as code and words tell. Its own timeout has the same code, and
    /// other words only: where the server speaks another language, the time that it took tells more.
    var isCancel: Bool { sqlState == "57014" && !message.contains("timeout") }

    /// Whether the server, not the statement, is at fault, so that connections to it should not be trusted:
    /// insufficient resources (53), shut-down and crash (57P), system (58), configuration (F0) and internal (XX)
    /// errors, as npgsql has it.
    var isFatalForConnections: Bool {
        if severity == "FATAL" || severity == "PANIC" { return true }
        switch sqlState.prefix(2) {
        case "58", "F0", "XX": return true
        case "57": return ["57P01", "57P02", "57P03"].contains(sqlState)
        default: return false
        }
    }
}

extension String {
    var trimmingNewlines: String {
        var text = self[...]
        while let last = text.last, last.isNewline { text.removeLast() }
        // libpq indents the lines that go on.
        return String(text).replacing("\n\t", with: "; ").replacing("\n", with: "; ")
    }
}
