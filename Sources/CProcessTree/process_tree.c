#define _GNU_SOURCE
#include "process_tree.h"
#include <string.h>

#ifdef __linux__
#include <sys/prctl.h>

int pitwall_adopt_orphans(void) {
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}
#else
int pitwall_adopt_orphans(void) {
    return 0;
}
#endif

int pitwall_contains(const void *text, size_t length, const void *part, size_t part_length) {
    return memmem(text, length, part, part_length) != NULL;
}
