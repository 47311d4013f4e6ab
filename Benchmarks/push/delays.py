"""A server whose delays are known, for the benchmarks beside it."""
import heapq
import math
import selectors
import socket
import struct
import threading
import time


class Server:
    """Answers on a thread of its own after the delays that it is told, in seconds.

    `delay` is asked once a request. `stall`, if given, is how long the server stands still in every ten seconds, in
    their middle. How long an answer took counts from the kernel's own stamp of the request's arrival (SO_TIMESTAMPNS,
    socket(7)), so that the time in which the request waited for this process is the server's and not blamed on a
    generator.
    """

    STAMP = 35  # SO_TIMESTAMPNS on Linux; the module socket does not name it in every version.
    ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    def __init__(self, delay=lambda: 0, stall=0):
        self.delay, self.stall = delay, stall
        self.taken, self.unstamped, self.due, self.stopping = [], 0, [], False
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.listener.setblocking(False)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        self.waker, self.wakened = socket.socketpair()
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping = True
        self.waker.send(b"x")
        self.thread.join()

    def serve(self):
        ready = selectors.DefaultSelector()
        ready.register(self.listener, selectors.EVENT_READ)
        ready.register(self.wakened, selectors.EVENT_READ)
        stall = time.time() + 5 - self.stall / 2 if self.stall else math.inf
        while not self.stopping:
            next_due = min(stall, self.due[0][0] if self.due else math.inf)
            # The selector's clock is in whole milliseconds: the last of them is spent looking.
            events = ready.select(None if next_due == math.inf else max(0, next_due - time.time() - 0.001))
            for key, _ in events:
                if key.fileobj is self.listener:
                    connection, _ = self.listener.accept()
                    connection.setsockopt(socket.SOL_SOCKET, self.STAMP, 1)
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    ready.register(connection, selectors.EVENT_READ)
                elif key.fileobj is not self.wakened:
                    self.receive(key.fileobj, ready)
            while self.due and self.due[0][0] <= time.time():
                _, arrival, connection = heapq.heappop(self.due)
                self.answer(connection, arrival)
            if time.time() >= stall:
                time.sleep(self.stall)
                stall += 10
        for key in list(ready.get_map().values()):
            key.fileobj.close()

    def receive(self, connection, ready):
        try:
            request, ancillary, _, _ = connection.recvmsg(4096, 64)
        except ConnectionError:
            request = b""
        if not request:
            ready.unregister(connection)
            connection.close()
            return
        arrival = time.time()
        stamps = [data for level, kind, data in ancillary if kind == self.STAMP]
        if stamps:
            whole, nanoseconds = struct.unpack("qq", stamps[0])
            arrival = whole + nanoseconds / 1e9
        else:
            self.unstamped += 1
        delay = self.delay()
        if delay:
            heapq.heappush(self.due, (arrival + delay, arrival, connection))
        else:
            self.answer(connection, arrival)

    def answer(self, connection, arrival):
        try:
            connection.send(self.ANSWER)
            self.taken.append((time.time() - arrival) * 1000)
        except OSError:
            pass  # The generator has gone.
