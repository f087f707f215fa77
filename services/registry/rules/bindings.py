"""How an account at a provider is known again, and how an OpenID Connect sign-in is tied up."""

import base64
import hashlib
from datetime import timedelta

from services.registry.model.bindings import ExternalAccount
from shared.sealing import BlindIndex

TICKET_LIFE = timedelta(minutes=10)


def subject_index(account: ExternalAccount, *, index: BlindIndex) -> str:
    """The keyed hash under which an account is kept.

    An openid differs only by the case of its letters from another, and the index folds case:
    it is hashed first.

    Source:
        个人信息保护法 art. 6: what is enough to know somebody again is all that is kept.
    """
    digest = hashlib.sha256(f"{account.provider}|{account.subject}".encode()).hexdigest()
    return index.of(digest)


def code_challenge(verifier: str) -> str:
    """What is shown of a secret whose holder comes back with the whole.

    Source:
        RFC 7636 section 4.2 (S256).
    """
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
