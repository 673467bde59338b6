"""A web server for tests that serves MNIST's archives, properly or in one of many wrong ways."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Answer = Callable[[BaseHTTPRequestHandler, bytes], None]


def whole(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def cut_off(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])


def cut_off_unnoticed(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    whole(handler, content[: len(content) // 2])


def corrupt(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    whole(handler, content[:500] + bytes(100) + content[600:])


def endless(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(1000):
            handler.wfile.write(bytes(100_000))
    except OSError:
        pass  # the client has closed the connection, as it should


def failing(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_error(503)


def stalling(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[:1000])
    handler.wfile.flush()
    time.sleep(1.2)


def redirecting(location: str) -> Answer:
    """Return an answer that redirects every request to ``location``."""

    def redirect(handler: BaseHTTPRequestHandler, content: bytes) -> None:
        handler.send_response(302)
        handler.send_header("Location", location.format(file=Path(handler.path).name))
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return redirect


def garbled(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.wfile.write(b"\x00\xff no HTTP at all\r\n\r\n")


def badly_chunked(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"not a number\r\n" + content[:100])


_closing = threading.Event()


def silent(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    _closing.wait(20)


@contextmanager
def server(folder: Path, answer: Answer) -> Iterator[str]:
    """Serve the archives in a folder; yield the address, which ends in a slash."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self, (folder / "MNIST" / "raw" / Path(self.path).name).read_bytes())

        def log_message(self, format: str, *args: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = False  # closing the server waits for them
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    _closing.clear()
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}/"
    finally:
        _closing.set()
        http.shutdown()
        http.server_close()
        thread.join()
        # A cancelled download does not wait for its thread; a test must.
        for other in threading.enumerate():
            if other.name == "download":
                assert other.daemon
                other.join(20)
