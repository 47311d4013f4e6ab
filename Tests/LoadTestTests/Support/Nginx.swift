import Foundation

/// A real nginx on loopback: plain, encrypted, HTTP/2 and a unix socket, with an access log to count by.
final class Nginx: Sendable {
    let folder: URL
    let plainPort: Int
    let securePort: Int
    /// HTTP/2 without encryption.
    let clearPort: Int
    private let process: Process

    var certificate: String { folder.appending(path: "certificate.pem").path }
    var unixSocket: String { folder.appending(path: "nginx.sock").path }

    /// Starts nginx on free ports. One that was free a moment ago may be taken by another test; then others are tried.
    static func start() throws -> Nginx {
        for _ in 0..<4 {
            if let nginx = try? Nginx() { return nginx }
        }
        return try Nginx()
    }

    /// Makes a certificate with openssl, starts nginx and returns once it takes connections.
    private init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "pitwall-nginx-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        plainPort = try Self.freePort()
        securePort = try Self.freePort()
        clearPort = try Self.freePort()
        try TestCertificate.make(in: folder)
        try """
        worker_processes 1; daemon off; pid \(folder.path)/pid; error_log stderr notice;
        events { worker_connections 512; }
        http {
            access_log \(folder.path)/access.log; keepalive_requests 50;
            client_body_temp_path \(folder.path)/b; proxy_temp_path \(folder.path)/p; fastcgi_temp_path \(folder.path)/f;
            uwsgi_temp_path \(folder.path)/u; scgi_temp_path \(folder.path)/s;
            server {
                listen 127.0.0.1:\(plainPort); listen [::1]:\(plainPort); listen unix:\(folder.path)/nginx.sock;
                listen 127.0.0.1:\(clearPort) http2;
                listen 127.0.0.1:\(securePort) ssl http2; listen [::1]:\(securePort) ssl http2;
                ssl_certificate \(folder.path)/certificate.pem; ssl_certificate_key \(folder.path)/key.pem;
                root \(folder.path);
                location / { default_type text/plain; return 200 "hello from nginx\\n"; }
                location /big { default_type application/octet-stream; }
                location /missing { return 404; }
            }
        }
        """.write(to: folder.appending(path: "nginx.conf"), atomically: true, encoding: .utf8)
        try Data(repeating: 120, count: 200_000).write(to: folder.appending(path: "big"))
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["nginx", "-p", folder.path, "-c", folder.appending(path: "nginx.conf").path]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        try Self.waitUntilListening(errors.fileHandleForReading)
    }

    /// A test that fails before it stops nginx leaves none behind.
    deinit {
        if process.isRunning { process.terminate() }
    }

    /// How many requests the access log holds, once nginx has written and closed it.
    func stop() throws -> Int {
        process.terminate()
        process.waitUntilExit()
        let log = try String(contentsOf: folder.appending(path: "access.log"), encoding: .utf8)
        try FileManager.default.removeItem(at: folder)
        return log.split(separator: "\n").count
    }

    /// nginx listens before it starts its workers, and says that it does.
    private static func waitUntilListening(_ errors: FileHandle) throws {
        var log = ""
        while !log.contains("start worker processes") {
            let news = errors.availableData
            guard !news.isEmpty else { throw NginxError(log: log) }
            log += String(decoding: news, as: UTF8.self)
        }
        // Read on, so that nginx never waits for a full pipe.
        errors.readabilityHandler = { if $0.availableData.isEmpty { $0.readabilityHandler = nil } }
    }

    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return try withAddress(port: 0) { address, length in
            var length = length
            guard bind(descriptor, address, length) == 0, getsockname(descriptor, address, &length) == 0 else {
                throw POSIXError(.EADDRNOTAVAIL)
            }
            return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                Int(UInt16(bigEndian: $0.pointee.sin_port))
            }
        }
    }

    private static func withAddress<R>(
        port: Int, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) throws -> R
    ) rethrows -> R {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        return try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

/// nginx did not start: what it said.
struct NginxError: Error {
    let log: String
}
