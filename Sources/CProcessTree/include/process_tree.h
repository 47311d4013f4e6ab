#ifndef PITWALL_PROCESS_TREE_H
#define PITWALL_PROCESS_TREE_H

#include <stddef.h>

/* Makes the calling process the parent of its descendants' orphans: PR_SET_CHILD_SUBREAPER of prctl(2), which is
   variadic and so out of Swift's reach. Returns 0, or -1 with errno set; does nothing where there is no such call. */
int pitwall_adopt_orphans(void);

/* Whether `part` stands in `text`, which may hold zero bytes: memmem(3), which Swift's C library module leaves out. */
int pitwall_contains(const void *text, size_t length, const void *part, size_t part_length);

#endif
