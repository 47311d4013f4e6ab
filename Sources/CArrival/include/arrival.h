/// When the kernel received what a socket reads, so that a process which was woken late still knows.
#ifndef PITWALL_ARRIVAL_H
#define PITWALL_ARRIVAL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Asks the kernel to stamp whatever this socket receives from now on: SO_TIMESTAMPNS, socket(7).
///
/// Returns 0, or the negated errno; -ENOTSUP where the system stamps no streams.
int arrival_stamp(int descriptor);

/// `recv` without flags that also tells how many nanoseconds ago the kernel received the last of these bytes; 0 where
/// it was not stamped. The stamp is the wall clock's: who sets that clock in the same moment makes the age wrong, even
/// negative, so the caller bounds it by what it knows.
ssize_t arrival_receive(int descriptor, void *buffer, size_t capacity, int64_t *age_nanoseconds);

#endif
