#if os(Linux)
    import Foundation
    import Testing

    @testable import LoadTest

    /// Who may is served first, and nobody else's threads are touched.
    @Suite struct PromptnessTests {
        /// What the kernel says of the calling thread.
        private struct Standing: Equatable {
            /// -20, the highest, to 19.
            let niceness: Int?
            /// CAP_SYS_NICE, the right to choose it.
            let mayChoose: Bool

            static var ofThisThread: Standing {
                func read(_ file: String) -> String {
                    (try? String(contentsOfFile: "/proc/thread-self/\(file)", encoding: .utf8)) ?? ""
                }
                // The name in parentheses may hold blanks; the niceness is the 17th field after it (proc(5)).
                let fields = read("stat").split(separator: ")").last?.split(separator: " ") ?? []
                let capabilities = read("status").split(separator: "\n").first { $0.hasPrefix("CapEff:") }?
                    .split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }
                return Standing(
                    niceness: fields.count > 16 ? Int(fields[16]) : nil, mayChoose: (capabilities ?? 0) >> 23 & 1 == 1)
            }
        }

        @Test("A thread that keeps a schedule goes first where it may, and no other thread does")
        func promptly() async {
            let (before, after) = await onThread {
                let before = Standing.ofThisThread
                ReadinessLoop.runPromptly()
                return (before, Standing.ofThisThread)
            }
            #expect(before.niceness != nil)
            #expect(after.niceness == (before.mayChoose ? -20 : before.niceness))
            #expect(await onThread { Standing.ofThisThread } == before)
        }

        private func onThread<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
            await withCheckedContinuation { continuation in
                Thread { continuation.resume(returning: body()) }.start()
            }
        }
    }
#endif
