"""Simulated sign-in providers: a WeChat, an Alipay and a province that say they are simulated.

Each speaks the shape of the real one over HTTP and keeps what a real one keeps: codes that are
good once and for five minutes, consents, access tokens, keys. `POST …/simulated/tap` is the
person's finger on the phone; `PUT …/simulated/faults` makes something go wrong.
"""
