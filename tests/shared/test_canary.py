"""Would a mark be found however it is written? The journey looks with these eyes."""

import base64
import json
from pathlib import Path
from urllib.parse import quote

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.telemetry import TellableSpans
from tests.support.canary import ID_NUMBER, PHONE, SENTENCE, STEM, found_in_files, needles

WAYS = {
    "text": str.encode,
    "JSON": lambda text: json.dumps(text).encode(),
    "an address": lambda text: quote(text).encode(),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64, one on": lambda text: base64.b64encode(b"x" + text.encode()),
    "base64, two on": lambda text: base64.b64encode(b"xy" + text.encode()),
    "hexadecimal": lambda text: text.encode().hex().encode(),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("typed", [SENTENCE, ID_NUMBER, PHONE])
def test_a_mark_is_found_in_a_file_however_it_is_written(way, typed, tmp_path: Path):
    looked_for = needles([STEM, ID_NUMBER, PHONE])
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "one.bin").write_bytes(b"\x00\xff" + WAYS[way](typed) + b"\x00")
    (tmp_path / "two.txt").write_text("nothing of anybody", encoding="utf-8")
    found = found_in_files([tmp_path], looked_for)
    assert found
    assert all("one.bin" in each for each in found)


def test_a_span_leaves_the_process_without_addresses_and_messages():
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(TellableSpans(kept)))
    attributes = {
        "http.route": "/v1/applications/{number}",
        "url.path": f"/v1/applications/{ID_NUMBER}",
        "url.query": f"name={quote(STEM)}",
        "url.full": f"http://intake/v1/applications/{ID_NUMBER}",
        "ow.actor.kind": "citizen",
    }
    tracer = provider.get_tracer("test")
    with (
        pytest.raises(ValueError, match=STEM),
        tracer.start_as_current_span("GET", attributes=attributes),
    ):
        raise ValueError(SENTENCE)
    (span,) = kept.get_finished_spans()
    assert dict(span.attributes or {}) == {
        "http.route": "/v1/applications/{number}",
        "ow.actor.kind": "citizen",
    }
    assert not span.events
    assert span.status.description is None
    assert not span.status.is_ok
