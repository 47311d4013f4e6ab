/// libpq, the reference client of PostgreSQL, as pkg-config finds it (Debian: libpq-dev).
#include <libpq-fe.h>
