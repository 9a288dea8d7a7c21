"""OTLP over gRPC on the loopback address. The library undoes compression and framing; bodies go the way of HTTP's."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

# The library writes its own troubles to the terminal; what matters of them is said by the receiver.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")

import grpc

from goodmeasure.intake.otlp.answers import MOST_PLAIN_BYTES, RefusedError, TryLaterError
from goodmeasure.intake.otlp.http_server import HOST
from goodmeasure.intake.otlp.taking import Taking
from goodmeasure.sources.otlp.records import Signal

_WORKERS = 4
_SERVICES = {
    "opentelemetry.proto.collector.logs.v1.LogsService": Signal.LOGS,
    "opentelemetry.proto.collector.trace.v1.TraceService": Signal.TRACES,
    "opentelemetry.proto.collector.metrics.v1.MetricsService": Signal.METRICS,
}
_GRACE_SECONDS = 2.0


class GrpcServer:
    """The listening end. Raises OSError where the port is taken."""

    def __init__(self, port: int, taking: Taking) -> None:
        """`port` 0: any that is free, see `port`."""
        self._taking = taking
        self._pool = ThreadPoolExecutor(_WORKERS, "telemetry over gRPC")
        self._server = grpc.server(
            self._pool,
            handlers=[self._service(name, signal) for name, signal in _SERVICES.items()],
            options=[
                ("grpc.so_reuseport", 0),  # else a second receiver would take half of what is sent
                ("grpc.max_receive_message_length", MOST_PLAIN_BYTES),
                ("grpc.max_metadata_size", 1 << 15),
            ],
            maximum_concurrent_rpcs=2 * _WORKERS,
        )
        try:
            self.port = self._server.add_insecure_port(f"{HOST}:{port}")
        except RuntimeError as error:
            self._pool.shutdown()
            raise OSError(str(error)) from error

    def start(self) -> None:
        """Begin to answer."""
        self._server.start()

    def stop(self) -> None:
        """Let requests under way end, and stop listening."""
        self._server.stop(_GRACE_SECONDS).wait()
        self._pool.shutdown()

    def _service(self, name: str, signal: Signal) -> grpc.GenericRpcHandler:
        def export(body: bytes, context: grpc.ServicerContext) -> bytes:
            return self._export(body, signal, context)

        return grpc.method_handlers_generic_handler(name, {"Export": grpc.unary_unary_rpc_method_handler(export)})

    def _export(self, body: bytes, signal: Signal, context: grpc.ServicerContext) -> bytes:
        try:
            self._taking.take(body, signal, is_json=False)
        except RefusedError as refusal:
            _end(context, grpc.StatusCode.INVALID_ARGUMENT, refusal.reason)
        except TryLaterError as later:
            self._taking.put_off()
            _end(context, grpc.StatusCode.UNAVAILABLE, str(later))
        return b""


def _end(context: grpc.ServicerContext, status: grpc.StatusCode, words: str) -> NoReturn:
    context.abort(status, words)
    raise AssertionError("`abort` raises")
