/// Readiness of file descriptors: epoll on Linux, kqueue elsewhere, behind one small interface.
///
/// One thread waits, any thread may add, change, remove and wake. Events carry the 64-bit token that the caller gave
/// with the descriptor, never the descriptor itself, so that an event of a closed descriptor is told from one of its
/// successor with the same number.
///
/// All functions return 0 (or a count) on success and the negated errno on failure; none of them sets errno on purpose.
#ifndef PITWALL_READINESS_H
#define PITWALL_READINESS_H

#include <stdint.h>

/// What to wait for, and what happened. A bit set.
enum readiness_interest {
    READINESS_NONE = 0,
    READINESS_READ = 1 << 0,
    READINESS_WRITE = 1 << 1,
    /// Only reported: the peer hung up or the descriptor is in error. Reported whatever the interest.
    READINESS_HANGUP = 1 << 2,
    /// Only asked for: report once, then stay silent until `readiness_modify` arms the descriptor again.
    READINESS_ONE_SHOT = 1 << 3,
    /// Only asked for: report when something new happens, not for as long as it lasts.
    READINESS_EDGE = 1 << 4,
};

/// One descriptor that became ready.
struct readiness_event {
    uint64_t token;
    uint32_t happened;
};

/// The token that reports a call of `readiness_wake`. Callers must not use it for descriptors.
#define READINESS_WAKE_TOKEN UINT64_MAX

/// The descriptors of one selector: the epoll (kqueue) instance and the descriptor that wakes it.
struct readiness_selector {
    int queue;
    int wake;
};

/// Opens a selector. Both descriptors are closed on exec.
int readiness_open(struct readiness_selector *selector);

/// Closes the selector. No thread may be waiting on it.
void readiness_close(struct readiness_selector *selector);

/// Starts to watch a descriptor.
int readiness_add(struct readiness_selector selector, int descriptor, uint32_t interest, uint64_t token);

/// Changes what is waited for; arms a one-shot descriptor again.
int readiness_modify(struct readiness_selector selector, int descriptor, uint32_t interest, uint64_t token);

/// Stops watching a descriptor. Call it before closing the descriptor.
int readiness_remove(struct readiness_selector selector, int descriptor);

/// Makes the waiting thread return from `readiness_wait` with `READINESS_WAKE_TOKEN`. Callable from any thread;
/// several calls before the wait returns are reported as one.
int readiness_wake(struct readiness_selector selector);

/// Waits until a descriptor is ready, the selector is woken or the time is over.
///
/// - `timeout_nanoseconds`: -1 waits for ever, 0 returns at once. Rounded up to the millisecond where the kernel
///   knows nothing finer (Linux before 5.11).
/// - Returns the number of events written to `events`, 0 on time-out and on an interrupting signal.
int readiness_wait(struct readiness_selector selector, struct readiness_event *events, int capacity,
                   int64_t timeout_nanoseconds);

/// Gives the calling thread a number, which it keeps.
void readiness_number_thread(int number);

/// The number that the calling thread was given; 0 when it was given none.
int readiness_thread_number(void);

/// Lets the calling thread's waits end on time instead of up to 50 microseconds late, where the system allows it.
void readiness_sharpen_timers(void);

/// Has the calling thread run as soon as it wakes, before threads that compute: a short time slice (0.1 ms; Linux 6.12
/// and later), and the highest niceness where the process may choose it (CAP_SYS_NICE). Real-time threads stay as they
/// are.
///
/// Returns 0, or the negated errno of what was refused: -EPERM where only the slice was set, -ENOTSUP where a system has
/// neither.
int readiness_run_promptly(void);

#endif
