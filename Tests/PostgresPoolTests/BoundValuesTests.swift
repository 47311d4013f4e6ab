import Testing

@testable import PostgresPool

struct BoundValuesTests {
    /// The values as libpq is given them: type, bytes (nil for `NULL`) and format.
    private func parameters(_ values: BoundValues) -> [(type: UInt32, bytes: [UInt8]?, format: Int32)] {
        var parameters: [(type: UInt32, bytes: [UInt8]?, format: Int32)] = []
        _ = values.withParameters { count, types, pointers, lengths, formats in
            for index in 0..<Int(count) {
                guard let types, let pointers, let lengths, let formats else { return 0 }
                let bytes = pointers[index].map { start in
                    [UInt8](UnsafeRawBufferPointer(start: start, count: Int(lengths[index])))
                }
                parameters.append((types[index], bytes, formats[index]))
            }
            return 1
        }
        return parameters
    }

    @Test func eachHasItsTypeBytesAndFormat() {
        var values = BoundValues(capacity: 2)
        values.append(Int32(7))
        values.append("a long text that needs more room than was made for it")
        values.append(Int64?.none)
        values.append("")
        values.append("NUL: \0")
        let all = parameters(values)
        #expect(values.count == 5)
        #expect(all.map(\.type) == [PostgresType.int4, .unknown, .int8, .unknown, .text].map(\.rawValue))
        #expect(all.map(\.format) == [1, 0, 1, 0, 1])
        #expect(all.map(\.bytes?.count) == [4, 53, nil, 0, 6])
        #expect(all[0].bytes == [0, 0, 0, 7])
        #expect(all[3].bytes == [])
    }

    @Test func noneIsNone() {
        #expect(parameters(BoundValues()).isEmpty)
        #expect(BoundValues().haveTypes(of: BoundValues(capacity: 3)))
    }

    @Test func thoseOfAnotherStatementFollow() {
        var values = BoundValues()
        values.append(true)
        var others = BoundValues()
        others.append(Int16(-2))
        others.append(String?.none)
        values.append(others)
        values.append(others)
        #expect(parameters(values).map(\.bytes) == [[1], [255, 254], nil, [255, 254], nil])
    }

    @Test func typesAreKeptWithoutTheValues() {
        var values = BoundValues()
        values.append(1)
        values.append(String(repeating: "long", count: 1_000))
        values.append(Bool?.none)
        let types = values.typesAlone
        #expect(types.haveTypes(of: values) && values.haveTypes(of: types))
        #expect(parameters(types).map(\.bytes) == [nil, nil, nil])
        #expect(types.size < 50)
    }

    @Test func typesAreComparedAndValuesAreNot() {
        func values(_ number: Int, _ text: String?) -> BoundValues {
            var values = BoundValues()
            values.append(number)
            values.append(text)
            return values
        }
        var others = BoundValues()
        others.append("1")
        others.append("2")
        #expect(values(1, "one").haveTypes(of: values(2, "another")))
        #expect(values(1, nil).haveTypes(of: values(2, "another")))
        #expect(!values(1, "2").haveTypes(of: others))
        var longer = values(1, "2")
        longer.append(3)
        #expect(!values(1, "2").haveTypes(of: longer))
        #expect(!longer.haveTypes(of: values(1, "2")))
    }
}
