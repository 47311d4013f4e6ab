/// The modules by which a C function may be called with its full name, as in `Glibc.system(command)`.
enum CLibrary {
    static let names: Set<String> = ["Glibc", "Darwin", "Foundation", "Musl", "libc", "Bionic", "ucrt"]
}
