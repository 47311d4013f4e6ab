#ifdef __linux__

#define _GNU_SOURCE
#include "readiness.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct epoll_event epoll_event_from(uint32_t interest, uint64_t token) {
    struct epoll_event event = {.events = EPOLLRDHUP, .data = {.u64 = token}};
    if (interest & READINESS_READ) event.events |= EPOLLIN;
    if (interest & READINESS_WRITE) event.events |= EPOLLOUT;
    if (interest & READINESS_ONE_SHOT) event.events |= EPOLLONESHOT;
    if (interest & READINESS_EDGE) event.events |= EPOLLET;
    return event;
}

int readiness_open(struct readiness_selector *selector) {
    selector->queue = epoll_create1(EPOLL_CLOEXEC);
    if (selector->queue < 0) return -errno;
    selector->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (selector->wake < 0) {
        int error = errno;
        close(selector->queue);
        return -error;
    }
    int result = readiness_add(*selector, selector->wake, READINESS_READ, READINESS_WAKE_TOKEN);
    if (result < 0) readiness_close(selector);
    return result;
}

void readiness_close(struct readiness_selector *selector) {
    close(selector->wake);
    close(selector->queue);
    selector->wake = selector->queue = -1;
}

int readiness_add(struct readiness_selector selector, int descriptor, uint32_t interest, uint64_t token) {
    struct epoll_event event = epoll_event_from(interest, token);
    return epoll_ctl(selector.queue, EPOLL_CTL_ADD, descriptor, &event) < 0 ? -errno : 0;
}

int readiness_modify(struct readiness_selector selector, int descriptor, uint32_t interest, uint64_t token) {
    struct epoll_event event = epoll_event_from(interest, token);
    return epoll_ctl(selector.queue, EPOLL_CTL_MOD, descriptor, &event) < 0 ? -errno : 0;
}

int readiness_remove(struct readiness_selector selector, int descriptor) {
    return epoll_ctl(selector.queue, EPOLL_CTL_DEL, descriptor, NULL) < 0 ? -errno : 0;
}

int readiness_wake(struct readiness_selector selector) {
    uint64_t one = 1;
    // EAGAIN means that the counter is full, so that the waiting thread is about to wake anyway.
    return write(selector.wake, &one, sizeof one) < 0 && errno != EAGAIN ? -errno : 0;
}

/// epoll_wait with a timeout in nanoseconds: epoll_pwait2 where the kernel has it, else whole milliseconds.
static int wait_precisely(int queue, struct epoll_event *ready, int capacity, int64_t timeout_nanoseconds) {
#ifdef SYS_epoll_pwait2
    struct timespec timeout = {.tv_sec = (time_t)(timeout_nanoseconds / 1000000000),
                               .tv_nsec = (long)(timeout_nanoseconds % 1000000000)};
    int count = (int)syscall(SYS_epoll_pwait2, queue, ready, capacity, timeout_nanoseconds < 0 ? NULL : &timeout, NULL, 0);
    // Old kernels and some sandboxes do not know the call.
    if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return count;
#endif
    int64_t milliseconds = timeout_nanoseconds < 0 ? -1 : timeout_nanoseconds / 1000000 + (timeout_nanoseconds % 1000000 != 0);
    return epoll_wait(queue, ready, capacity, milliseconds > INT_MAX ? INT_MAX : (int)milliseconds);
}

int readiness_wait(struct readiness_selector selector, struct readiness_event *events, int capacity,
                   int64_t timeout_nanoseconds) {
    enum { BATCH = 256 };
    struct epoll_event ready[BATCH];
    int count = wait_precisely(selector.queue, ready, capacity < BATCH ? capacity : BATCH, timeout_nanoseconds);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int i = 0; i < count; i++) {
        uint32_t happened = READINESS_NONE;
        if (ready[i].events & EPOLLIN) happened |= READINESS_READ;
        if (ready[i].events & EPOLLOUT) happened |= READINESS_WRITE;
        if (ready[i].events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) happened |= READINESS_HANGUP;
        events[i] = (struct readiness_event){.token = ready[i].data.u64, .happened = happened};
        if (ready[i].data.u64 == READINESS_WAKE_TOKEN) {
            uint64_t drained;
            // A failed read leaves the counter set: one more spurious wake-up, nothing lost.
            if (read(selector.wake, &drained, sizeof drained) < 0) continue;
        }
    }
    return count;
}

void readiness_sharpen_timers(void) {
    // Refused only for real-time threads, whose timers are sharp anyway.
    prctl(PR_SET_TIMERSLACK, 1UL);
}

/// The first version of what sched_setattr(2) takes; C libraries before glibc 2.41 do not declare it.
struct scheduling {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

int readiness_run_promptly(void) {
    struct scheduling chosen;
    if (syscall(SYS_sched_getattr, 0, &chosen, sizeof chosen, 0) < 0) return -errno;
    if (chosen.policy != SCHED_OTHER) return 0;
    int32_t before = chosen.nice;
    chosen.nice = -20;
    // For ordinary threads this is the slice in nanoseconds; the least that the kernel takes.
    chosen.runtime = 100000;
    if (syscall(SYS_sched_setattr, 0, &chosen, 0) == 0) return 0;
    int refused = errno;
    chosen.nice = before;
    syscall(SYS_sched_setattr, 0, &chosen, 0);
    return -refused;
}

#endif
