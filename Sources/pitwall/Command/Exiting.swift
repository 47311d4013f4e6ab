import ArgumentParser
import MetricsStores
import PerfDashboard
import PermitsApp
import PostgresPool
import ReleaseVerdict
import RequestMetrics

/// Runs a command's body; an error becomes one line on stderr and the documented exit status.
func exiting(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let code as ExitCode {
        throw code
    } catch let error as ValidationError {
        throw error
    } catch {
        Output.tell("pitwall: \(error)\n")
        throw exitCode(for: error)
    }
}

/// sysexits.h: 64 usage, 65 data, 69 unavailable.
private func exitCode(for error: any Error) -> ExitCode {
    switch error {
    case is SettingError, is DatabaseURLError, is ConfigurationError, is PerfWindowError, is ReportFormatError:
        ExitCode(64)
    case is UnknownMarkError: ExitCode(UnknownMarkError.exitStatus)
    case let error as MetricsStoreError where error.code == .corrupt || error.code == .schema: ExitCode(65)
    default: ExitCode(69)
    }
}
