#define _GNU_SOURCE
#include "arrival.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#ifdef __linux__

int arrival_stamp(int descriptor) {
    int on = 1;
    return setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0 ? -errno : 0;
}

ssize_t arrival_receive(int descriptor, void *buffer, size_t capacity, int64_t *age_nanoseconds) {
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct timespec))];
    struct iovec space = {.iov_base = buffer, .iov_len = capacity};
    struct msghdr message = {
        .msg_iov = &space, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    *age_nanoseconds = 0;
    ssize_t count = recvmsg(descriptor, &message, 0);
    if (count <= 0) return count;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
        struct timespec stamp, now;
        memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
        clock_gettime(CLOCK_REALTIME, &now);
        *age_nanoseconds = (int64_t)(now.tv_sec - stamp.tv_sec) * 1000000000 + (now.tv_nsec - stamp.tv_nsec);
    }
    return count;
}

#else

int arrival_stamp(int descriptor) {
    (void)descriptor;
    return -ENOTSUP;
}

ssize_t arrival_receive(int descriptor, void *buffer, size_t capacity, int64_t *age_nanoseconds) {
    *age_nanoseconds = 0;
    return recv(descriptor, buffer, capacity, 0);
}

#endif
