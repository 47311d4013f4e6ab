/// What text from outside could do at a sink: decides which functions make it harmless.
enum Danger {
    case sql
    case shell
    case path
    case regex
    case script
    case url
    case format
    case predicate
    /// No function helps: a secret stays one, a constant stays constant.
    case other

    /// Names of functions and properties whose result can no longer do this harm.
    var sanitizers: Set<String> {
        switch self {
        case .sql:
            [
                "quotedDatabaseIdentifier", "databaseQuestionMarks", "escapeIdentifier", "quoteIdentifier",
                "escapeLiteral", "PQescapeLiteral", "PQescapeIdentifier", "PQescapeStringConn", "sqlEscaped",
                "quoted", "quotedIdentifier", "escapedSQL", "escapeSQL", "sqlite3_mprintf", "placeholders",
                "escaped",
            ]
        case .shell:
            [
                "shellEscaped", "shellQuoted", "shellQuote", "shellEscape", "quoted", "escapedForShell",
                "spm_shellEscaped",
            ]
        case .path:
            [
                "lastPathComponent", "sanitizedFileName", "sanitizeFilename", "sanitizedFilename", "safeFileName",
                "lastComponent",
            ]
        case .regex: ["escapedPattern", "escapedTemplate", "regexEscaped"]
        case .script:
            [
                "JSONEncoder", "encode", "htmlEscaped", "escapeHTML", "escapingHTML", "addingPercentEncoding",
                "escapedForJavaScript", "javaScriptEscaped", "jsonEncoded", "addingUnicodeEntities", "escapeHtml",
                "htmlEscape", "escaped", "sanitize", "sanitized", "sanitizeHTML", "htmlEncoded", "jsEscaped",
            ]
        case .url: ["addingPercentEncoding", "urlEncoded", "percentEncoded"]
        case .format, .predicate, .other: []
        }
    }
}
