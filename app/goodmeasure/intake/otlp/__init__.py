"""The receiver: takes OpenTelemetry from agents on this machine, over HTTP and gRPC.

It listens on the loopback address only and is off unless asked for. What an agent sent is in the ledger before the
agent is told so. These are the only modules of the app that may open a listening socket; nothing opens a connection.
"""
