#ifdef __linux__

#define _GNU_SOURCE
#include "readiness.h"

#include <errno.h>
#include <limits.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

static struct epoll_event epoll_event_from(uint32_t interest, uint64_t token) {
    struct epoll_event event = {.events = EPOLLRDHUP, .data = {.u64 = token}};
    if (interest & READINESS_READ) event.events |= EPOLLIN;
    if (interest & READINESS_WRITE) event.events |= EPOLLOUT;
    if (interest & READINESS_ONE_SHOT) event.events |= EPOLLONESHOT;
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

int readiness_wait(struct readiness_selector selector, struct readiness_event *events, int capacity,
                   int64_t timeout_nanoseconds) {
    enum { BATCH = 256 };
    struct epoll_event ready[BATCH];
    int64_t milliseconds = timeout_nanoseconds < 0 ? -1 : timeout_nanoseconds / 1000000 + (timeout_nanoseconds % 1000000 != 0);
    if (milliseconds > INT_MAX) milliseconds = INT_MAX;
    int count = epoll_wait(selector.queue, ready, capacity < BATCH ? capacity : BATCH, (int)milliseconds);
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

#endif
