"""Marked values of nobody: planted wherever a person can type, then looked for everywhere else.

A mark is written in one way and may leak in another, so each is looked for as text, as JSON
escapes it, as an address escapes it, and as base64 and hexadecimal carry it.
"""

import base64
import json
import re
import subprocess
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)
from jsonschema import Draft202012Validator

from tests.support.doors import TEXTS, resolved
from tests.support.seed import synthetic_id_no

STEM = "龘靐齉"
"""Three characters that nothing else here is written with."""
WORD = "zq7canaryxv"
"""The same where only letters and digits are taken."""
CODE = "ZQ7CANARYXV"
NAME = f"{STEM}示例"
SENTENCE = f"{STEM}住在{STEM}巷七号，请勿外传。"
FORGED = f"{STEM}\r\nINFO 2026-11-22 {WORD} signed in\x1b[31m"
"""A name that would forge a line of a log, or colour a terminal."""
ID_NUMBER = synthetic_id_no("077", "19510203")
OTHER_ID_NUMBER = synthetic_id_no("078", "19510203")
PHONE = "19905719057"
ACCOUNT = "6228480019510203706"
MARKS = (STEM, WORD, CODE, ID_NUMBER, OTHER_ID_NUMBER, PHONE, ACCOUNT)
TYPED = (SENTENCE, NAME, ID_NUMBER, PHONE, WORD, CODE, "canary.zq7canaryxv", "2026-11-20")

_NUMBERS = {"idno": ID_NUMBER, "phone": PHONE, "account": ACCOUNT, "name": NAME}


def needles(secrets: Collection[str]) -> list[bytes]:
    """Every way a secret may be written down."""
    found: set[bytes] = set()
    for secret in secrets:
        plain = secret.encode()
        escaped = json.dumps(secret).strip('"').encode()
        found |= {plain, escaped, escaped.upper().replace(b"\\U", b"\\u")}
        found |= {quote(secret).encode(), quote(secret).lower().encode()}
        found |= {plain.hex().encode(), plain.hex().upper().encode()}
        for shift in range(3):
            found |= set(_inside_base64(plain, shift))
    return sorted(found)


def _inside_base64(plain: bytes, shift: int) -> Iterator[bytes]:
    """What base64 of any longer text shows of a secret that begins at a place modulo three."""
    sure = plain[(3 - shift) % 3 :]
    sure = sure[: len(sure) // 3 * 3]
    if len(sure) >= 6:
        yield base64.b64encode(sure)
        yield base64.urlsafe_b64encode(sure)


def found_in_files(places: Collection[Path], looked_for: Collection[bytes]) -> list[str]:
    """Files under some folders in which a needle is written, each with what stands there."""
    done = subprocess.run(
        ["grep", "--recursive", "--text", "--only-matching", "--fixed-strings", "--file=-"]
        + [str(place) for place in places],
        input=b"\n".join(looked_for),
        capture_output=True,
        env={"LC_ALL": "C"},
        check=False,
    )
    if done.returncode > 1 and b"No such file" not in done.stderr:
        raise AssertionError(done.stderr.decode(errors="replace"))
    return sorted({line.decode(errors="replace") for line in done.stdout.splitlines()})


async def found_in_tables(
    connection: asyncpg.Connection, looked_for: Collection[bytes]
) -> dict[str, str]:
    """Columns (`schema.table.column`) in which a needle is written, and one value of each."""
    columns = await connection.fetch("""
        SELECT table_schema AS schema, table_name AS name, column_name AS column
        FROM information_schema.columns JOIN information_schema.tables
             USING (table_schema, table_name)
        WHERE table_type = 'BASE TABLE'
          AND table_schema NOT IN ('pg_catalog', 'information_schema')
          AND data_type IN ('text', 'character varying', 'json', 'jsonb', 'bytea', 'ARRAY')
        ORDER BY 1, 2, 3
    """)
    pattern = re.compile(b"|".join(re.escape(needle) for needle in looked_for))
    tables: dict[str, list[str]] = {}
    for row in columns:
        tables.setdefault(f'"{row["schema"]}"."{row["name"]}"', []).append(row["column"])
    found: dict[str, str] = {}
    for table, names in tables.items():
        values = ", ".join(f"to_jsonb(\"{name}\") #>> '{{}}'" for name in names)
        for row in await connection.fetch(f"SELECT {values} FROM {table}"):
            for name, value in zip(names, row, strict=True):
                if value and pattern.search(_raw(value)):
                    found[f"{table}.{name}".replace('"', "")] = value[:200]
    return found


def _raw(value: str) -> bytes:
    """What a column holds; bytes come as `\\x…`, and may themselves be anything."""
    return bytes.fromhex(value[2:]) if value.startswith("\\x") else value.encode()


def marked(schema: Mapping[str, Any], document: Mapping[str, Any], name: str = "") -> Any:
    """A body that fits an OpenAPI schema, with a mark in every place that takes one."""
    schema = resolved(schema, document)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            members = schema.get("properties", {})
            return {
                key: None if key == "cursor" else marked(each, document, key)
                for key, each in members.items()
            } or {WORD: SENTENCE}
        case "array":
            return [marked(schema["items"], document, name)]
        case "integer" | "number":
            return int(schema.get("minimum", 1))
        case "boolean":
            return True
        case "null":
            return None
    return _fitting(schema, name)


def _fitting(schema: Mapping[str, Any], name: str) -> str:
    checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    folded = name.lower().replace("_", "")
    own = [value for key, value in _NUMBERS.items() if key in folded]
    for text in (*own, *TYPED, *TEXTS):
        if checker.is_valid(text):
            return text
    return SENTENCE


def field_document(kind: str, name: str, field: GraphQLField) -> tuple[str, dict[str, Any]]:
    """A GraphQL document that asks one field of a root, and marked variables for it."""
    declared = ", ".join(f"${key}: {each.type}" for key, each in field.args.items())
    given = ", ".join(f"{key}: ${key}" for key in field.args)
    selection = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
    head = f"{kind} Canary" + (f"({declared})" if declared else "")
    body = f"{name}" + (f"({given})" if given else "")
    variables = {key: _variable(each.type, key) for key, each in field.args.items()}
    return f"{head} {{ {body}{selection} }}", variables


def root_fields(schema: GraphQLSchema) -> Iterator[tuple[str, str, GraphQLField]]:
    """Every field that a query or a mutation can begin with."""
    for kind, root in (("query", schema.query_type), ("mutation", schema.mutation_type)):
        if root is not None:
            yield from ((kind, name, field) for name, field in root.fields.items())


def _variable(type_: GraphQLInputType, name: str) -> Any:
    match type_:
        case GraphQLNonNull():
            return _variable(type_.of_type, name)
        case GraphQLList():
            return [_variable(type_.of_type, name)]
        case GraphQLEnumType():
            return next(iter(type_.values))
        case GraphQLInputObjectType():
            return {key: _variable(each.type, key) for key, each in type_.fields.items()}
    plain = {"Int": 1, "Boolean": True, "JSON": {WORD: SENTENCE}, "Date": "2026-11-22"}
    if type_.name in plain:
        return plain[type_.name]
    folded = name.lower().replace("_", "")
    if folded == "idempotencykey":
        return "canary-canary-canary"
    return next((value for key, value in _NUMBERS.items() if key in folded), SENTENCE)
