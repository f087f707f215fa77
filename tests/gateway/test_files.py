"""Does one file go up, to the window, in the caller's name?"""

import pytest

from tests.support.gateway import CITIZEN, KEY, problem

MEGABYTE = 1024 * 1024
HEADERS = {"authorization": CITIZEN, "idempotency-key": KEY}


async def upload(house, files, headers=HEADERS, **given):
    return await house.client.post("/files", files=files, headers=headers, **given)


async def test_a_file_is_passed_on_with_its_name_type_token_and_key(house):
    answer = await upload(house, {"file": ("申请书.pdf", b"%PDF-1.7", "application/pdf")})
    assert answer.status_code == 201
    assert set(answer.json()) == {"id", "name", "size", "mediaType", "sha256"}
    assert house.intake.bodies == [
        {"name": "申请书.pdf", "mediaType": "application/pdf", "size": 8}
    ]
    assert house.intake.headers[0]["authorization"] == CITIZEN
    assert house.intake.headers[0]["idempotency-key"] == KEY


async def test_a_refusal_of_the_window_is_passed_on_as_it_stands(house):
    house.intake.refuse_with = problem(415, "FILE_TYPE_NOT_TAKEN")
    answer = await upload(house, {"file": ("a.exe", b"MZ", "application/pdf")})
    assert answer.status_code == 415
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "FILE_TYPE_NOT_TAKEN"


async def test_whoever_is_not_signed_in_uploads_nothing(house):
    answer = await upload(house, {"file": ("a.pdf", b"%PDF", "application/pdf")}, headers={})
    assert answer.status_code == 401
    assert house.intake.bodies == []


async def test_five_megabytes_are_taken_and_one_byte_more_is_not(house):
    whole = await upload(house, {"file": ("a.pdf", b"x" * (5 * MEGABYTE), "application/pdf")})
    more = await upload(house, {"file": ("a.pdf", b"x" * (5 * MEGABYTE + 1), "application/pdf")})
    assert (whole.status_code, more.status_code) == (201, 413)
    assert more.json()["code"] == "FILE_TOO_LARGE"
    assert len(house.intake.bodies) == 1


async def test_a_body_of_twenty_megabytes_is_refused_before_it_is_read(house):
    answer = await upload(house, {"file": ("a.pdf", b"x" * (20 * MEGABYTE), "application/pdf")})
    assert answer.status_code == 413
    assert answer.json()["code"] == "BODY_TOO_LARGE"


@pytest.mark.parametrize(
    "files",
    [
        [("file", ("a.pdf", b"%PDF")), ("file", ("b.pdf", b"%PDF"))],
        [("other", ("a.pdf", b"%PDF"))],
        [("file", ("a.pdf", b"%PDF")), ("note", (None, "text"))],
        [("file", (None, "not a file"))],
        [(f"file{n}", (f"{n}.pdf", b"x")) for n in range(1000)],
    ],
)
async def test_an_upload_is_exactly_one_part_named_file(house, files):
    answer = await upload(house, files)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert house.intake.bodies == []


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 415),
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=x", 400),
        ("multipart/mixed; boundary=x", 415),
    ],
)
async def test_what_is_no_multipart_body_is_refused(house, content_type, status):
    headers = {**HEADERS, "content-type": content_type}
    answer = await house.client.post("/files", content=b'{"file": 1}', headers=headers)
    assert answer.status_code == status


async def test_the_name_of_a_file_cannot_write_headers(house):
    evil = 'a.pdf"\r\nX-Evil: 1\r\n'
    answer = await upload(house, {"file": (evil, b"%PDF", "application/pdf")})
    assert answer.status_code == 201
    assert "x-evil" not in house.intake.headers[0]
