import Testing

@testable import LoadTest

@Suite struct MachineTests {
    @Test(
        "Processors are counted from numbers and ranges",
        arguments: [("0-1", 2), ("0", 1), ("0-3,8", 5), ("0,2,4-5", 4), ("12-12", 1)])
    func allowedProcessors(list: String, count: Int) {
        let status = "Name:\tpitwall\nCpus_allowed:\tff\nCpus_allowed_list:\t\(list)\nMems_allowed_list:\t0-7\n"
        #expect(Machine.allowedProcessors(inStatus: status) == count)
    }

    @Test("A list that cannot be read is no list", arguments: ["", "three", "3-1", "0-1-2", "-"])
    func unreadableList(list: String) {
        #expect(Machine.allowedProcessors(inStatus: "Cpus_allowed_list:\t\(list)\n") == nil)
    }

    @Test("Without the line nothing is known")
    func missingLine() {
        #expect(Machine.allowedProcessors(inStatus: "Name:\tpitwall\n") == nil)
    }
}
