"""What a person can try next: addresses, and commands ready to be pasted."""

from collections.abc import Mapping
from pathlib import Path

USUAL_HOME = Path(__file__).resolve().parents[3] / ".local" / "run"
READ_TOKEN = "python3 -c 'import sys,json;print(json.load(sys.stdin){path})'"
SIGN_IN = (
    'mutation {{ signIn(input: {{provider: \\"DEVELOPMENT\\", code: \\"{code}\\"}}) '
    "{{ ... on Session {{ accessToken }} }} }}"
)
DESCRIBED = ("gateway", "intake", "relief", "marriage", "funeral", "registry")


def addresses(urls: Mapping[str, str], *, home: Path) -> list[tuple[str, str]]:
    """What is where."""
    return [
        ("GraphQL", f"{urls['gateway']}/graphql"),
        *((f"OpenAPI {name}", f"{urls[name]}/openapi.json") for name in DESCRIBED),
        ("模拟部门 simulated", urls["simulated"]),
        ("日志 logs", str(home / "logs")),
        ("链路 traces", str(home / "traces")),
    ]


def commands(
    urls: Mapping[str, str], *, home: Path, citizen: str, number: str
) -> list[tuple[str, str]]:
    """For whom, and the command; each stands by itself.

    Args:
        citizen: Key of a resident who has an application.
        number: An application's public number.
    """
    gateway = urls["gateway"]
    own = "{ applications(first: 5) { edges { node { number stage outcome } } } }"
    inbox = "{ inbox(state: CLOSED) { edges { node { applicationNumber key verdict } } } }"
    return [
        ("市民：登录，看自己的申请", _ask(gateway, f"resident:{citizen}", own)),
        ("经办人：登录，看办过的任务", _ask(gateway, "officer:lin", inbox)),
        ("协同部门：取令牌，看本系统的任务", _partner(urls, home, "police")),
        ("运维：一件申请的全部链路", _trace(home, number)),
    ]


def _trace(home: Path, number: str) -> str:
    if home == USUAL_HOME:
        return f"make trace ID={number}"
    return f".venv/bin/python -m deploy.local trace {number} --home {home}"


def _ask(gateway: str, code: str, query: str) -> str:
    token = READ_TOKEN.format(path='["data"]["signIn"]["accessToken"]')
    return (
        f"TOKEN=$(curl -s {gateway}/graphql -H 'Content-Type: application/json' "
        f'-d \'{{"query": "{SIGN_IN.format(code=code)}"}}\' | {token})\n'
        f"curl -s {gateway}/graphql -H 'Content-Type: application/json' "
        f'-H "Authorization: Bearer $TOKEN" -d \'{{"query": "{query}"}}\''
    )


def _partner(urls: Mapping[str, str], home: Path, system: str) -> str:
    token = READ_TOKEN.format(path='["access_token"]')
    secret = (
        "from pathlib import Path; from deploy.secret_keeping import kept_secrets; "
        f'print(kept_secrets(Path("{home}/secrets.json")).client_secret("{system}"))'
    )
    return (
        f"SECRET=$(.venv/bin/python -c '{secret}')\n"
        f"TOKEN=$(curl -s {urls['registry']}/v1/token -d grant_type=client_credentials "
        f'-d client_id={system} -d client_secret="$SECRET" -d audience=intake | {token})\n'
        f"curl -s '{urls['intake']}/v1/tasks?state=closed&limit=5' "
        '-H "Authorization: Bearer $TOKEN"'
    )
