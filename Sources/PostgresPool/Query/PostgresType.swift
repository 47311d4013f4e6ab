/// The number by which Postgres knows a data type (`pg_type.oid`); those of built-in types never change.
public struct PostgresType: RawRepresentable, Hashable, Sendable {
    /// The object identifier.
    public let rawValue: UInt32

    /// A type by its object identifier.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Left to the server to infer.
    public static let unknown = PostgresType(rawValue: 0)
    /// `boolean`
    public static let bool = PostgresType(rawValue: 16)
    /// `bytea`
    public static let bytea = PostgresType(rawValue: 17)
    /// `name`, 63 bytes of text, used by the system catalogues
    public static let name = PostgresType(rawValue: 19)
    /// `bigint`
    public static let int8 = PostgresType(rawValue: 20)
    /// `smallint`
    public static let int2 = PostgresType(rawValue: 21)
    /// `integer`
    public static let int4 = PostgresType(rawValue: 23)
    /// `text`
    public static let text = PostgresType(rawValue: 25)
    /// `oid`
    public static let oid = PostgresType(rawValue: 26)
    /// `real`
    public static let float4 = PostgresType(rawValue: 700)
    /// `double precision`
    public static let float8 = PostgresType(rawValue: 701)
    /// `character(n)`
    public static let bpchar = PostgresType(rawValue: 1042)
    /// `character varying(n)`
    public static let varchar = PostgresType(rawValue: 1043)
    /// `timestamp without time zone`
    public static let timestamp = PostgresType(rawValue: 1114)
    /// `timestamp with time zone`
    public static let timestamptz = PostgresType(rawValue: 1184)
    /// `uuid`
    public static let uuid = PostgresType(rawValue: 2950)
    /// `boolean[]`
    public static let boolArray = PostgresType(rawValue: 1000)
    /// `bytea[]`
    public static let byteaArray = PostgresType(rawValue: 1001)
    /// `smallint[]`
    public static let int2Array = PostgresType(rawValue: 1005)
    /// `integer[]`
    public static let int4Array = PostgresType(rawValue: 1007)
    /// `text[]`
    public static let textArray = PostgresType(rawValue: 1009)
    /// `bigint[]`
    public static let int8Array = PostgresType(rawValue: 1016)
    /// `real[]`
    public static let float4Array = PostgresType(rawValue: 1021)
    /// `double precision[]`
    public static let float8Array = PostgresType(rawValue: 1022)
    /// `timestamp with time zone[]`
    public static let timestamptzArray = PostgresType(rawValue: 1185)
    /// `uuid[]`
    public static let uuidArray = PostgresType(rawValue: 2951)

    /// The server's name of it, for messages; of a type that is not known here, its number.
    var name: String { Self.names[self] ?? "\(rawValue) (pg_type.oid)" }

    private static let names: [PostgresType: String] = [
        .bool: "boolean", .bytea: "bytea", .name: "name", .int8: "bigint", .int2: "smallint", .int4: "integer",
        .text: "text", .oid: "oid", .float4: "real", .float8: "double precision", .bpchar: "character",
        .varchar: "character varying", .timestamp: "timestamp", .timestamptz: "timestamp with time zone",
        .uuid: "uuid", .boolArray: "boolean[]", .byteaArray: "bytea[]", .int2Array: "smallint[]",
        .int4Array: "integer[]", .textArray: "text[]", .int8Array: "bigint[]", .float4Array: "real[]",
        .float8Array: "double precision[]", .timestamptzArray: "timestamp with time zone[]", .uuidArray: "uuid[]",
    ]

    /// Types whose binary form every decoder of this module reads. A statement whose columns are all of these is
    /// fetched in binary from its second run on: no digits are printed by the server and parsed again here.
    static let decodableInBinary: Set<PostgresType> = [
        .bool, .bytea, .name, .int8, .int2, .int4, .text, .oid, .float4, .float8, .bpchar, .varchar, .timestamp,
        .timestamptz, .uuid,
    ]
}
