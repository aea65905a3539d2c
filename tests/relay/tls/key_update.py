# A peer that changes its keys (RFC 8446, 4.6.3) after the other side has ended: OpenSSL's library, because none of the
# programs here can be told to do that. `server CHAIN KEY` prints its port and takes one connection; `client PORT` is
# one. It reads to the end, then writes blocks, and asks the other side in between to change its keys too.

import ctypes
import socket
import sys

BLOCKS = 40
BLOCK = b"x" * 8192
UPDATE_REQUESTED = 1
PEM = 1

lib = ctypes.CDLL("libssl.so.3")
for name in ("TLS_server_method", "TLS_client_method", "SSL_CTX_new", "SSL_new"):
    getattr(lib, name).restype = ctypes.c_void_p
lib.SSL_CTX_new.argtypes = [ctypes.c_void_p]
lib.SSL_new.argtypes = [ctypes.c_void_p]
lib.SSL_CTX_use_certificate_chain_file.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
lib.SSL_CTX_use_PrivateKey_file.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
for name in ("SSL_accept", "SSL_connect", "SSL_shutdown"):
    getattr(lib, name).argtypes = [ctypes.c_void_p]
for name in ("SSL_set_fd", "SSL_key_update"):
    getattr(lib, name).argtypes = [ctypes.c_void_p, ctypes.c_int]
for name in ("SSL_read", "SSL_write"):
    getattr(lib, name).argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]


def wanted(result, what):
    if result <= 0:
        sys.exit(f"{what} failed")
    return result


if sys.argv[1] == "server":
    context = lib.SSL_CTX_new(lib.TLS_server_method())
    wanted(lib.SSL_CTX_use_certificate_chain_file(context, sys.argv[2].encode()), "the certificate")
    wanted(lib.SSL_CTX_use_PrivateKey_file(context, sys.argv[3].encode(), PEM), "the key")
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    connection, _ = listening.accept()
else:
    context = lib.SSL_CTX_new(lib.TLS_client_method())
    connection = socket.create_connection(("127.0.0.1", int(sys.argv[2])))

tls = lib.SSL_new(context)
lib.SSL_set_fd(tls, connection.fileno())
if sys.argv[1] == "server":
    wanted(lib.SSL_accept(tls), "the handshake")
else:
    wanted(lib.SSL_connect(tls), "the handshake")
    wanted(lib.SSL_write(tls, b"hello", 5), "the first write")
buffer = ctypes.create_string_buffer(8192)
while lib.SSL_read(tls, buffer, len(buffer)) > 0:
    pass
for number in range(BLOCKS):
    if number % 10 == 5:
        wanted(lib.SSL_key_update(tls, UPDATE_REQUESTED), "the change of keys")
    wanted(lib.SSL_write(tls, BLOCK, len(BLOCK)), f"write {number}")
lib.SSL_shutdown(tls)
connection.close()
