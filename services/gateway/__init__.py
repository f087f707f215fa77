"""The one GraphQL door for mini-programs and apps.

The gateway owns nothing and decides nothing: no tables, no rules, no tokens of its own.
It carries the caller's token and idempotency key to the service that does, asks once
for what a screen shows, and tells every answer and every refusal in one language.

Nouns: those of the window (application, matter, approval task) and of the registry
(service item, session), as they show them.
Speaks on no topic; hears `civil.intake.application`, to wake the screens that watch a case.
"""
