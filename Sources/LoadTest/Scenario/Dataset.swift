/// Rows of named values, as read from a CSV file with a line of names.
public struct Dataset: Sendable, Hashable {
    /// The names, one for each column.
    public let names: [String]
    /// The rows; each has as many values as there are names.
    public let rows: [[String]]

    /// Makes a data set.
    public init(names: [String], rows: [[String]]) {
        self.names = names
        self.rows = rows
    }

    /// Reads comma-separated values (RFC 4180): quoted fields may hold commas, quotes written twice and line breaks.
    ///
    /// - Throws: ``DatasetError`` with the line, for a row with another number of fields than the first, an unclosed
    ///   quote, two columns of one name, or a file without rows.
    public init(csv text: String) throws(DatasetError) {
        var records: [(line: Int, fields: [String])] = []
        var fields: [String] = []
        var field = ""
        var isQuoted = false
        var line = 1
        var recordLine = 1
        var characters = text.makeIterator()
        var current = characters.next()
        if current == "\u{FEFF}" { current = characters.next() }
        func endRecord() {
            fields.append(field)
            field = ""
            if fields != [""] { records.append((recordLine, fields)) }
            fields = []
        }
        while let character = current {
            current = characters.next()
            let isLineBreak = character.isNewline
            if isLineBreak { line += 1 }
            if isQuoted {
                if character != "\"" {
                    field.append(character)
                } else if current == "\"" {
                    field.append("\"")
                    current = characters.next()
                } else {
                    isQuoted = false
                }
            } else if character == "\"", field.isEmpty {
                isQuoted = true
            } else if character == "," {
                fields.append(field)
                field = ""
            } else if isLineBreak {
                endRecord()
                recordLine = line
            } else {
                field.append(character)
            }
        }
        guard !isQuoted else { throw DatasetError(line: recordLine, problem: "a quote that is never closed") }
        endRecord()
        guard let header = records.first else { throw DatasetError(line: 1, problem: "no line of column names") }
        guard records.count > 1 else { throw DatasetError(line: 1, problem: "no row below the column names") }
        for (index, name) in header.fields.enumerated() where header.fields[..<index].contains(name) {
            throw DatasetError(
                line: header.line, problem: "the column \(name) is named twice; give the second another name")
        }
        for record in records where record.fields.count != header.fields.count {
            throw DatasetError(
                line: record.line,
                problem: "\(record.fields.count) fields where the first line names \(header.fields.count)")
        }
        self.init(names: header.fields, rows: records.dropFirst().map(\.fields))
    }
}

/// What is wrong with a CSV file.
public struct DatasetError: Error, Hashable, Sendable {
    /// The line, counted from 1.
    public let line: Int
    /// What is wrong there.
    public let problem: String
}
