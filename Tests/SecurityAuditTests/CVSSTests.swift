import Foundation
import Testing

@testable import SecurityAudit

@Suite("CVSS scores")
struct CVSSTests {
    /// FIRST's own: <https://www.first.org/cvss/v4-0/examples> and the examples of 3.1 and 2.0.
    @Test(arguments: [
        ("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.3),
        ("CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.7),
        ("CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N", 8.3),
        ("CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N", 4.6),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N", 5.1),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/SA:N", 6.9),
        ("CVSS:4.0/AV:L/AC:L/AT:N/PR:H/UI:N/VC:N/VI:N/VA:N/SC:H/SI:N/SA:N", 5.9),
        ("CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 9.4),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N", 8.7),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10.0),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0.0),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", 7.5),
        ("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", 0.0),
        ("AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8), ("(AV:N/AC:L/Au:N/C:C/I:C/A:C)", 10.0),
        ("CVSS2#AV:L/AC:H/Au:N/C:C/I:C/A:C", 6.2),
    ])
    func publishedVectors(vector: String, score: Double) {
        #expect(CVSS.score(vector) == score)
    }

    @Test func anotherCalculatorGivesTheSame() throws {
        let text = try String(contentsOf: Tree.fixtures.appendingPathComponent("cvss/scores.txt"), encoding: .utf8)
        let lines = text.split(separator: "\n").dropFirst()
        #expect(lines.count > 700)
        for line in lines {
            let parts = line.split(separator: " ").map(String.init)
            #expect(CVSS.score(parts[1]) == Double(parts[0]), "\(line)")
        }
    }

    @Test(arguments: [
        "", "7.5", "CVSS:3.1/AV:N", "CVSS:4.0/AV:N/AC:L", "CVSS:5.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:S/SI:N/SA:N",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:Z", "CVSS:4.0/", "AV:N//AC:L", "AV:N/AC",
    ])
    func whatIsNoVectorHasNoScore(text: String) { #expect(CVSS.score(text) == nil) }

    @Test func recordsTakeTheWorstOfTheirScores() throws {
        func severity(_ json: String) throws -> Severity {
            let record = try JSONDecoder().decode(OSVRecord.self, from: Data("{\"id\": \"X\", \(json)}".utf8))
            return record.severity(of: record.affected ?? [])
        }
        let high = #"{"type": "CVSS_V4", "score": "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N"}"#
        let medium = #"{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"}"#
        #expect(try severity("\"severity\": [\(medium)]") == .medium)
        #expect(try severity("\"severity\": [\(medium), \(high)]") == .high)
        #expect(try severity("\"affected\": [{\"severity\": [\(high)]}]") == .high)
        let word = "\"database_specific\": {\"severity\": \"LOW\"}"
        #expect(try severity("\"severity\": [{\"type\": \"Ubuntu\", \"score\": \"high\"}], \(word)") == .low)
        #expect(try severity("\"summary\": \"critical remote code execution\"") == .high)
    }
}
