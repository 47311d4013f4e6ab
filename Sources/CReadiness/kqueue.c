#ifndef __linux__

#include "readiness.h"

#include <errno.h>
#include <sys/event.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/// kqueue keeps reading and writing apart, so each descriptor has two filters, enabled as the interest says.
/// Hang-up is only reported while one of them is enabled.
static int set_filters(struct readiness_selector selector, int descriptor, uint32_t interest, uint64_t token) {
    struct kevent changes[2];
    uint16_t once = (interest & READINESS_ONE_SHOT ? EV_DISPATCH : 0) | (interest & READINESS_EDGE ? EV_CLEAR : 0);
    uint16_t read_flags = EV_ADD | once | (interest & READINESS_READ ? EV_ENABLE : EV_DISABLE);
    uint16_t write_flags = EV_ADD | once | (interest & READINESS_WRITE ? EV_ENABLE : EV_DISABLE);
    EV_SET(&changes[0], descriptor, EVFILT_READ, read_flags, 0, 0, (void *)(uintptr_t)token);
    EV_SET(&changes[1], descriptor, EVFILT_WRITE, write_flags, 0, 0, (void *)(uintptr_t)token);
    return kevent(selector.queue, changes, 2, NULL, 0, NULL) < 0 ? -errno : 0;
}

int readiness_open(struct readiness_selector *selector) {
    selector->wake = -1;
    selector->queue = kqueue();
    if (selector->queue < 0) return -errno;
    struct kevent change;
    EV_SET(&change, 0, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0, (void *)(uintptr_t)READINESS_WAKE_TOKEN);
    if (kevent(selector->queue, &change, 1, NULL, 0, NULL) < 0) {
        int error = errno;
        close(selector->queue);
        return -error;
    }
    return 0;
}

void readiness_close(struct readiness_selector *selector) {
    close(selector->queue);
    selector->queue = -1;
}

int readiness_add(struct readiness_selector selector, int descriptor, uint32_t interest, uint64_t token) {
    return set_filters(selector, descriptor, interest, token);
}

int readiness_modify(struct readiness_selector selector, int descriptor, uint32_t interest, uint64_t token) {
    return set_filters(selector, descriptor, interest, token);
}

int readiness_remove(struct readiness_selector selector, int descriptor) {
    struct kevent changes[2];
    EV_SET(&changes[0], descriptor, EVFILT_READ, EV_DELETE, 0, 0, NULL);
    EV_SET(&changes[1], descriptor, EVFILT_WRITE, EV_DELETE, 0, 0, NULL);
    return kevent(selector.queue, changes, 2, NULL, 0, NULL) < 0 ? -errno : 0;
}

int readiness_wake(struct readiness_selector selector) {
    struct kevent change;
    EV_SET(&change, 0, EVFILT_USER, 0, NOTE_TRIGGER, 0, (void *)(uintptr_t)READINESS_WAKE_TOKEN);
    return kevent(selector.queue, &change, 1, NULL, 0, NULL) < 0 ? -errno : 0;
}

int readiness_wait(struct readiness_selector selector, struct readiness_event *events, int capacity,
                   int64_t timeout_nanoseconds) {
    enum { BATCH = 256 };
    struct kevent ready[BATCH];
    struct timespec timeout = {.tv_sec = (time_t)(timeout_nanoseconds / 1000000000),
                               .tv_nsec = (long)(timeout_nanoseconds % 1000000000)};
    int count = kevent(selector.queue, NULL, 0, ready, capacity < BATCH ? capacity : BATCH,
                       timeout_nanoseconds < 0 ? NULL : &timeout);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int i = 0; i < count; i++) {
        uint32_t happened = READINESS_NONE;
        if (ready[i].filter == EVFILT_READ || ready[i].filter == EVFILT_USER) happened |= READINESS_READ;
        if (ready[i].filter == EVFILT_WRITE) happened |= READINESS_WRITE;
        if (ready[i].flags & (EV_EOF | EV_ERROR)) happened |= READINESS_HANGUP;
        events[i] = (struct readiness_event){.token = (uint64_t)(uintptr_t)ready[i].udata, .happened = happened};
    }
    return count;
}

void readiness_sharpen_timers(void) {}

int readiness_run_promptly(void) {
    return -ENOTSUP;
}

#endif
