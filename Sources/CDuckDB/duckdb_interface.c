#include "duckdb_interface.h"

#include <dlfcn.h>
#include <stddef.h>

struct entry {
    const char *name;
    size_t offset;
};

#define FUNCTION(name) {"duckdb_" #name, offsetof(struct duckdb_functions, name)}

static const struct entry entries[] = {
    FUNCTION(create_config), FUNCTION(set_config), FUNCTION(destroy_config),
    FUNCTION(open_ext), FUNCTION(close), FUNCTION(connect), FUNCTION(disconnect), FUNCTION(interrupt), FUNCTION(free),
    FUNCTION(prepare), FUNCTION(prepare_error), FUNCTION(destroy_prepare), FUNCTION(bind_null), FUNCTION(bind_boolean),
    FUNCTION(bind_int64), FUNCTION(bind_double), FUNCTION(bind_varchar_length), FUNCTION(bind_blob),
    FUNCTION(bind_timestamp), FUNCTION(execute_prepared), FUNCTION(appender_create), FUNCTION(appender_error), FUNCTION(appender_end_row), FUNCTION(appender_close),
    FUNCTION(appender_destroy), FUNCTION(append_null), FUNCTION(append_bool), FUNCTION(append_int64),
    FUNCTION(append_double), FUNCTION(append_varchar_length), FUNCTION(append_blob), FUNCTION(append_timestamp),
    FUNCTION(result_error), FUNCTION(rows_changed),
    FUNCTION(column_count), FUNCTION(column_type), FUNCTION(destroy_result), FUNCTION(fetch_chunk),
    FUNCTION(data_chunk_get_size), FUNCTION(data_chunk_get_vector), FUNCTION(vector_get_data),
    FUNCTION(vector_get_validity), FUNCTION(destroy_data_chunk),
};

bool duckdb_load(const char *path, struct duckdb_functions *functions, const char **missing) {
    // Local: the library's symbols are nobody else's business, and it brings along a good part of a C++ library.
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        *missing = dlerror();
        return false;
    }
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        void *symbol = dlsym(library, entries[i].name);
        if (!symbol) {
            *missing = entries[i].name;
            dlclose(library);
            return false;
        }
        // POSIX: a pointer to a function fits into a pointer to an object, which C itself does not promise.
        *(void **)((char *)functions + entries[i].offset) = symbol;
    }
    return true;
}
