"""The page on which anybody verifies a paper: plain HTML, no script, good on an old phone."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from html import escape

from services.registry.actions.verify_certificate import Verification
from services.registry.model.certificates import CertificateStatus
from services.registry.rules.certificate_words import (
    STATUS_WORDS,
    holder_names,
    written_date,
    written_instant,
)
from shared.clock import local_date

STYLE = """\
body{margin:0;background:#fff;color:#1a1a1a;font:20px/1.6 sans-serif}
main{max-width:34em;margin:0 auto;padding:16px}
h1{font-size:26px;line-height:1.3;margin:0 0 12px}
.s{padding:14px 16px;border-radius:6px;color:#fff;font-size:28px;font-weight:bold;line-height:1.35}
.s small{display:block;font-size:18px;font-weight:normal}
.good{background:#0b6b35}.bad{background:#a61b1b}.wait{background:#7a4b00}
dl{margin:16px 0}dt{color:#595959;font-size:18px}dd{margin:0 0 12px;overflow-wrap:anywhere;
word-wrap:break-word}
label{display:block;margin:14px 0 4px}
input{box-sizing:border-box;width:100%;font:inherit;padding:12px;border:2px solid #595959;
border-radius:6px}
button{width:100%;min-height:60px;margin-top:20px;font:inherit;font-weight:bold;color:#fff;
background:#0a4f9e;border:0;border-radius:6px}
p{margin:12px 0}.n{color:#595959;font-size:18px}a{color:#0a4f9e}"""

_TONES: Mapping[CertificateStatus, tuple[str, str]] = {
    CertificateStatus.VALID: ("good", "✓"),
    CertificateStatus.NOT_YET_VALID: ("wait", "!"),
    CertificateStatus.SUPERSEDED: ("wait", "!"),
}
_OTHERWISE = ("bad", "✕")


def page_headers() -> dict[str, str]:
    """What a browser may do with the page: show it, send its one form back here, no more."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return {"Content-Security-Policy": policy, "X-Robots-Tag": "noindex"}


def question_page() -> str:
    """Where one types what stands on the paper."""
    return _page("电子证照查验", f"<h1>电子证照查验</h1>{_form()}")


def verified_page(found: Verification) -> str:
    """What a paper is worth, at the instant it was asked."""
    version = found.certificate.shown
    lines = [
        ("证照", found.kind.title["zh"]),
        ("编号", found.certificate.document_number),
        ("制发机关", version.content["issuer"]["name"]["zh"]),
        ("持证人", "、".join(holder_names(version.content, found.kind))),
        ("制发日期", written_date(local_date(version.issued_at))),
        *((line.title, line.text) for line in found.lines if "*" not in line.text),
        ("证照标识", version.identifier),
    ]
    head = f"<h1>{escape(found.kind.title['zh'])}</h1>{_banner(found)}"
    note = (
        '<p class="n">请与手中证照逐项核对。查验结果只说明查验时的状态；姓名已作遮掩处理。</p>'
        '<p class="n">Names are masked. The result is that of the moment it was asked.</p>'
    )
    return _page("查验结果", f"{head}{_list(lines)}{note}{_again()}")


def unknown_page() -> str:
    """The one answer to everything that stands on no paper."""
    body = (
        '<h1>电子证照查验</h1><p class="s bad"><span aria-hidden="true">✕</span> 没有查到'
        "<small>Not found</small></p><p>没有与所查内容一致的证照。请核对证照标识和校验码；"
        "仍查不到的，请持证照到制发机关核实。</p>"
    )
    return _page("没有查到", body + _form())


def paced_page() -> str:
    """Told to whoever asks too often."""
    body = (
        '<h1>电子证照查验</h1><p class="s wait"><span aria-hidden="true">!</span> 查验过于频繁'
        "<small>Too many requests</small></p><p>请十分钟后再试，或到制发机关核实。</p>"
    )
    return _page("请稍后再试", body + _again())


def _banner(found: Verification) -> str:
    tone, sign = _TONES.get(found.status, _OTHERWISE)
    zh, en = STATUS_WORDS[found.status]
    if not found.is_authentic:
        tone, sign = _OTHERWISE
        zh, en = "签名无法确认，请到制发机关核实", "The signature could not be confirmed"
    return (
        f'<p class="s {tone}"><span aria-hidden="true">{sign}</span> {escape(zh)}'
        f"<small>{escape(en)}</small>"
        f"<small>截至 {escape(written_instant(found.as_of))}</small></p>"
    )


def _list(lines: Iterable[tuple[str, str]]) -> str:
    rows = (f"<dt>{escape(title)}</dt><dd>{escape(text)}</dd>" for title, text in lines if text)
    return f"<dl>{''.join(rows)}</dl>"


def _form() -> str:
    return (
        '<form method="post" action="/verify">'
        '<label for="i">证照标识</label>'
        '<input id="i" name="identifier" required maxlength="200" autocomplete="off" '
        'autocapitalize="characters" spellcheck="false">'
        '<label for="c">校验码（二维码下方8位）</label>'
        '<input id="c" name="code" required maxlength="20" autocomplete="off" '
        'autocapitalize="characters" spellcheck="false">'
        '<button type="submit">查验</button></form>'
        '<p class="n">也可以直接扫描证照上的二维码。每次查验都有记录，持证人可以看到。</p>'
    )


def _again() -> str:
    return '<p><a href="/verify">查验另一份证照</a></p>'


def _page(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )
