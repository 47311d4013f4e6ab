import Foundation
import LoadTest
import Testing

@Suite struct ScenarioFileTests {
    /// The mistakes that reading the text reports, one a line.
    private func mistakes(_ yaml: String, data: [String: String] = [:]) -> String {
        do {
            _ = try ScenarioFile(yaml: yaml, file: "f.yml") { data[$0] }
            return ""
        } catch {
            return error.description
        }
    }

    @Test("A full file is read")
    func full() throws {
        let file = try ScenarioFile(
            yaml: """
                scenarios:
                  - name: browse
                    weight: 3
                    data: terms.csv
                    steps:
                      - name: look
                        get: /search?q={{term}}
                        headers: { Accept: text/html }
                        expect: { status: [2xx, 404], contains: results }
                        capture:
                          first: { json: items.0.id }
                          place: { header: Location }
                          token: { pattern: 't=(\\w+)' }
                      - method: report
                        path: /items/{{first}}
                        body: '{"token": "{{token}}"}'
                """, file: "f.yml"
        ) { $0 == "terms.csv" ? "term,n\nvalencia,1\n\"a, \"\"b\"\"\",2\n" : nil }
        let scenario = try #require(file.scenarios.first)
        #expect(scenario.name == "browse")
        #expect(scenario.weight == 3)
        #expect(scenario.data == Dataset(names: ["term", "n"], rows: [["valencia", "1"], ["a, \"b\"", "2"]]))
        #expect(
            scenario.steps == [
                Step(
                    name: "look", path: "/search?q={{term}}", headers: [Header("Accept", "text/html")],
                    expectation: Expectation(statuses: [200...299, 404...404], text: "results"),
                    captures: [
                        Capture(name: "first", source: .json(["items", "0", "id"])),
                        Capture(name: "place", source: .header("Location")),
                        Capture(name: "token", source: .pattern("t=(\\w+)")),
                    ]),
                Step(method: "REPORT", path: "/items/{{first}}", body: #"{"token": "{{token}}"}"#),
            ])
    }

