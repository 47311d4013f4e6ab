/// The part of DuckDB's C interface that Pitwall calls, as pointers that are found in a library at run time: a program
/// that uses no DuckDB neither links nor needs one.
///
/// Types and functions are those of the stable C interface, <https://duckdb.org/docs/stable/clients/c/api>, which has
/// kept them since DuckDB 1.0.
#ifndef PITWALL_DUCKDB_INTERFACE_H
#define PITWALL_DUCKDB_INTERFACE_H

#include <stdbool.h>
#include <stdint.h>

typedef uint64_t duckdb_count;
typedef struct duckdb_opaque *duckdb_handle;

/// 0 is success.
typedef int duckdb_status;

/// A result. The fields are DuckDB's own business; what counts is their size, because it is passed by value.
typedef struct {
    duckdb_count deprecated_counts[3];
    void *deprecated_columns;
    char *deprecated_error_message;
    void *internal_data;
} duckdb_query_result;

/// Microseconds since 1970 in UTC.
typedef struct {
    int64_t micros;
} duckdb_moment;

/// Text or bytes in a vector: up to 12 bytes lie in the value itself, more behind the pointer.
typedef union {
    struct {
        uint32_t length;
        char bytes[12];
    } inlined;
    struct {
        uint32_t length;
        char prefix[4];
        char *bytes;
    } far;
} duckdb_text;

_Static_assert(sizeof(duckdb_text) == 16, "DuckDB's strings take 16 bytes");
_Static_assert(sizeof(duckdb_query_result) == 48, "DuckDB's results take 48 bytes");

/// The bytes of a text, wherever they lie.
static inline const char *duckdb_text_bytes(const duckdb_text *text) {
    return text->inlined.length <= sizeof text->inlined.bytes ? text->inlined.bytes : text->far.bytes;
}

/// The types of columns that Pitwall reads (`duckdb_type`).
enum duckdb_column_kind {
    DUCKDB_KIND_BOOLEAN = 1,
    DUCKDB_KIND_INTEGER = 4,
    DUCKDB_KIND_BIGINT = 5,
    DUCKDB_KIND_FLOAT = 10,
    DUCKDB_KIND_DOUBLE = 11,
    DUCKDB_KIND_TIMESTAMP = 12,
    DUCKDB_KIND_VARCHAR = 17,
    DUCKDB_KIND_BLOB = 18,
};

/// The functions. All but the file's own are safe to call from any thread.
struct duckdb_functions {
    duckdb_status (*create_config)(duckdb_handle *config);
    duckdb_status (*set_config)(duckdb_handle config, const char *name, const char *value);
    void (*destroy_config)(duckdb_handle *config);
    duckdb_status (*open_ext)(const char *path, duckdb_handle *database, duckdb_handle config, char **error);
    void (*close)(duckdb_handle *database);
    duckdb_status (*connect)(duckdb_handle database, duckdb_handle *connection);
    void (*disconnect)(duckdb_handle *connection);
    void (*interrupt)(duckdb_handle connection);
    void (*free)(void *memory);

    duckdb_status (*prepare)(duckdb_handle connection, const char *sql, duckdb_handle *statement);
    const char *(*prepare_error)(duckdb_handle statement);
    void (*destroy_prepare)(duckdb_handle *statement);
    duckdb_status (*bind_null)(duckdb_handle statement, duckdb_count index);
    duckdb_status (*bind_boolean)(duckdb_handle statement, duckdb_count index, bool value);
    duckdb_status (*bind_int64)(duckdb_handle statement, duckdb_count index, int64_t value);
    duckdb_status (*bind_double)(duckdb_handle statement, duckdb_count index, double value);
    duckdb_status (*bind_varchar_length)(duckdb_handle statement, duckdb_count index, const char *text, duckdb_count length);
    duckdb_status (*bind_blob)(duckdb_handle statement, duckdb_count index, const void *bytes, duckdb_count length);
    duckdb_status (*bind_timestamp)(duckdb_handle statement, duckdb_count index, duckdb_moment value);
    duckdb_status (*execute_prepared)(duckdb_handle statement, duckdb_query_result *result);

    duckdb_status (*appender_create)(duckdb_handle connection, const char *schema, const char *table, duckdb_handle *appender);
    const char *(*appender_error)(duckdb_handle appender);
    duckdb_status (*appender_end_row)(duckdb_handle appender);
    duckdb_status (*appender_close)(duckdb_handle appender);
    duckdb_status (*appender_destroy)(duckdb_handle *appender);
    duckdb_status (*append_null)(duckdb_handle appender);
    duckdb_status (*append_bool)(duckdb_handle appender, bool value);
    duckdb_status (*append_int64)(duckdb_handle appender, int64_t value);
    duckdb_status (*append_double)(duckdb_handle appender, double value);
    duckdb_status (*append_varchar_length)(duckdb_handle appender, const char *text, duckdb_count length);
    duckdb_status (*append_blob)(duckdb_handle appender, const void *bytes, duckdb_count length);
    duckdb_status (*append_timestamp)(duckdb_handle appender, duckdb_moment value);

    const char *(*result_error)(duckdb_query_result *result);
    duckdb_count (*rows_changed)(duckdb_query_result *result);
    duckdb_count (*column_count)(duckdb_query_result *result);
    int (*column_type)(duckdb_query_result *result, duckdb_count column);
    void (*destroy_result)(duckdb_query_result *result);
    duckdb_handle (*fetch_chunk)(duckdb_query_result result);
    duckdb_count (*data_chunk_get_size)(duckdb_handle chunk);
    duckdb_handle (*data_chunk_get_vector)(duckdb_handle chunk, duckdb_count column);
    void *(*vector_get_data)(duckdb_handle vector);
    uint64_t *(*vector_get_validity)(duckdb_handle vector);
    void (*destroy_data_chunk)(duckdb_handle *chunk);
};

/// Loads a library, which then stays for as long as the process.
///
/// - `missing`: on failure what the loader said, or the name of a function that the library does not have.
/// - Returns whether all functions were found.
bool duckdb_load(const char *path, struct duckdb_functions *functions, const char **missing);

#endif