    @Test(
        "Each mistake is reported with file, line and how to mend it",
        arguments: [
            ("", "f.yml:1: the file is empty; begin with scenarios:"),
            ("a: [", "f.yml:2: not valid YAML: did not find expected node content"),
            ("- x", "f.yml:1: the file must be a mapping with the keys scenarios"),
            (
                "scenario: []",
                "f.yml:1: the file has no key scenario; did you mean scenarios?\nf.yml:1: scenarios is missing; list them below scenarios:"
            ),
            ("scenarios: []", "f.yml:1: scenarios must be a list with at least one scenario; begin each with - name:"),
            ("scenarios:\n  - name: a", "f.yml:2: steps must be a list with at least one step, such as - get: /"),
            ("scenarios:\n  - steps:\n      - get: /", "f.yml:2: name is missing; each scenario needs one"),
            (
                "scenarios:\n  - name: a b\n    steps:\n      - get: /",
                "f.yml:2: \"a b\" is no name: blanks, dots, < and > cannot stand in goals; write browse-items"
            ),
            (
                "scenarios:\n  - name: a\n    weight: none\n    steps:\n      - get: /",
                "f.yml:3: weight must be a whole number from 1 to 1000000"
            ),
            (
                "scenarios:\n  - name: a\n    steps:\n      - get: /\n  - name: a\n    steps:\n      - get: /",
                "f.yml:5: the name a is taken by another scenario; give this one its own"
            ),
            (
                "scenarios:\n  - name: a\n    steps:\n      - got: /",
                "f.yml:4: a step has no key got; did you mean get?\nf.yml:4: a step needs a request, such as get: /search?q=valencia"
            ),
            (
                "scenarios:\n  - name: a\n    steps:\n      - {}",
                "f.yml:4: a step needs a request, such as get: /search?q=valencia"
            ),
            (
                "scenarios:\n  - name: a\n    steps:\n      - get: /\n        post: /x",
                "f.yml:4: a step makes one request; keep one of get, post"
            ),
            (
                "scenarios:\n  - name: a\n    steps:\n      - get: http://x/",
                "f.yml:4: the path http://x/ must begin with a slash; the host comes from --url"
            ),
            (
                "scenarios:\n  - name: a\n    steps:\n      - get: /a b",
                "f.yml:4: the path /a b has a blank, a control character or a #; write %20 for a blank"
            ),
            (
                "scenarios:\n  - name: a\n    steps:\n      - get: /\n        method: PUT",
                "f.yml:5: the method is already said by get:; leave method out"
            ),
            (
                "scenarios:\n  - name: a\n    steps:\n      - get: /\n        headers:\n          Content-Length: 3",
                "f.yml:6: the header Content-Length is set by the load test itself; leave it out"
            ),
            (
                "scenarios:\n  - name: a\n    steps:\n      - get: /\n        headers:\n          'a b': 3",
                "f.yml:6: \"a b\" is no header name; letters, digits and hyphens are"
            ),
            (
                "scenarios:\n  - name: a\n    steps:\n      - get: /\n        expect: { status: ok }",
                "f.yml:5: \"ok\" is no status; write one like 200, 2xx or [200, 404]"
            ),
            (
                "scenarios:\n  - name: a\n    steps:\n      - get: /\n        capture: { x: { json: a, header: b } }",
                "f.yml:5: the capture x needs one source: json, header or pattern"
            ),
            (
                "scenarios:\n  - name: a\n    steps:\n      - get: /\n        capture: { x: { pattern: '(' } }",
                "f.yml:5: the pattern ( is not a valid regular expression"
            ),
            (
                "scenarios:\n  - name: a\n    steps:\n      - get: /{{id}}",
                "f.yml:4: nothing fills {{id}}; capture it in an earlier step or name a data file that has it"
            ),
            (
                "scenarios:\n  - name: a\n    data: d.csv\n    steps:\n      - get: /{{id}}",
                "f.yml:5: nothing fills {{id}}; known here are term"
            ),
            (
                "scenarios:\n  - name: a\n    data: none.csv\n    steps:\n      - get: /{{id}}",
                "f.yml:3: the data file none.csv cannot be read; its path is relative to the scenario file"
            ),
            (
                "scenarios:\n  - name: a\n    data: bad.csv\n    steps:\n      - get: /",
                "bad.csv:3: 1 fields where the first line names 2"
            ),
            (
                "scenarios:\n  - name: a\n    data: twice.csv\n    steps:\n      - get: /",
                "twice.csv:1: the column a is named twice; give the second another name"
            ),
            ("a: 1\na: 2", "f.yml:1: a is written twice; keep one"),
        ])
    func mistake(yaml: String, expected: String) {
        #expect(
            mistakes(yaml, data: ["d.csv": "term\nx\n", "bad.csv": "a,b\n1,2\n3\n", "twice.csv": "a,a\n1,2\n"])
                == expected)
    }

    @Test("Several mistakes are reported at once, in the file's order")
    func several() {
        let yaml = "scenarios:\n  - name: a\n    weigth: 2\n    steps:\n      - get: x\n      - get: /{{y}}\n"
        #expect(
            mistakes(yaml) == """
                f.yml:3: a scenario has no key weigth; did you mean weight?
                f.yml:5: the path x must begin with a slash; the host comes from --url
                f.yml:6: nothing fills {{y}}; capture it in an earlier step or name a data file that has it
                """)
    }

    @Test("The examples are good", arguments: ["search", "mix", "sign-in"])
    func examples(name: String) throws {
        let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
        let file = try ScenarioFile(contentsOf: root.appending(path: "examples/scenarios/\(name).yml").path)
        #expect(!file.scenarios.isEmpty)
    }

    @Test("A file that is not there is a mistake like any other")
    func missing() {
        let error = #expect(throws: ScenarioFileError.self) { try ScenarioFile(contentsOf: "/no/such.yml") }
        #expect(error?.description == "/no/such.yml:1: the file cannot be read")
    }
}
